"""Wiegand frames bit by bit."""

import asyncio
import gc

from hal.card.wiegand import Wiegand


class Pin:
    IRQ_FALLING = 2
    pulse = None

    def irq(self, handler, trigger):
        assert trigger == self.IRQ_FALLING
        self.pulse = lambda: handler(self)


def frame(uid):
    """The bits of `uid` (bytes), the highest first, between even and odd parity."""
    bits = [byte >> place & 1 for byte in uid for place in range(7, -1, -1)]
    half = len(bits) // 2
    return [sum(bits[:half]) & 1] + bits + [1 - sum(bits[half:]) & 1]


class Bench:
    def __init__(self, **options):
        self.d0, self.d1 = Pin(), Pin()
        self.reader = Wiegand(self.d0, self.d1, **options)
        self.now = (1 << 29) - 100

    def run(self, ms):
        for _ in range(ms // 10):
            self.now += 10
            self.reader.poll(self.now)

    def send(self, bits, every=2):
        """Bits `every` ms, then the end of the frame."""
        for at, bit in enumerate(bits):
            (self.d1 if bit else self.d0).pulse()
            if at * every // 10 != (at + 1) * every // 10:
                self.run(10 * max(1, every // 10))
        self.run(100)

    @property
    def shown(self):
        shown = []
        while self.reader._cards:
            shown.append(asyncio.run(self.reader.next()))
        return shown


def text(digits):
    return [int(digit) for digit in digits if digit != " "]


def test_worked_examples():
    """Facility 12, card 34567 (26 bits); UID 01 23 45 67 (34 bits)."""
    bench = Bench()
    bench.send(text("1 00001100 1000 011100000111 1"))
    bench.run(1200)
    bench.send(text("0 00000001 00100011 01000101 01100111 0"))
    assert bench.shown == [("0C8707", None)] and bench.reader.refused == 1
    bench.send(text("0 00000001 00100011 01000101 01100111 1"))
    assert bench.shown == [("01234567", None)]


def test_many_cards_in_both_lengths():
    for uid in (b"\x00\x00\x00", b"\xff\xff\xff", b"\x80\x00\x01", b"\xde\xad\xbe\xef", b"\x08\x00\x00\x00",
                b"\xff\xff\xff\xff", b"\x7f\x01\x80\xfe"):
        bench = Bench(number=2)
        bench.send(frame(uid))
        assert bench.shown == [(uid.hex().upper(), 2)] and bench.reader.refused == 0 and bench.reader.ok


def test_the_other_byte_order():
    bench = Bench(reverse=True)
    bench.send(frame(b"\xde\xad\xbe\xef"))
    assert bench.shown == [("EFBEADDE", None)]


def test_slow_bits_are_one_frame():
    bench = Bench()
    bench.send(frame(b"\xde\xad\xbe\xef"), every=20)
    assert bench.shown == [("DEADBEEF", None)]


def test_each_single_wrong_bit_is_refused():
    for uid in (b"\x12\x34\x56", b"\xde\xad\xbe\xef"):
        good = frame(uid)
        for at in range(len(good)):
            bits = list(good)
            bits[at] ^= 1
            bench = Bench()
            bench.send(bits)
            assert bench.shown == [] and bench.reader.refused == 1, at
            bench.send(good)
            assert len(bench.shown) == 1


def test_wrong_lengths_are_refused():
    bits = frame(b"\x00\x00\x00\x00")
    for length in list(range(1, 26)) + list(range(27, 34)) + [35, 52, 68, 200]:
        bench = Bench()
        bench.send((bits * 6)[:length])
        assert bench.shown == [] and bench.reader.refused == 1, length
        bench.send(bits)
        assert bench.shown == [("00000000", None)]


def test_a_reader_that_repeats_itself():
    bench = Bench()
    for _ in range(10):
        bench.send(frame(b"\xde\xad\xbe\xef"))
        bench.run(400)
    assert bench.shown == [("DEADBEEF", None)]
    bench.run(1100)
    bench.send(frame(b"\xde\xad\xbe\xef"))
    assert bench.shown == [("DEADBEEF", None)]


def test_without_pins_bits_are_calls():
    reader = Wiegand()
    for bit in frame(b"\x01\x02\x03"):
        (reader.one if bit else reader.zero)()
    for now in range(0, 200, 20):
        reader.poll(now)
    assert asyncio.run(reader.next()) == ("010203", None)


def test_neither_a_bit_nor_an_idle_poll_allocates():
    reader = Wiegand()
    reader.poll(0)
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(40):
        reader.zero(None)
        reader.one(None)
        reader.poll(20)
    assert gc.mem_alloc() == before
