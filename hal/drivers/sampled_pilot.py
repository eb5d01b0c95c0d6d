"""The levels of the control pilot as an ADC sees them that is at the pilot itself."""

from array import array
from time import sleep_us, ticks_diff, ticks_ms

from micropython import const

from hal.drivers.peak_pilot import GAIN_PERMILLE, ZERO_MV, PeakPilot

try:
    from hal.drivers._sample import extremes, fill
except (SyntaxError, ValueError, ImportError):
    from hal.drivers._sample_py import extremes, fill

_COUNT = const(40)  # readings, of 50 us and up to 31 us before them: two and more periods of 1 ms
_STEADY = const(8)
_APART = const(3000)  # mV at least between the two levels of a duty cycle, whatever loads the pilot
_LATE_MS = const(30)  # after a tick that came late nothing is left out
_MISSED = const(10)  # so many readings a short level may escape


class SampledPilot(PeakPilot):
    """`adc` (read_uv()) is at the pilot itself; a reading takes up to 3 ms. Below 10 % and above 90 % peak detectors
    see more: only some readings fall on so short a level."""

    def __init__(self, pwm, adc, zero_mv=ZERO_MV, gain_permille=GAIN_PERMILLE):
        super().__init__(pwm, None, None, zero_mv, gain_permille)
        self._high = 0
        self._read = adc.read_uv  # made once: an idle tick allocates nothing
        self._samples = array("H", bytearray(2 * _COUNT))
        self._found = array("H", bytearray(4))
        self._count = _STEADY
        self._seed = self._missed = self._at = 0
        self._rest = False

    def set_duty(self, permyriad):
        super().set_duty(permyriad)
        self._count = _COUNT if 0 < permyriad < 10000 else _STEADY
        self._rest = False

    def read(self):
        """The highest level, in mV; None if the pilot was not looked at: each second tick, if nothing changes."""
        now = ticks_ms()
        if self._rest and ticks_diff(now, self._at) < _LATE_MS:
            self._rest = False
            return None
        self._at = now  # type: ignore[assignment]
        found = self._found
        self._seed = fill(self._read, sleep_us, self._samples, self._count, self._seed)
        extremes(self._samples, self._count, found)
        high = self._level((found[0] * 64 + 500) // 1000)
        same = abs(high - self._high) < _APART // 4
        self._high = high
        self._rest = same and self._count == _COUNT
        if not same or self._count == _STEADY:
            self.low = None  # neither another state nor a steady level shows whether there is a diode
        if self._count == _COUNT:
            self._see(high, self._level((found[1] * 64 + 500) // 1000))
        return high

    def _see(self, high, low):
        if high - low > _APART:
            self.low = low
            self._missed = 0
        else:
            self._missed += 1
            if self._missed > _MISSED:
                self.low = None
