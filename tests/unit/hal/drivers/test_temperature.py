"""The NTC against the beta equation in floats."""

from math import exp

from hal.drivers.temperature import Ntc


class Adc:
    """A 10 kohm pull-up to 3.3 V and an NTC; reads as an ESP32 does, never below 142 or above 3120 mV."""

    def __init__(self, ohms=10000, pull_up=10000):
        self.pull_up = pull_up
        self.spikes = []
        self.ohms = ohms

    def read_uv(self):
        if self.spikes:
            return self.spikes.pop(0)
        uv = 3300000 if self.ohms is None else int(3300000 * self.ohms / (self.ohms + self.pull_up))
        return min(max(uv, 142000), 3120000)


def ohms(celsius, r25=10000, beta=3950):
    return r25 * exp(beta * (1 / (celsius + 273.15) - 1 / 298.15))


def test_each_degree():
    for celsius in range(-20, 110):
        read = Ntc(Adc(ohms(celsius))).celsius()
        assert type(read) is int and abs(read - celsius) <= (celsius > 80), (celsius, read)


def test_worked_examples():
    """10 kohm at 25 degrees; a Vishay NTCLE100E3 of 10 kohm has 3977 K and 1481 ohm at 75 degrees."""
    assert Ntc(Adc(10000)).celsius() == 25
    assert Ntc(Adc(32624)).celsius() in (0, 1)
    assert abs(Ntc(Adc(1481), beta=3977).celsius() - 75) <= 1


def test_other_thermistors():
    for r25, beta, pull_up in ((10000, 3435, 10000), (100000, 3950, 100000), (4700, 3977, 4700), (10000, 4300, 12000)):
        for celsius in range(-10, 96, 5):
            adc = Adc(ohms(celsius, r25, beta), pull_up)
            read = Ntc(adc, pull_up, r25, beta).celsius()
            assert abs(read - celsius) <= 1, (r25, beta, celsius, read)


def test_hard_frost_with_a_larger_resistor():
    for celsius in range(-27, 98, 5):
        assert abs(Ntc(Adc(ohms(celsius), 15000), 15000).celsius() - celsius) <= 1, celsius


def test_open_and_short_circuit():
    adc = Adc()
    sensor = Ntc(adc)
    for broken in (None, 0, 1, 10000000, 450):
        adc.ohms = broken
        assert sensor.celsius() is None, broken
        adc.ohms = 10000
        assert sensor.celsius() == 25


def test_a_spike_is_not_heat():
    adc = Adc()
    sensor = Ntc(adc)
    for spikes in ([200000], [1650000, 200000], [1650000, 1650000, 3000000], [3000000], [3000000, 200000]):
        adc.spikes = spikes
        assert sensor.celsius() == 25, spikes
