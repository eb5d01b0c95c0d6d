"""The readers of the pilot behind the front end: levels, diode, duty cycles, noise."""

import gc
import random
import time

from helpers import replaced
from pilot_electronics import LEVELS, PilotLine, TimedSampledPilot

from hal.drivers import sampled_pilot
from hal.evse.pilot import BOUNDS, duty_permyriad, state_of
from hal.drivers.peak_pilot import PeakPilot
from hal.drivers.sampled_pilot import SampledPilot


def peak(line, *calibration):
    return PeakPilot(line, line.detector(True), line.detector(False), *calibration)


def sampled(line, *calibration):
    return TimedSampledPilot(line, line.adc(), *calibration)


BOTH = (peak, sampled)


def next_reading(reader):
    """The next reading that is one."""
    high = reader.read()
    return reader.read() if high is None else high


def test_each_level_with_noise_at_each_duty_a_car_can_be_offered():
    """With SampledPilot up to 63 A: above, the lower level is too short to be seen by each reading."""
    random.seed(2)
    for make in BOTH:
        for deciamps in range(60, 631, 30):
            line = PilotLine(random, 10)
            reader = make(line)
            reader.set_duty(duty_permyriad(deciamps))
            assert line.duty == duty_permyriad(deciamps)
            for level in "ABCDE":
                line.high = LEVELS[level]
                for diode in (True, False):
                    line.low = 0 if level == "E" else -12000 if diode else -line.high
                    for _ in range(4):
                        high = next_reading(reader)
                        assert state_of(high) == level, (make, deciamps, level, high)
                    if level in "BCD":
                        assert (reader.low <= BOUNDS[5]) is diode, (make, deciamps, level, reader.low)


def test_steady_levels():
    random.seed(3)
    for make in BOTH:
        line = PilotLine(random, 10)
        reader = make(line)
        reader.set_duty(10000)
        for level in "ABCDEF":
            line.high = LEVELS[level]
            assert abs(next_reading(reader) - line.high) < 200
        line.high = 12000
        reader.set_duty(0)
        assert abs(next_reading(reader) + 12000) < 200


def test_the_diode_cannot_be_seen_in_samples_of_a_steady_level():
    line = PilotLine(random)
    line.high = 6000
    reader = sampled(line)
    reader.set_duty(10000)
    reader.read()
    assert reader.low is None
    reader.set_duty(5000)
    assert reader.low is None
    reader.read()
    assert reader.low < -11000
    reader.set_duty(10000)
    reader.read()
    assert reader.low is None


def test_eighty_amperes_are_sampled_well_enough_to_close_but_a_missing_half_wave_shows():
    random.seed(5)
    line = PilotLine(random, 10)
    line.high = 6000
    reader = sampled(line)
    reader.set_duty(9600)
    seen = known = 0
    for _ in range(500):
        assert state_of(next_reading(reader)) == "C"
        known += reader.low is not None and reader.low < BOUNDS[5]
        seen += 1
    assert known > seen * 9 // 10
    line.low = 6000  # no lower level at all: what was seen is not believed for ever
    for _ in range(12):
        next_reading(reader)
    assert reader.low is None
    line.low = -6000
    for _ in range(30):
        next_reading(reader)
    assert reader.low is not None and reader.low > BOUNDS[5]


class Spiking(PilotLine):
    """The readings of the numbers `at` show `uv`."""

    at = ()
    uv = 0

    def seen(self, millivolts):
        seen = super().seen(millivolts)
        return self.uv if self.readings in self.at else seen


def test_a_spike_is_no_level():
    for make, at in ((peak, (2, 5)), (sampled, (2,)), (sampled, (30,))):
        for uv in (0, 3100000):
            line = Spiking()
            line.high, line.at, line.uv = 6000, at, uv
            reader = make(line)
            reader.set_duty(5000)
            assert abs(next_reading(reader) - 6000) < 50 and abs(reader.low + 12000) < 50


def test_each_second_reading_is_left_out_as_long_as_nothing_changes():
    line = PilotLine(random, 10)
    reader = sampled(line)
    reader.set_duty(5000)
    reader.read()
    assert [reader.read() is None for _ in range(6)] == [False, True] * 3
    line.high = 9000
    assert [reader.read() is None for _ in range(6)] == [False, False, True, False, True, False]
    reader.set_duty(5010)
    assert reader.read() is not None
    reader.set_duty(10000)
    assert None not in [reader.read() for _ in range(6)]


def test_after_a_tick_that_came_late_none_is_left_out():
    line = PilotLine(random)
    reader = sampled(line)
    reader.set_duty(5000)
    for _ in range(3):
        next_reading(reader)
        next_reading(reader)
        time.sleep_ms(40)
        assert reader.read() is not None


def test_a_sampled_reading_is_at_most_forty_conversions():
    line = PilotLine(random)
    reader = sampled(line)
    for duty, most in ((5000, 40), (10000, 8), (0, 8)):
        reader.set_duty(duty)
        line.readings = 0
        reader.read()
        assert line.readings <= most


def test_calibration():
    for make in BOTH:
        line = PilotLine()
        line.high = 6000
        reader = make(line, 1311, 11712 * 2)
        reader.set_duty(5000)
        assert abs(next_reading(reader) - 12000) < 60
        reader = make(line, 1411, 11712)
        reader.set_duty(5000)
        assert abs(next_reading(reader) - (6000 - 1171)) < 60


class Fixed:
    def read_uv(self):
        return 1823000

    @staticmethod
    def wait(us):
        pass


def test_a_reading_allocates_nothing():
    if not hasattr(gc, "mem_alloc"):
        return
    line = PilotLine()
    with replaced(sampled_pilot, sleep_us=Fixed.wait):
        for reader in (PeakPilot(line, Fixed(), Fixed()), SampledPilot(line, Fixed())):
            reader.set_duty(5000)
            reader.read()
            gc.collect()
            before = gc.mem_alloc()
            for _ in range(20):
                reader.read()
            assert gc.mem_alloc() == before
