"""The MFRC522 driver against the chip's registers and real cards' frames."""

import asyncio
import gc
import random

from nfc_cards import Card, crc_a
from mfrc522_device import Chip

from hal.card.mfrc522 import Mfrc522

CLASSIC = b"\xde\xad\xbe\xef"
NTAG = b"\x04\xa2\x1b\xc2\x3d\x5e\x80"
LONG = b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\xfa"


class Bench:
    def __init__(self, *uids, version=0x92):
        self.chip = Chip(version)
        self.now = (1 << 29) - 500
        self.reader = Mfrc522(self.chip, self.chip, 2)
        self.longest = 0
        for uid in uids:
            self.put(uid)

    def put(self, uid):
        card = Card(uid)
        self.chip.cards.append(card)
        return card

    def take(self):
        self.chip.cards.clear()

    def run(self, ms=800):
        for _ in range(ms // 20):
            self.now += 20
            self.chip.settle()
            before = self.chip.transfers
            self.reader.poll(self.now)
            self.longest = max(self.longest, self.chip.transfers - before)
        return self

    @property
    def shown(self):
        """What has been shown since the last look."""
        shown = []
        while self.reader._cards:
            shown.append(asyncio.run(self.reader.next()))
        return [id_tag for id_tag, number in shown if number == 2]


def test_the_model_has_the_crc_of_the_standard():
    assert crc_a(b"\x00\x00") == b"\xa0\x1e" and crc_a(b"\x12\x34") == b"\x26\xcf"


def test_uids_of_each_length():
    for uid, expected in ((CLASSIC, "DEADBEEF"), (NTAG, "04A21BC23D5E80"), (LONG, "010203040506070809FA")):
        bench = Bench(uid).run()
        assert bench.shown == [expected] and bench.reader.ok
        assert bench.reader.version == 0x92


def test_a_card_is_shown_half_a_second_after_it_came():
    for uid in (CLASSIC, LONG):
        bench = Bench().run(1000)
        bench.put(uid)
        assert len(bench.run(500).shown) == 1


def test_a_step_is_short():
    bench = Bench(LONG).run(3000)
    assert bench.longest <= 45


def test_a_card_that_stays_is_one_presentation():
    bench = Bench(NTAG)
    assert bench.run(10000).shown == ["04A21BC23D5E80"]
    bench.take()
    bench.run(600)
    bench.put(NTAG)
    assert bench.run(3000).shown == [], "it was only moved"
    bench.take()
    bench.run(1200)
    bench.put(NTAG)
    assert bench.run(3000).shown == ["04A21BC23D5E80"]


def test_a_second_card_waits_until_the_first_is_gone():
    bench = Bench(CLASSIC).run()
    bench.take()
    bench.put(NTAG)
    assert bench.run(600).shown == ["DEADBEEF"]
    assert bench.run(1000).shown == ["04A21BC23D5E80"]
    assert bench.run(5000).shown == []


def test_of_two_cards_one_is_read():
    """Whatever bit they differ in first."""
    for place in range(32):
        other = bytearray(CLASSIC)
        other[place // 8] ^= 1 << place % 8
        bench = Bench(CLASSIC, bytes(other)).run()
        shown = bench.shown
        assert len(shown) == 1 and shown[0] in ("DEADBEEF", bytes(other).hex().upper()), place
        assert bench.run(4000).shown == [], place
        winner = shown[0]
        bench.chip.cards = [card for card in bench.chip.cards if card.uid.hex().upper() != winner]
        assert len(bench.chip.cards) == 1
        assert bench.run(2000).shown == [bench.chip.cards[0].uid.hex().upper()], place


def test_of_many_cards_one_is_read():
    random.seed(3)
    for _ in range(40):
        uids = [bytes([4] + [random.getrandbits(8) for _ in range(6)]) for _ in range(4)]
        uids.append(bytes(random.getrandbits(7) for _ in range(4)))
        bench = Bench(*uids).run(1500)
        shown = bench.shown
        assert len(shown) == 1 and shown[0] in [uid.hex().upper() for uid in uids], uids


def test_collisions_in_the_second_level():
    bench = Bench(NTAG, NTAG[:5] + b"\x41\x80", NTAG[:5] + b"\x42\x81").run(1500)
    shown = bench.shown
    assert len(shown) == 1 and shown[0].startswith("04A21BC23D")


def spoiled(flip):
    """A bench whose card's answers of a length in `flip` have the bit flipped that stands there."""
    bench = Bench(CLASSIC)

    def spoil(bits):
        if len(bits) in flip:
            bits[flip[len(bits)]] ^= 1

    bench.chip.spoil = spoil
    return bench


def test_what_was_damaged_on_the_air_is_not_read():
    for flip in ({40: 3}, {40: 39}, {24: 0}, {24: 12}, {24: 23}):
        bench = spoiled(flip).run(3000)
        assert bench.shown == [] and bench.reader.ok, flip
        bench.chip.spoil = None
        assert bench.run().shown == ["DEADBEEF"], flip


def test_a_short_answer_is_not_read():
    for length in (40, 24):
        bench = Bench(CLASSIC)

        def spoil(bits):
            if len(bits) == length:  # noqa: B023
                del bits[-8:]

        bench.chip.spoil = spoil
        assert bench.run(3000).shown == []
        bench.chip.spoil = None
        assert bench.run().shown == ["DEADBEEF"]


def test_a_parity_error_is_not_read():
    bench = Bench(CLASSIC)
    bench.chip.parity_error = True
    assert bench.run(2000).shown == [] and bench.reader.ok
    bench.chip.parity_error = False
    assert bench.run().shown == ["DEADBEEF"]


def test_a_uid_that_does_not_end_is_not_read():
    bench = Bench(LONG)
    bench.chip.cards[0].levels += [b"\x88\x11\x22\x33", b"\x44\x55\x66\x77"]
    assert bench.run(3000).shown == [] and bench.reader.ok


def test_a_reader_that_does_not_answer():
    for silence in (0x00, 0xFF):
        bench = Bench(CLASSIC)
        bench.chip.dead = silence
        assert not bench.run(5000).reader.ok and bench.shown == []
        bench.chip.dead = None
        assert bench.run(3000).reader.ok and bench.shown == ["DEADBEEF"]
        bench.chip.dead = silence
        assert not bench.run(400).reader.ok
        bench.run(20000)
        bench.chip.dead = None
        assert bench.run(3000).reader.ok and bench.shown == [], "the card lay there all the time"


def test_it_is_started_again_with_pauses():
    bench = Bench(version=0x00).run(20000)
    assert not bench.reader.ok and 9 <= bench.chip.resets <= 11


def test_a_reader_that_lost_its_power_for_a_moment():
    bench = Bench(NTAG).run()
    assert len(bench.shown) == 1
    bench.chip.reset()
    assert not bench.run(400).reader.ok
    assert bench.run(2500).reader.ok and bench.shown == []
    bench.take()
    bench.run(1200)
    bench.put(NTAG)
    assert bench.run().shown == ["04A21BC23D5E80"]


def test_versions():
    for version in (0x91, 0x92, 0x88, 0x12):
        assert Bench(version=version).run().reader.ok
    for version in (0x00, 0xFF, 0x5A, 0x93):
        assert not Bench(version=version).run().reader.ok


def test_a_crc_unit_that_hangs_is_a_reader_that_does_not_answer():
    bench = Bench(CLASSIC)
    bench.chip.crc_stuck = True
    bench.run(1000)
    assert not bench.reader.ok and bench.shown == [] and bench.longest < 100


def test_noise_is_no_card():
    random.seed(7)
    bench = Bench(CLASSIC).run()
    assert bench.shown == ["DEADBEEF"]
    bench.chip.dead = lambda: random.getrandbits(8)
    assert bench.run(20000).shown == []
    bench.chip.dead = None
    assert bench.run(3000).reader.ok


def test_an_idle_poll_allocates_nothing():
    bench = Bench().run(1000)
    reader = bench.reader
    chip = Silent()
    reader._spi = reader._cs = chip
    now = bench.now
    reader.poll(now)
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(80):
        now += 20
        reader.poll(now)
    assert gc.mem_alloc() == before and chip.asked > 5 and reader.ok


class Silent:
    """A chip with nothing in its field, that itself allocates nothing."""

    def __init__(self):
        self.asked = 0

    def __call__(self, level):
        pass

    def write_readinto(self, out, into):
        self.asked += out[0] == 0x09 << 1 and out[1] == 0x52
        into[1] = 0x83 if out[0] == 0x80 | 0x14 << 1 else 0
