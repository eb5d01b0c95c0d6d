"""The control pilot's generator, and its levels as an ADC sees them: held by peak detectors."""

from hal.drivers.analog import millivolts

# The front end of docs/wiring.md: 200 kohm from the pilot, 43 kohm to 3.3 V, 33 kohm to ground. mV at the pin for 0 V,
# and pilot mV for each volt at the pin; a calibrated board has its own.
ZERO_MV = 1311
GAIN_PERMILLE = 11712


class PeakPilot:
    """`pwm` is the generator, `high` and `low` ADCs (read_uv()) at the detectors of the highest and the lowest level.

    `low` is the lowest level in mV as of the last read(), None if it cannot be measured.
    """

    def __init__(self, pwm, high, low, zero_mv=ZERO_MV, gain_permille=GAIN_PERMILLE):
        self._pwm = pwm
        self.low = None
        self._high = high
        self._low = low
        self._zero = zero_mv
        self._gain = gain_permille

    def set_duty(self, permyriad):
        """Duty cycle in 1/100 %: 0 = steadily -12 V, 10000 = steadily +12 V."""
        self._pwm.set_duty(permyriad)

    def read(self):
        """The highest level, in mV."""
        self.low = self._level(millivolts(self._low))
        return self._level(millivolts(self._high))

    def _level(self, pin):
        return (pin - self._zero) * self._gain // 1000
