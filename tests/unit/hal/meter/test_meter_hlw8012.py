from time import ticks_add

from hal.meter.hlw8012 import Hlw8012

VREF, OSCILLATOR, SHUNT, DIVIDER = 2.43, 3579000, 0.001, 2821


class Output:
    """A pin that pulses with `hertz`, and the counter at it."""

    def __init__(self, start=0, modulus=65536):
        self.start = start
        self.modulus = modulus
        self.pulses = 0.0

    def value(self):
        return (self.start + int(self.pulses)) % self.modulus


class Chip:
    """The chip by the formulas of its data sheet, section 3; SEL is its `value()`."""

    def __init__(self, volts=230.0, amps=0.0, start=0, modulus=65536, volt_level=1):
        self.volts = volts
        self.amps = amps
        self.level = None
        self.volt_level = volt_level
        self.disturbed = 0  # ms since SEL changed
        self.cf, self.cf1 = Output(start, modulus), Output(start, modulus)
        self.meter = Hlw8012(self.cf, self.cf1, self, 11000, volt_level=volt_level, modulus=modulus)
        self.now = (1 << 30) - 5000
        self.alive = True
        self.factor = 1.0  # of the power

    def value(self, level):
        if level != self.level:
            self.level = level
            self.disturbed = 0

    def run(self, ms):
        for _ in range(ms // 100):
            v1, v2 = self.amps * SHUNT, self.volts / DIVIDER
            power = v1 * v2 * 48 / VREF**2 * OSCILLATOR / 128 * self.factor
            if self.level == self.volt_level:
                other = v2 * 2 / VREF * OSCILLATOR / 512
            else:
                other = v1 * 24 / VREF * OSCILLATOR / 512
            if self.disturbed < 800:
                other = 5000  # what was there before
            self.disturbed += 100
            if self.alive:
                self.cf.pulses += power / 10
                self.cf1.pulses += other / 10
            self.now = ticks_add(self.now, 100)
            assert self.meter.poll(self.now) == 100
        return self.meter


def test_voltage_current_and_power():
    for volt_level in (1, 0):
        for amps in (0.5, 6.0, 16.0, 31.9):
            meter = Chip(amps=amps, volt_level=volt_level).run(15000)
            assert meter.ok and abs(meter.voltages[0] - 2300) <= 12
            assert abs(meter.currents[0] - amps * 10) <= 1
            assert abs(meter.power_w - 230 * amps) <= 2 + 230 * amps / 100
    assert meter.frequency is None and len(meter.voltages) == 1


def test_energy_over_the_wrap_of_both_counters():
    chip = Chip(amps=31.9, start=65000)
    chip.meter.set_energy(1000)
    meter = chip.run(360000)
    # 7337 W for 6 minutes.
    assert abs(meter.energy_wh - 1733) <= 2 and abs(meter.currents[0] - 319) <= 1
    chip.amps = 0.0
    wh = meter.energy_wh
    meter = chip.run(20000)
    assert meter.energy_wh == wh and meter.currents == [0] and meter.power_w <= 1


def test_counter_with_the_wrap_of_the_hardware():
    chip = Chip(amps=16.0, start=32000, modulus=32767)
    meter = chip.run(8000)
    for _ in range(56):
        chip.run(2000)
        assert meter.ok and abs(meter.currents[0] - 160) <= 1 and abs(meter.voltages[0] - 2300) <= 12
    assert abs(meter.energy_wh - 122) <= 1


def test_current_is_measured_not_reckoned_from_the_power():
    chip = Chip(amps=16.0)
    chip.factor = 0.5
    meter = chip.run(15000)
    assert abs(meter.power_w - 1840) <= 20 and abs(meter.currents[0] - 160) <= 1


def test_without_the_chip_nothing_is_ok():
    chip = Chip(amps=16.0)
    assert not chip.run(1500).ok
    assert chip.run(10000).ok
    wh = chip.meter.energy_wh
    chip.alive = False
    meter = chip.run(10000)
    assert (meter.ok, meter.stale, meter.error, meter.energy_wh) == (False, True, "no voltage", wh)
    chip.alive = True
    assert chip.run(10000).ok
