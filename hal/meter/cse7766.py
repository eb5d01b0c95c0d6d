"""The energy chip CSE7766, and HLW8032, which sends the same frames by itself: one phase, 4800 baud, even parity."""

from time import ticks_diff

from micropython import const

from hal.meter import Meter

# CSE7766 user manual, "UART communication": state, 5A, then for voltage, current and power a coefficient and the cycle
# that was measured, 3 bytes each; what was updated; pulses; sum of bytes 2 to 22.
_SIZE = const(24)
_SECOND = const(0x5A)
_UNCALIBRATED = const(0xAA)
_SPECIAL = const(0xF0)
_BROKEN = const(0x0D)  # of the state: voltage or current out of range, coefficients damaged
_NO_POWER = const(0x02)  # of the state: the cycle of the power is too long to be measured
_HAS_POWER = const(0x10)  # of what was updated
_HAS_CURRENT = const(0x20)
_HAS_VOLTAGE = const(0x40)
_SILENT_MS = const(1000)
_POLL_MS = const(50)


class Cse7766(Meter):
    """The chip on `uart` (as machine.UART: 4800 baud, 8 bits, even parity, time-out 0).

    `shunt_uohm`: its shunt in 1/1000 mOhm; the coefficients in the chip are those of 1 mOhm. Energy comes from the
    chip's pulses; more of them than `max_w` (W) can give are a restart of the chip: not counted, and in `doubt`.
    The chip counts modulo 65536 pulses, about 97 Wh: a silence longer than that takes may lose energy, never add some.
    """

    def __init__(self, uart, shunt_uohm=1000, max_w=10000):
        super().__init__(1, max_w)
        self._uart = uart
        self._shunt = shunt_uohm
        self._max_w = max_w
        self._frame = bytearray(_SIZE)
        self._view = memoryview(self._frame)
        self._got = self._joules = self._rest = 0
        self._pulses = self._heard = None

    def set_energy(self, wh, seconds=None, shown=None):
        super().set_energy(wh, seconds)
        self._joules = self._rest = 0

    def poll(self, now):
        """Take what has come; half a dozen frames fit in the buffer of the UART."""
        if self._heard is None:
            self._heard = now
        self.register.pass_time(now)
        for _ in range(8):
            if not self._uart.any():
                break
            self._got += self._uart.readinto(self._view[self._got :]) or 0
            while self._got and not self._plausible():
                # Not a frame's beginning: look for one a byte further on.
                self._frame[:-1] = self._frame[1:]
                self._got -= 1
            if self._got == _SIZE:
                self._got = 0
                self._take(now)
        if self.ok and ticks_diff(now, self._heard) >= _SILENT_MS:
            self._fail("no answer")
        return _POLL_MS

    def _plausible(self):
        frame = self._frame
        state = frame[0]
        if state not in (0x55, _UNCALIBRATED) and state < _SPECIAL or self._got > 1 and frame[1] != _SECOND:
            return False
        if self._got < _SIZE:
            return True
        total = 0
        for at in range(2, _SIZE - 1):
            total += frame[at]
        return total & 255 == frame[_SIZE - 1]

    def _three(self, at):
        frame = self._frame
        return frame[at] << 16 | frame[at + 1] << 8 | frame[at + 2]

    def _ratio(self, at, scale):
        cycle = self._three(at + 3)
        return (self._three(at) * scale + cycle // 2) // cycle if cycle else 0

    def _take(self, now):
        state, updated = self._frame[0], self._frame[20]
        special = state >= _SPECIAL
        if state == _UNCALIBRATED or special and state & _BROKEN:
            # The values are worth nothing; the pulses are counted by the next good frame.
            self._fail("chip state %02X" % state)
            return
        if updated & _HAS_VOLTAGE:
            self.voltages[0] = self._ratio(2, 10)
        # Without a load the cycles never end, and the last stay in the frame.
        power = updated & _HAS_POWER and not (special and state & _NO_POWER)
        self.power_w = self._ratio(14, 1) * 1000 // self._shunt if power else 0
        self.currents[0] = self._ratio(8, 10) * 1000 // self._shunt if updated & _HAS_CURRENT and power else 0
        self._count(now)
        self._good()

    def _count(self, now):
        value = self._frame[21] << 8 | self._frame[22]
        before = self._pulses
        pulses = 0 if before is None else (value - before) & 65535
        self._pulses = value
        # A pulse is as many uW * s as the coefficient of the power.
        pulse = self._three(14) * 1000 // self._shunt
        seconds = ticks_diff(now, self._heard) // 1000 + 2
        self._heard = now
        if pulses * (pulse // 1000) // 1000 <= self._max_w * seconds:
            self._rest += pulses * pulse
            self._joules += self._rest // 1000000
            self._rest %= 1000000
            self.register.add(self._joules // 3600, now)
            self._joules %= 3600
        else:
            self.register.refuse("pulses from %d to %d not billed" % (before, value))
