"""A DS18B20 alone on a 1-Wire bus (Maxim data sheet 19-7487); supplied through its VDD pin."""

from time import ticks_diff

from micropython import const

_SKIP_ROM = const(0xCC)
_CONVERT = const(0x44)
_READ = const(0xBE)

_CONVERT_MS = const(750)  # 12 bits
_EVERY_MS = const(250)
_FAILURES = const(3)
_BYTES = const(9)
_AT_ONCE = const(3)  # bytes of 0.6 ms each that are read in one step

_POWER_ON = const(85 * 16)

_START = const(0)
_CONVERTED = const(1)
_READING = const(2)


class Ds18b20:
    """`wire` as onewire.OneWire: reset(), readbyte(), writebyte(); call `poll(now)` (ticks_ms) every 20 ms or so.

    A measurement each second; a step takes 2.5 ms at most. `ok` is False until the first and after three that
    failed: no sensor, wrong CRC, or the 85 degrees that it answers before its first measurement.
    """

    def __init__(self, wire):
        self._wire = wire
        self._pad = bytearray(_BYTES)
        self._celsius = None
        self._state = self._count = self._failed = self._since = self._pause = 0

    @property
    def ok(self):
        return self._celsius is not None

    def celsius(self):
        """Degrees C, rounded; None if there is no sensor that could be believed."""
        return self._celsius

    def poll(self, now):
        if self._pause and ticks_diff(now, self._since) < self._pause:
            return
        self._since = now
        try:
            self._pause = self._step()
        except OSError:
            self._pause = self._end(False)

    def _step(self):
        """Do a part of a measurement; the ms until the next one."""
        if self._state != _READING:
            wire = self._wire
            if not wire.reset():
                return self._end(False)
            wire.writebyte(_SKIP_ROM)
            wire.writebyte(_CONVERT if self._state == _START else _READ)
            self._count = 0
            self._state += 1
            return _CONVERT_MS if self._state == _CONVERTED else 1
        for _ in range(_AT_ONCE):
            self._pad[self._count] = self._wire.readbyte()
            self._count += 1
        return 1 if self._count < _BYTES else self._end(self._valid())

    def _valid(self):
        """Is the scratchpad's CRC right, and is it one at all: a shorted bus is all zero, with the CRC of that."""
        crc = 0
        for byte in self._pad:
            crc ^= byte
            for _ in range(8):
                crc = crc >> 1 ^ 0x8C if crc & 1 else crc >> 1
        return crc == 0 and self._pad[4] & 0x9F == 0x1F

    def _end(self, valid):
        sixteenths = self._pad[1] << 8 | self._pad[0]
        if sixteenths & 0x8000:
            sixteenths -= 0x10000
        # What has been hot before may be at 85 degrees.
        if valid and (sixteenths != _POWER_ON or self.ok and self._celsius >= 80):
            self._celsius = sixteenths + 8 >> 4
            self._failed = 0
        elif self._failed < _FAILURES:
            self._failed += 1
        if self._failed == _FAILURES:
            self._celsius = None
        self._state = _START
        return _EVERY_MS
