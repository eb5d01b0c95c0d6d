# micropython only: it has littlefs
"""A power cut at each block operation of a log that grows, rotates and is flooded; and how much it wears the flash."""

import os

from flash import BLOCK, Flash

from ocpp.log import writing
from ocpp.log.ring import Ring

FOLDER = "/flash/site"
_LIFE = 512 * 100000 / 1.5 / 8766  # erases of 2 MB of littlefs, unevenly levelled, by the hours of a year: as in
# test_flash_wear.py
_SESSION = 78  # erases an hour, of a charge point that always charges


def lines_of(ring):
    """The lines on flash, in their order."""
    lines = []
    for number in writing.numbers_of(ring):
        with open(writing.path_of(ring, number)) as file:
            text = file.read()
        assert text == "" or text.endswith("\n")
        assert len(text) <= BLOCK
        lines += text.split("\n")[:-1]
    return lines


def mounted():
    flash = Flash(32)
    flash.format()
    flash.mount()
    os.mkdir(FOLDER)
    return flash


class Story:
    """A log of `count` lines, one a minute, of which the flash operations are recorded, each with how many lines were
    on flash when it began."""

    def __init__(self, count):
        self.flash, self.operations = mounted(), []
        self.first, self.done = bytes(self.flash.data), 0
        self.ring = writing.begin(Ring(), FOLDER, 8)
        self.flash.each = lambda address, data: self.operations.append((address, data and bytes(data), self.done))
        for number in range(count):
            self.ring.add(line(number), 1)
            if number % 4 == 3:
                writing.write(self.ring)
                self.done = number + 1
        self.flash.each = None

    def cuts(self):
        """(lines on flash, what had landed) for each operation: before it, and when half of it is done."""
        flash = Flash(32)
        flash.data[:] = self.first
        for address, data, done in self.operations:
            yield done, flash.data
            if data is None:
                flash.erase(address, BLOCK // 2)
                yield done, flash.data
                flash.erase(address, BLOCK)
            else:
                flash.program(address, data[: len(data) // 2])
                yield done, flash.data
                flash.program(address, data)


def line(number):
    return "line %04d %s" % (number, "x" * 110)


def test_power_cut_while_the_log_grows():
    """What was written is there, but for the oldest, in whole lines, and the log goes on."""
    story, scratch, tried = Story(120), Flash(32), 0
    for done, image in story.cuts():
        scratch.data[:] = image
        scratch.mount()
        ring = writing.begin(Ring(), FOLDER, 8)
        lines = lines_of(ring)
        # More may have landed than had returned, the lines of one write.
        last = len(lines) and int(lines[-1][5:9]) + 1
        assert done <= last <= done + 4, (tried, done, last)
        assert lines == [line(number) for number in range(last - len(lines), last)]
        assert len(lines) == last or len(lines) * len(line(0)) > BLOCK - 600
        ring.add("after", 3)
        writing.write(ring)
        assert lines_of(ring)[-1] == "after" and len(writing.numbers_of(ring)) <= 2
        tried += 1
    assert len(writing.numbers_of(story.ring)) == 2 and story.ring.newest > 3
    print("power cut: %d cut points of the log, clean and torn" % tried)


def test_a_flash_that_fails_at_each_operation_ends_nothing():
    """The lines wait, and those that find no room are counted."""
    for failing in range(40):
        flash = mounted()
        left = [failing]

        def fail(address, data, left=left):
            left[0] -= 1
            return left[0] != -1

        ring = writing.begin(Ring(), FOLDER, 8)
        flash.each = fail
        for number in range(4):
            ring.add(line(number), 1)
        writing.write(ring)
        writing.write(ring)
        assert lines_of(ring) == [line(number) for number in range(4)], failing


def test_a_full_flash_has_room_for_the_log_when_there_is_some():
    flash = mounted()
    ring = writing.begin(Ring(), FOLDER, 8)
    with open("/flash/other", "wb") as file:
        try:
            while file.write(bytes(BLOCK)):
                file.flush()
        except OSError:
            pass
    for number in range(50):
        ring.add(line(number), 3)
        writing.write(ring)
    left_out, before = ring.left_out, lines_of(ring)
    assert left_out > 40
    os.remove("/flash/other")
    writing.write(ring)
    lines = lines_of(ring)
    assert lines[: len(before)] == before and lines[len(before)] == "    (%d lines are left out here)" % left_out
    assert lines[len(before) + 1 :] == [line(number) for number in range(len(before) + left_out, 50)]
    assert flash.programs


def test_flash_wear_of_a_log_at_its_bound():
    """A peer that never stops: one write a minute, besides all that a session writes."""
    flash = Flash(64)
    flash.format()
    flash.mount()
    os.mkdir(FOLDER)
    ring = writing.begin(Ring(), FOLDER, 32)
    ring.credit, hours = 0, 20  # the burst is over
    before = sum(flash.erases)
    for second in range(hours * 3600):
        ring.check()
        for _ in range(0 if second % 5 else 10):
            ring.add("2026-01-01T00:00:00Z WARNING message ignored: type 7, id something", 2)
    erases, writes = (sum(flash.erases) - before) / hours, ring.writes / hours
    years = [_LIFE / count for count in (_SESSION, _SESSION + erases)]
    print(
        "flash wear of the log at its bound: %d erases/h, %d writes/h; with a session always running "
        "%.1f years in the place of %.1f" % (erases, writes, years[1], years[0])
    )
    assert writes <= 61 and years[1] > 20
