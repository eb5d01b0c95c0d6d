"""The simulated card reader: frames that the real driver reads."""

import asyncio

from hal.sim import Board
from helpers import finish, raises

TAGS = ("04A1B2C3", "0A0B0C", "FFFFFFFF", "000000")


class ReaderBench:
    def __init__(self, reader):
        self.board = Board([{}], reader=reader)
        self.now = 0

    def show(self, id_tag):
        self.board.card(id_tag)
        for _ in range(110):
            self.now += 20
            self.board.card_reader.poll(self.now)

    def read(self):
        return asyncio.run(finish(self.board.card_reader.next()))


def test_a_card_is_read_bit_by_bit():
    for tag in TAGS:
        bench = ReaderBench("wiegand")
        bench.show(tag)
        assert bench.read() == (tag, None) and bench.board.card_reader.refused == 0


def test_a_reader_that_turns_the_bytes_round():
    bench = ReaderBench("wiegand-reversed")
    bench.show("04A1B2C3")
    assert bench.read() == ("C3B2A104", None)


def test_a_card_shown_twice():
    bench = ReaderBench("wiegand")
    bench.show("04A1B2C3")
    bench.show("04A1B2C3")
    assert bench.read() == bench.read() == ("04A1B2C3", None)


def test_what_no_such_reader_can_send():
    for tag in ("CARD1", "04", "0102030405", "0G0000"):
        assert "6 or 8 hexadecimal digits" in str(raises(ValueError, ReaderBench("wiegand").show, tag))


def test_readers_that_are_not_simulated():
    error = str(raises(ValueError, ReaderBench, "mfrc522"))
    assert error == 'board.reader is "mfrc522", must be "none" or "wiegand" on the simulated board'
