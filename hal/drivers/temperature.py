"""An NTC thermistor on an ADC pin: the supply, a resistor, the pin, the NTC, ground."""

from micropython import const

from hal.drivers.analog import millivolts

# Ohms of 10 kohm at 25 degrees and B = 3950 K, at -40, -30 .. 130 degrees C: 10000 exp(B (1/T - 1/T25)).
_OHMS = (
    401860, 200204, 105385, 58246, 33621, 20175, 12535, 8037, 5301, 3588, 2486, 1760, 1270, 934, 698, 529, 407, 317,
)  # fmt: skip
_COLDEST = const(-400)  # 1/10 degree
_STEP = const(100)
_BETA = const(3950)
_KELVIN = const(2732)  # 1/10 K at 0 degrees
_ROOM = const(2982)

# Where nothing is to be believed: an ADC of the ESP32 shows neither what lies below nor what lies above.
_SHORT_MV = const(150)
_OPEN_PERCENT = const(92)


class Ntc:
    """`adc` as machine.ADC with read_uv(); `pull_up` and `r25` (the NTC at 25 degrees C) in ohms, `beta` in K.

    With 10 kohm for both, -20 to 110 degrees differ from an open and a short circuit, with 15 kohm for
    `pull_up` -27 to 98.
    """

    def __init__(self, adc, pull_up=10000, r25=10000, beta=_BETA, supply_mv=3300):
        self._adc = adc
        self._pull_up = pull_up
        self._r25 = r25 // 100
        self._beta = beta
        self._supply = supply_mv

    def celsius(self):
        """Degrees C, rounded; None if the circuit is open or shorted."""
        seen = millivolts(self._adc)
        if not _SHORT_MV < seen < self._supply * _OPEN_PERCENT // 100:
            return None
        ohms = seen * self._pull_up // (self._supply - seen)
        return (self._tenths(ohms * 100 // self._r25) + 5) // 10

    def _tenths(self, ohms):
        """1/10 degree C at `ohms` of an NTC of 10 kohm."""
        place = 1
        while place < len(_OHMS) - 1 and ohms < _OHMS[place]:
            place += 1
        above, below = _OHMS[place - 1], _OHMS[place]
        # The share of the step is a quotient of logarithms, and ln(a / b) nearly 2 (a - b) / (a + b).
        share = _STEP * (above - ohms) // (above - below) * (above + below) // (above + ohms)
        kelvin = _COLDEST + _STEP * (place - 1) + share + _KELVIN
        # With another beta the same resistance is another temperature: 1/T - 1/T25 goes with 1/beta.
        return _ROOM * kelvin // (kelvin + (_ROOM - kelvin) * _BETA // self._beta) - _KELVIN
