"""The sampler's machine code and its plain twin: same results, and how much faster the one is."""

import random
import sys
from array import array
from time import ticks_diff, ticks_us

from hal.drivers import _sample_py

try:
    from hal.drivers import _sample
except ImportError:
    _sample = None  # CPython

BOTH = [_sample_py] + [_sample] * (_sample is not None)


def found(module, values):
    samples, pair = array("H", values), array("H", (1, 1))
    module.extremes(samples, len(values), pair)
    return tuple(pair)


def test_the_second_highest_and_the_second_lowest():
    for module in BOTH:
        for values, wanted in (([5, 7], (5, 7)), ([7, 5], (5, 7)), ([3, 3, 3], (3, 3)), ([0, 65535, 1, 2], (2, 1)),
                               ([65535, 65535, 0, 0], (65535, 0)), ([9, 1, 8, 2, 7, 3], (8, 2))):
            assert found(module, values) == wanted, values


def test_the_same_for_random_samples():
    random.seed(4)
    for _ in range(400):
        values = [random.getrandbits(16) for _ in range(2 + random.getrandbits(6))]
        ordered = sorted(values)
        for module in BOTH:
            assert found(module, values) == (ordered[-2], ordered[1])


def test_readings_and_waits_are_the_same():
    results = []
    for module in BOTH:
        waits, samples = [], array("H", bytearray(200))
        chance = [7]

        def read(chance=chance):
            chance[0] = (chance[0] * 69069 + 1) & 0xFFFFFF
            return chance[0] % 3100001

        seed = module.fill(read, waits.append, samples, 100, 12345)
        seed = module.fill(read, waits.append, samples, 7, seed)
        results.append((seed, waits, list(samples)))
    seed, waits, samples = results[0]
    assert results == results[:1] * len(BOTH)
    assert len(waits) == 107 and min(waits) >= 0 and max(waits) <= 31 and len(set(waits)) > 24
    assert max(samples) <= 3100000 // 64 and 0 <= seed < 1 << 24


def test_units():
    for module in BOTH:
        samples = array("H", bytearray(4))
        for uv in (0, 63, 64, 2336000, 3100000):
            module.fill(lambda uv=uv: uv, lambda us: None, samples, 2, 0)
            assert samples[0] == samples[1] == uv // 64


def test_machine_code_is_ten_times_as_fast():
    if sys.implementation.name != "micropython":
        return
    samples, pair = array("H", range(2000)), array("H", (0, 0))

    def best(function):
        times = []
        for _ in range(7):
            start = ticks_us()
            for _ in range(5):
                function(samples, 2000, pair)
            times.append(ticks_diff(ticks_us(), start))
        return min(times)

    assert best(_sample_py.extremes) >= 10 * best(_sample.extremes)
