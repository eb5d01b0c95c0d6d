"""The electronics between the pilot, the proximity contact and the pins of the board: what its ADC sees."""

from helpers import replaced

from hal.drivers import sampled_pilot

LEVELS = {"A": 12000, "B": 9000, "C": 6000, "D": 3000, "E": 0, "F": -12000}  # mV


_pins = {}  # mV at the pin by those of the pilot, reckoned once


def pin_uv(pilot_mv):
    """200 kohm from the pilot, 43 kohm to 3.3 V, 33 kohm to ground; the ADC saturates at 3.1 V."""
    siemens = 1 / 200000 + 1 / 43000 + 1 / 33000
    volts = (pilot_mv / 1000 / 200000 + 3.3 / 43000) / siemens
    return int(min(max(volts, 0), 3.1) * 1000000)


class Adc:
    """Shows `uv`; `spikes` come first."""

    def __init__(self, uv=0):
        self.uv = uv
        self.spikes = []

    def read_uv(self):
        # In steps of 1 mV, as that of the board.
        return (self.spikes.pop(0) if self.spikes else self.uv) // 1000 * 1000


class PilotLine:
    """A generator at `duty` (1/100 %) and a car: `high` mV and, with PWM, `low` mV; the time passes with each reading.

    `detector(top)` is an ADC at a peak detector, `adc()` one at the line itself, which takes 40 us and, by `random`
    (getrandbits), up to 31 us more; `random` makes the noise too. `wait(us)` lets time pass.
    """

    def __init__(self, random=None, noise_mv=0):
        self.high, self.low = 12000, -12000
        self.duty = 0
        self.us = 0
        self.readings = 0
        self._random = random
        self._noise = noise_mv

    def set_duty(self, permyriad):
        self.duty = permyriad

    def wait(self, us):
        self.us += us

    def levels(self):
        if self.duty == 0:
            return -12000, -12000
        return self.high, self.high if self.duty == 10000 else self.low

    def detector(self, top):
        line = self

        class Detector:
            def read_uv(self):
                return line.seen(line.levels()[0 if top else 1])

        return Detector()

    def adc(self):
        line = self

        class Sampled:
            def read_uv(self):
                line.us += 40 + (line._random.getrandbits(5) if line._random else 0)
                return line.seen(line.levels()[0 if line.us % 1000 * 10 < line.duty else 1])

        return Sampled()

    def seen(self, millivolts):
        self.readings += 1
        if millivolts not in _pins:
            _pins[millivolts] = pin_uv(millivolts) // 1000
        noise = 0
        if self._random and self._noise:
            noise = self._random.getrandbits(10) * 2 * self._noise // 1023 - self._noise
        return max(0, _pins[millivolts] + noise) * 1000


def proximity_uv(ohms):
    """1 kohm from 3.3 V to PP, `ohms` in the plug to PE; None = no plug."""
    return 3100000 if ohms is None else min(3100000, int(3300000 * ohms / (ohms + 1000)))


class TimedSampledPilot(sampled_pilot.SampledPilot):
    """A SampledPilot that waits in the time of its PilotLine."""

    def __init__(self, line, adc, *calibration):
        self._line = line
        super().__init__(line, adc, *calibration)

    def read(self):
        with replaced(sampled_pilot, sleep_us=self._line.wait):
            return super().read()
