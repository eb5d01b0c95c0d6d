import random
import time
from array import array

from hal.meter import _crc16_py
from hal.meter import _rms_py
from hal.meter import modbus

try:
    from hal.meter import _rms
except ImportError:
    _rms = _rms_py  # CPython runs no machine code


def test_crc_of_known_frames():
    # The check value of CRC-16/MODBUS, and the example of Modbus over serial line 1.02, 6.2.2: sent as 41 12.
    assert modbus.crc16(b"123456789", 9) == 0x4B37
    assert modbus.crc16(b"\x02\x07", 2) == 0x1241
    assert modbus.crc16(b"", 0) == 0xFFFF


def test_crc_twin_agrees():
    random.seed(1)
    for length in range(80):
        buf = bytes(random.getrandbits(8) for _ in range(length + 3))
        assert modbus.crc16(buf, length) == _crc16_py.crc16(buf, length), length


def test_crc_twin_agrees_on_a_view_into_a_buffer():
    buf = bytes(range(100, 180))
    for offset in range(8):
        assert modbus.crc16(memoryview(buf)[offset:], 40) == _crc16_py.crc16(buf[offset:], 40)


def test_rms_of_known_signals():
    # Without alternating part 0; a square wave of 100 either side of 1650 has 100; its 1/16 are exact.
    assert _rms.rms(array("H", [1650] * 100), 100) == 0
    assert _rms.rms(array("H", [1550, 1750] * 50), 100) == 1600
    # 3, -1, -1 and -1 about their mean: sqrt(3) = 1.732, 27.7 sixteenths.
    assert _rms.rms(array("H", [4, 0, 0, 0]), 4) == 27
    # A sine of amplitude 1000 taken at 8 even moments: 707.1.
    sine = [1650 + value for value in (0, 707, 1000, 707, 0, -707, -1000, -707)]
    assert _rms.rms(array("H", sine), 8) // 16 == 707


def test_rms_counts_no_more_than_asked():
    assert _rms.rms(array("H", [5, 5, 5, 4000]), 3) == 0


def test_rms_twin_agrees_at_the_ends_of_the_range():
    for samples in ([0, 4095] * 250, [4095] * 500, [0] * 499 + [4095], [0]):
        samples = array("H", samples)
        assert _rms.rms(samples, len(samples)) == _rms_py.rms(samples, len(samples))


def test_rms_twin_agrees_on_random_input():
    random.seed(2)
    for _ in range(40):
        count = 1 + random.getrandbits(8)
        samples = array("H", [random.getrandbits(12) for _ in range(count)])
        assert _rms.rms(samples, count) == _rms_py.rms(samples, count)


def times_as_fast(function, twin, *args):
    def best(candidate, runs):
        times = []
        for _ in range(5):
            start = time.ticks_us()
            for _ in range(runs):
                candidate(*args)
            times.append(time.ticks_diff(time.ticks_us(), start) / runs)
        return min(times)

    return best(twin, 10) / best(function, 200)


def test_machine_code_is_10_times_as_fast_as_its_twin():
    if _rms is _rms_py:
        return  # this interpreter cannot run it
    # The longest answer on the bus, and the samples of one measurement.
    assert times_as_fast(modbus.crc16, _crc16_py.crc16, bytearray(range(69)), 69) > 10
    samples = array("H", [index * 37 % 4096 for index in range(240)])
    assert times_as_fast(_rms.rms, _rms_py.rms, samples, 240) > 10
