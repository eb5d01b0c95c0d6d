"""The energy chip CSE7766 of a simulated connector: it sends the values of the first phase by itself."""

from time import ticks_add, ticks_diff

from micropython import const

_FRAME_MS = const(55)  # 24 bytes of 11 bits at 4800 baud
_SILENT = const(1)  # of connector.wire
_WRONG_CRC = const(2)
_NOISE = const(3)
_VOLTS = const(190770)  # the coefficients: what is measured times the cycle in us
_AMPERES = const(16030)
_WATTS = const(5195000)
_PULSE = const(5195)  # W * ms: a pulse is as many uW * s as the coefficient of the power


class Chip:
    """A line as machine.UART, which brings frames (CSE7766 user manual, "UART communication")."""

    def __init__(self, connector):
        self._connector = connector
        self._coming = b""
        self._due = connector.ticks()

    def any(self):
        connector = self._connector
        now = connector.ticks()
        if ticks_diff(now, self._due) >= 0:
            # A late reader finds what fits in the buffer of the UART, here one frame.
            self._due = ticks_add(now, _FRAME_MS)
            if connector.wire != _SILENT:
                self._coming += self._frame()
        return len(self._coming)

    def readinto(self, buf):
        count = min(len(buf), len(self._coming))
        buf[:count] = self._coming[:count]
        self._coming = self._coming[count:]
        return count or None

    def _frame(self):
        connector = self._connector
        body = bytearray()
        for coefficient, value in (
            (_VOLTS, connector.voltages[0]),
            (_AMPERES, connector.currents[0]),
            (_WATTS, connector.power_w * 10),
        ):
            cycle = min(coefficient * 10 // value, 0xFFFFFF) if value else 0xFFFFFF
            for number in (coefficient, cycle):
                body += bytes((number >> 16, number >> 8 & 255, number & 255))
        pulses = connector.pulses(_PULSE)
        body += bytes((0x71, pulses >> 8, pulses & 255))
        total = sum(body) & 255 ^ (connector.wire == _WRONG_CRC)
        # With no load the cycle of the power never ends.
        state = 0x55 if connector.power_w else 0xF2
        frame = bytes((state, 0x5A)) + bytes(body) + bytes((total,))
        return b"\x55\x5a\xff" + frame[3:20] if connector.wire == _NOISE else frame
