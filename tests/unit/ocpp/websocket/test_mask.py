import random
import time

from ocpp.websocket import _mask_py, frames

KEY = b"\x11\xa2\xf3\x04"


def masked(mask, length, start, content, key=KEY):
    buf = bytearray(content[: start + length + 3])
    mask(buf, key, start, length)
    return buf


def test_known_example():
    # RFC 6455 5.7: "Hello" with this key.
    buf = bytearray(b"Hello")
    frames.mask(buf, b"\x37\xfa\x21\x3d", 0, 5)
    assert buf == b"\x7f\x9f\x4d\x51\x58"


def test_twin_agrees_at_every_alignment_and_length():
    random.seed(1)
    content = bytes(random.getrandbits(8) for _ in range(64))
    for start in range(9):
        for length in range(40):
            expected = masked(_mask_py.mask, length, start, content)
            assert masked(frames.mask, length, start, content) == expected, (start, length)


def test_twin_agrees_on_a_view_into_a_buffer():
    # A view begins at any address, unlike a buffer.
    for offset in range(8):
        one, other = bytearray(range(48)), bytearray(range(48))
        frames.mask(memoryview(one)[offset:], KEY, 3, 30)
        _mask_py.mask(memoryview(other)[offset:], KEY, 3, 30)
        assert one == other, offset


def test_twin_agrees_on_random_input():
    random.seed(2)
    for _ in range(50):
        length = random.getrandbits(9)
        content = bytes(random.getrandbits(8) for _ in range(length + 12))
        key = bytes(random.getrandbits(8) for _ in range(4))
        start = random.getrandbits(3)
        expected = masked(_mask_py.mask, length, start, content, key)
        assert masked(frames.mask, length, start, content, key) == expected


def test_masking_twice_gives_the_original():
    buf = bytearray(range(256))
    frames.mask(buf, KEY, 0, 256)
    assert buf != bytearray(range(256))
    frames.mask(buf, KEY, 0, 256)
    assert buf == bytearray(range(256))


def test_machine_code_is_50_times_as_fast_as_a_loop():
    if frames.mask is _mask_py.mask:
        return  # this interpreter cannot run it
    buf = bytearray(4096)

    def best(mask, runs):
        times = []
        for _ in range(5):
            start = time.ticks_us()
            for _ in range(runs):
                mask(buf, KEY, 0, 4096)
            times.append(time.ticks_diff(time.ticks_us(), start) / runs)
        return min(times)

    assert best(_mask_py.mask, 2) > 50 * best(frames.mask, 100)
