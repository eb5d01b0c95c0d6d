"""The proximity contact: each resistor from 0 to 10 kohm, behind the resistor to 3.3 V and the board's ADC."""

from pilot_electronics import Adc, proximity_uv
from hal.drivers.proximity import Proximity

CODED = ((1500, 130), (680, 200), (220, 320), (100, 630))
# Ohms up to which a resistor is taken for the rating.
CLASSES = ((80, 0), (140, 630), (308, 320), (936, 200), (2460, 130), (2880, 0))


def read(ohms):
    return Proximity(Adc(proximity_uv(ohms))).deciamps()


def test_the_coded_resistors_with_any_tolerance_of_a_plug():
    for ohms, deciamps in CODED:
        for percent in range(90, 111):
            assert read(ohms * percent // 100) == deciamps, (ohms, percent)


def test_no_cable_is_none_and_a_short_circuit_is_refused():
    assert read(None) is None
    for ohms in (0, 1, 50, 78):
        assert read(ohms) == 0


def test_each_resistor():
    for ohms in range(0, 10001, 5):
        near = [bound for bound, _ in CLASSES if abs(ohms - bound) <= max(2, bound // 100)]
        if not near:
            wanted = [deciamps for bound, deciamps in CLASSES if ohms < bound]
            assert read(ohms) == (wanted[0] if wanted else None), ohms


def test_a_spike_is_no_other_cable():
    adc = Adc(proximity_uv(220))
    proximity = Proximity(adc)
    for spikes in ([0], [proximity_uv(220), 3100000], [3100000], [0, 3100000]):
        adc.spikes = spikes
        assert proximity.deciamps() == 320
