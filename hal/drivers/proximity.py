"""Reads the rating of the cable in a socket: the resistor between PP and PE of its plug (IEC 61851-1 annex B)."""

from hal.drivers.analog import millivolts

# 1/10 A and the mV that are above what its resistor may give, with 1 kohm from 3.3 V: the limits are 80, 140, 308, 936
# and 2460 ohms.
_RATINGS = ((0, 244), (630, 405), (320, 777), (200, 1595), (130, 2346), (0, 2450))


class Proximity:
    """`adc` (read_uv() as of machine.ADC) is at PP, with 1 kohm to 3.3 V."""

    def __init__(self, adc):
        self._adc = adc

    def deciamps(self):
        """Rating of the cable in 1/10 A; None without one, 0 for a short circuit or what is no resistor of a cable."""
        seen = millivolts(self._adc)
        for rating, bound in _RATINGS:
            if seen < bound:
                return rating
        return None
