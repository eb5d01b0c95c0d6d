# without coverage: the voltages are many
"""Every pilot voltage from -13 to +13 V in steps of 10 mV, with and without diode, as the ADC of the board sees it:
through the front end and the real readers to the state, and to the contactor."""

import random

from evse_bench import Bench
from pilot_electronics import PilotLine, TimedSampledPilot, pin_uv
from pilot_sweep import HALF_WAY, SWEEP, expected

from hal.evse.machine import Evse
from hal.evse.pilot import BOUNDS, duty_permyriad, state_of
from hal.drivers.peak_pilot import PeakPilot

STEP_MV = 18  # 1 mV at the pin is 11.7 mV of the pilot, and the zero is rounded
BEHIND_DIODE_MV = BOUNDS[5]


def peak(line):
    return PeakPilot(line, line.detector(True), line.detector(False))


def sampled(line):
    return TimedSampledPilot(line, line.adc())


def next_reading(reader):
    high = reader.read()
    return reader.read() if high is None else high


def clear(millivolts, bounds):
    """Not so near a bound that a step of the ADC counts."""
    return min([abs(millivolts - bound) for bound in bounds]) > STEP_MV


def test_the_front_end_keeps_every_voltage_in_the_linear_range_of_the_adc():
    for millivolts in SWEEP:
        assert 150000 <= pin_uv(millivolts) <= 2450000, millivolts


def test_each_steady_voltage_is_its_state():
    random.seed(8)
    for make in (peak, sampled):
        line = PilotLine(random)
        reader = make(line)
        reader.set_duty(10000)
        for millivolts in SWEEP:
            line.high = millivolts
            seen = next_reading(reader)
            assert abs(seen - millivolts) <= STEP_MV, (make, millivolts, seen)
            if clear(millivolts, [bound for bound, _ in HALF_WAY]):
                assert state_of(seen) == expected(millivolts), (make, millivolts)


def test_each_voltage_after_each_state_keeps_the_hysteresis():
    line = PilotLine()
    reader = peak(line)
    reader.set_duty(10000)
    for previous in "ABCDEF":
        bounds = [bound + (-250 if previous <= level else 250) for bound, level in HALF_WAY]
        for millivolts in SWEEP:
            line.high = millivolts
            if clear(millivolts, bounds):
                state = state_of(next_reading(reader), previous)
                assert state == expected(millivolts, previous), (previous, millivolts)


def test_each_low_voltage_of_a_duty_cycle():
    """With noise."""
    random.seed(9)
    for make, deciamps in ((peak, 60), (sampled, 60), (sampled, 320), (sampled, 630)):
        line = PilotLine(random, 2)
        reader = make(line)
        reader.set_duty(duty_permyriad(deciamps))
        for millivolts in SWEEP:
            line.high, line.low = 6000, millivolts
            if 6000 - millivolts > 3200:
                assert state_of(next_reading(reader)) == "C"
                assert reader.low is not None and abs(reader.low - millivolts) <= 50, (make, millivolts)


def closes(make, high, low, ventilated):
    """Whether the contactor closes on a car that goes from 9 V to `high` mV, offered 32 A, within 1 s."""
    bench = Bench()
    line = bench.line = PilotLine()
    line.high = 9000
    bench.devices.pilot = make(line)
    bench.evse = Evse(bench.devices, 1, ventilated=ventilated)
    bench.evse.permit(True)

    def tick():
        bench.now += 50
        bench.evse.tick(bench.now)
        return bench.devices.contactor.closed

    for _ in range(22):
        tick()
    assert bench.evse.state == "B2"
    line.high, line.low = high, low
    return any([tick() for _ in range(18)])


def test_the_contactor_closes_on_c_and_permitted_d_with_a_diode_only():
    bounds = [bound + (-250 if "B" <= level else 250) for bound, level in HALF_WAY]
    for make, every in ((peak, 5), (sampled, 20)):
        for millivolts in SWEEP[::every]:
            if clear(millivolts, bounds):
                level = expected(millivolts, "B")
                assert closes(make, millivolts, -12000, False) is (level == "C"), (make, millivolts)
                if level in "CDE":
                    assert closes(make, millivolts, -12000, True) is (level in "CD"), (make, millivolts)
                    assert not closes(make, millivolts, -millivolts, True), (make, millivolts)


def test_each_low_half_wave_behind_a_diode():
    for make, every in ((peak, 5), (sampled, 20)):
        for millivolts in SWEEP[::every]:
            if abs(millivolts - BEHIND_DIODE_MV) > STEP_MV and millivolts < 6000:
                assert closes(make, 6000, millivolts, False) is (millivolts < BEHIND_DIODE_MV), (make, millivolts)
