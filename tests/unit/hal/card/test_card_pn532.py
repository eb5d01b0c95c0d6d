"""The PN532 driver over both wires against a chip that is strict about each byte."""

import asyncio
import gc
import random

import pn532_device as device

from hal.card.pn532 import I2c, Pn532, Uart

CLASSIC = b"\xde\xad\xbe\xef"
NTAG = b"\x04\xa2\x1b\xc2\x3d\x5e\x80"
LONG = b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\xfa"


class Bench:
    def __init__(self, *uids, i2c=False, pace=100):
        self.chip = device.Chip(*uids)
        self.line = device.I2c(self.chip) if i2c else device.Uart(self.chip, pace)
        self.reader = Pn532(I2c(self.line) if i2c else Uart(self.line), 1)
        self.now = -1000

    def run(self, ms=3000):
        for _ in range(ms // 20):
            self.now += 20
            self.line.deliver()
            self.reader.poll(self.now)
        return self

    @property
    def shown(self):
        shown = []
        while self.reader._cards:
            shown.append(asyncio.run(self.reader.next()))
        return [id_tag for id_tag, number in shown if number == 1]


def both(*uids):
    return Bench(*uids), Bench(*uids, i2c=True)


def test_uids_of_each_length():
    for uid, expected in ((CLASSIC, "DEADBEEF"), (NTAG, "04A21BC23D5E80"), (LONG, "010203040506070809FA")):
        for bench in both(uid):
            assert bench.run().shown == [expected] and bench.reader.ok
            assert bench.reader.version == 0x0106


def test_it_is_set_up_before_cards_are_looked_for():
    for bench in both():
        bench.run()
        assert bench.chip.commands[:5] == [0x14, 0x02, 0x32, 0x12, 0x4A] and set(bench.chip.commands[4:]) == {0x4A}
        assert bench.reader.ok and bench.shown == []


def test_an_answer_that_comes_byte_by_byte():
    bench = Bench(NTAG, pace=3).run(5000)
    assert bench.shown == ["04A21BC23D5E80"] and bench.reader.ok
    assert bench.chip.commands.count(0x14) == 1


def test_a_card_that_stays_is_one_presentation():
    for bench in both(NTAG):
        assert bench.run(8000).shown == ["04A21BC23D5E80"]
        bench.chip.uids = []
        bench.run(500)
        bench.chip.uids = [NTAG]
        assert bench.run(2000).shown == []
        bench.chip.uids = []
        bench.run(1400)
        bench.chip.uids = [NTAG]
        assert bench.run(2000).shown == ["04A21BC23D5E80"]
        bench.chip.uids = [CLASSIC]
        assert bench.run(2000).shown == ["DEADBEEF"]


def test_noise_before_a_frame():
    for noise in (b"\x00", b"\xff\xff", b"\x00\x00", b"\x12\x00\xff\x07", b"\x00\xff\x00\x00", bytes(range(31)),
                  device.NACK, device.SYNTAX_ERROR, device.frame(b"\x99"), b"\x00\xff\x13"):
        bench = Bench(NTAG)
        bench.line.noise = noise
        bench.run(1000)
        for _ in range(20):
            bench.line.noise = noise
            bench.run(200)
        bench.run(1000)
        assert bench.shown == ["04A21BC23D5E80"] and bench.reader.ok, noise


def damaged(position, value):
    """Damages answers (not ACKs) once: `value` is added to the byte at `position`."""
    left = [1]

    def spoil(frame):
        if frame == device.ACK or not left:
            return frame
        left.pop()
        changed = bytearray(frame)
        at = position % len(frame)
        changed[at] = changed[at] + value & 255
        return bytes(changed)

    return spoil


def test_a_damaged_answer_is_asked_for_again():
    for i2c in (False, True):
        for position in range(2, 18):
            bench = Bench(i2c=i2c).run()
            bench.chip.uids = [NTAG]
            bench.chip.spoil = damaged(position, 0x10)
            assert bench.run(1500).shown == ["04A21BC23D5E80"] and bench.reader.ok, (i2c, position)
            assert bench.chip.commands.count(0x14) == 1


def test_answers_that_are_always_damaged():
    for position in (3, 4, 5, 6, 10, 13, -2):
        for bench in both(NTAG):
            bench.chip.spoil = lambda frame: damaged(position, 1)(frame)  # noqa: B023
            assert not bench.run(8000).reader.ok and bench.shown == [], position
            bench.chip.spoil = None
            assert bench.run(6000).reader.ok and bench.shown == ["04A21BC23D5E80"], position


def test_without_its_ack():
    bench = Bench(NTAG)
    bench.chip.spoil = lambda frame: b"" if frame == device.ACK else frame
    assert bench.run().shown == ["04A21BC23D5E80"]


def test_nothing_but_acks_nacks_or_errors():
    for answer in (b"", device.ACK, device.NACK, device.SYNTAX_ERROR, device.frame(b""), device.frame(b"\x15") * 2):
        bench = Bench(NTAG).run(1000)
        assert bench.shown == ["04A21BC23D5E80"]
        bench.chip.spoil = lambda frame: answer  # noqa: B023
        assert not bench.run(2000).reader.ok, answer
        bench.chip.spoil = None
        assert bench.run(4000).reader.ok and bench.shown == [], "the card lay there all the time"


def test_strange_lengths():
    for data in (b"\x4b\x01\x01\x00\x44\x08\x0a" + bytes(7), b"\x4b", b"\x4b\x01",
                 b"\x4b\x01\x01\x00\x44\x08\x14" + bytes(4), b"\x4b\x01\x01\x00\x44\x08\x00",
                 b"\x4b\x01\x01\x00\x44\x08\xff" + bytes(16), b"\x4b\x01\x01\x00\x44\x08\x0b" + bytes(11)):
        bench = Bench().run(1000)
        bench.chip.spoil = lambda frame: frame if frame == device.ACK else device.frame(data)  # noqa: B023
        bench.run(1000)
        assert bench.shown == [], data
        bench.chip.uids = [NTAG]
        bench.chip.spoil = None
        assert bench.run(4000).shown == ["04A21BC23D5E80"] and bench.reader.ok, data


def test_a_reader_that_does_not_answer():
    for bench in both(NTAG):
        bench.chip.dead = True
        assert not bench.run(5000).reader.ok and bench.shown == []
        bench.chip.dead = False
        assert bench.run(6000).reader.ok and bench.shown == ["04A21BC23D5E80"]
        bench.chip.dead = True
        assert not bench.run(1500).reader.ok
        bench.run(20000)
        bench.chip.dead = False
        bench.chip.reset()
        assert bench.run(6000).reader.ok and bench.shown == [], "the card lay there all the time"


def test_a_card_that_the_first_look_after_an_outage_misses():
    for bench in both(NTAG):
        assert bench.run().shown == ["04A21BC23D5E80"]
        bench.chip.dead = True
        bench.run(10000)
        bench.chip.uids = []
        bench.chip.dead = False
        while not bench.reader.ok:
            bench.run(20)
        bench.run(400)
        bench.chip.uids = [NTAG]
        assert bench.run(2000).shown == []


def test_a_reader_that_lost_its_power_for_a_moment():
    for bench in both():
        bench.run(1000)
        bench.chip.reset()
        bench.run(6000)
        bench.chip.uids = [CLASSIC]
        assert bench.run().shown == ["DEADBEEF"] and bench.reader.ok


def test_it_is_started_again_with_pauses():
    bench = Bench()
    bench.chip.dead = True
    wakes = []
    write = bench.line.write
    bench.line.write = lambda data: wakes.append(1) if data[0] == 0x55 else write(data)
    bench.run(25000)
    assert 9 <= len(wakes) <= 11


def test_noise_is_no_card():
    random.seed(11)
    bench = Bench()
    for _ in range(500):
        bench.line.noise = bytes(random.choice((0, 0, 255, 4, 252, 213, 75)) for _ in range(20))
        bench.run(40)
    assert bench.shown == []
    assert bench.run(6000).reader.ok


def test_an_idle_poll_allocates_nothing():
    for wire in (Uart(Empty()), I2c(Empty())):
        reader = Pn532(wire)
        now = 0
        for _ in range(50):
            now += 20
            reader.poll(now)
        assert reader.ok
        gc.collect()
        before = gc.mem_alloc()
        for _ in range(80):
            now += 20
            reader.poll(now)
        assert gc.mem_alloc() == before and reader.ok


class Empty:
    """Wire and chip without a card, that themselves allocate nothing."""

    _NONE = device.ACK + device.frame(b"\x4b\x00")
    _EMPTY = {code: device.ACK + device.frame(bytes((code + 1,)) + bytes(4)) for code in (0x14, 0x02, 0x32, 0x12)}

    def __init__(self):
        self._out = b""
        self._at = 0

    def write(self, data):
        if len(data) < 20:
            self._out = self._EMPTY.get(data[6], self._NONE)
            self._at = 0

    def any(self):
        return len(self._out) - self._at

    def readinto(self, buf, count):
        for at in range(count):
            buf[at] = self._out[self._at]
            self._at += 1
        return count

    def writeto(self, address, data):
        self.write(data)

    def readfrom_into(self, address, buf):
        buf[0] = self.any() > 0
        for at in range(1, len(buf)):
            if self._at < len(self._out):
                buf[at] = self._out[self._at]
                self._at += 1
