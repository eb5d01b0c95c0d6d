import math
import random
from time import ticks_add

from hal.meter.ct import CurrentTransformers

RATIO = 60606  # 2000 turns and 33 ohms: 60.6 A give 1 V


class Wire:
    """An ADC that sees the burden's voltage in its own time: `amps` RMS, harmonics as {order: part of it}."""

    def __init__(self, clock, amps=0.0, harmonics=None, bias=1250.0, phase=0.0):
        self.clock = clock
        self.amps = amps
        self.harmonics = harmonics or {}
        self.bias = bias
        self.phase = phase
        self.noise = 0

    def read_uv(self):
        self.clock.us += 80
        angle = 2 * math.pi * (self.clock.hertz * self.clock.us / 1000000) + self.phase
        wave = math.sin(angle)
        for order, part in self.harmonics.items():
            wave += part * math.sin(order * angle)
        millivolts = self.bias + self.amps * 1000000 / RATIO * math.sqrt(2) * wave
        return int(max(0, millivolts) * 1000) + random.randint(-self.noise, self.noise)


class Clock:
    def __init__(self, hertz=50, start=(1 << 30) - 3000):
        self.hertz = hertz
        self.start = start
        self.us = 0
        self.slow = 0  # ms by which a poll may come late

    def run(self, meter, ms):
        end = self.us + ms * 1000
        while self.us < end:
            now = ticks_add(self.start, self.us // 1000)
            before = self.us
            wait = meter.poll(now)
            assert 0 < wait <= 400 and self.us - before <= 2500
            due = (before // 1000 + wait) * 1000
            if self.slow:
                due += random.randint(0, self.slow * 1000)
            self.us = max(self.us, due)
        return meter


def measure(amps, hertz=50, ms=1500, slow=0, **kwargs):
    clock = Clock(hertz)
    clock.slow = slow
    meter = CurrentTransformers([Wire(clock, amps, **kwargs)], RATIO, hertz=hertz)
    return clock.run(meter, ms)


def test_currents_and_power():
    for hertz in (50, 60):
        for amps in (0.5, 1.0, 6.0, 15.95, 32.0):
            meter = measure(amps, hertz)
            assert meter.ok and abs(meter.currents[0] - amps * 10) <= 1 + amps / 20, (hertz, amps, meter.currents)
            assert meter.power_w == meter.currents[0] * 23
            assert meter.voltages == [] and meter.frequency is None


def test_any_phase_a_little_off_the_nominal_frequency_with_harmonics():
    random.seed(6)
    for hertz in (50, 60):
        for _ in range(6):
            clock = Clock(hertz + random.choice((-0.2, 0.1, 0.2)))
            wire = Wire(clock, 16.0, {3: 0.25, 5: 0.1}, phase=random.random() * 6)
            meter = clock.run(CurrentTransformers([wire], RATIO, hertz=hertz), 1500)
            true = 160 * math.sqrt(1 + 0.0625 + 0.01)
            assert abs(meter.currents[0] - true) <= 6, (hertz, meter.currents)


def test_three_phases_one_after_the_other():
    clock = Clock()
    wires = [Wire(clock, amps, phase=at) for at, amps in enumerate((16.0, 6.0, 0.0))]
    meter = CurrentTransformers(wires, RATIO)
    assert not clock.run(meter, 400).ok  # not all were measured
    meter = clock.run(meter, 2000)
    assert meter.ok
    for current, amps in zip(meter.currents, (160, 60, 0)):
        assert abs(current - amps) <= 2
    assert abs(meter.power_w - 5060) <= 60


def test_noise_is_no_current():
    clock = Clock()
    wire = Wire(clock, 0.2)
    wire.noise = 3000
    meter = clock.run(CurrentTransformers([wire], RATIO), 3000)
    assert meter.ok and (meter.currents, meter.power_w, meter.energy_wh) == ([0], 0, 0)


def test_energy_has_no_loss_and_goes_on_from_the_stored_register():
    clock = Clock()
    wire = Wire(clock, 16.0)
    meter = CurrentTransformers([wire], RATIO)
    meter.set_energy(5000)
    clock.run(meter, 1000)
    shown = meter.power_w
    assert abs(shown - 3680) <= 40
    clock.run(meter, 180000)
    assert abs(meter.energy_wh - 5000 - 3680 * 181 / 3600) <= 3
    meter.set_energy(7)
    assert meter.energy_wh == 7
    wire.amps = 0.0
    last = meter.energy_wh
    for _ in range(20):
        wh = clock.run(meter, 500).energy_wh
        assert last <= wh <= 9
        last = wh


def test_energy_of_a_small_load_is_counted_too():
    # 0.5 A * 230 V: 0.03 Wh a second.
    clock = Clock()
    meter = clock.run(CurrentTransformers([Wire(clock, 0.5)], RATIO), 180000)
    assert abs(meter.energy_wh - meter.power_w * 180 / 3600) <= 1.5


def test_late_polls_cost_time_and_hardly_precision():
    random.seed(7)
    clock = Clock()
    clock.slow = 4
    meter = clock.run(CurrentTransformers([Wire(clock, 16.0)], RATIO), 3000)
    shown = []
    for _ in range(12):
        assert clock.run(meter, 2000).ok
        shown.append(meter.currents[0])
    assert len(set(shown)) > 3  # it went on measuring
    assert max(abs(current - 160) for current in shown) <= 16
    assert abs(sum(shown) - 160 * 12) <= 4 * 12


def test_without_time_to_measure_the_values_are_stale():
    clock = Clock()
    meter = clock.run(CurrentTransformers([Wire(clock, 16.0)], RATIO), 1500)
    kept = list(meter.currents), meter.power_w
    now = ticks_add(clock.start, clock.us // 1000)
    for _ in range(70):
        now = ticks_add(now, meter.poll(now) + 10)
    assert (meter.ok, meter.stale, meter.error) == (False, True, "no time to measure")
    assert (list(meter.currents), meter.power_w) == kept
    wh = meter.energy_wh
    clock.us += 8000000
    # It begins where it stopped; what flowed meanwhile is not known.
    clock.run(meter, 1500)
    assert meter.ok and meter.energy_wh <= wh + 2


def test_no_bias_is_an_error_not_0_amperes():
    for bias in (0.0, 3100.0):
        clock = Clock()
        wire = Wire(clock, 16.0)
        meter = clock.run(CurrentTransformers([wire], RATIO), 1500)
        kept = list(meter.currents)
        wire.bias, wire.amps = bias, 0.0
        clock.run(meter, 1500)
        assert (meter.ok, meter.error, meter.currents) == (False, "no bias voltage", kept)
        wire.bias, wire.amps = 1250.0, 16.0
        assert clock.run(meter, 1500).ok
