"""The log on flash: what is written, and when."""

import os

from kept_log import Kept

from ocpp import log
from ocpp.log import writing


def test_lines_wait_until_there_are_many():
    with Kept() as kept:
        for number in range(12):
            kept.ring.add("line %02d, of forty characters, but no more" % number, 1)
        kept.second(3600)
        assert kept.ring.writes == 0
        kept.ring.add("line 12, of forty characters, but no more", 1)
        kept.second(3600)
        assert kept.ring.writes == 1
        assert [line[:7] for line in kept.on_flash()] == ["line %02d" % number for number in range(12)]
        assert writing.waiting(kept.ring) == b"line 12, of forty characters, but no more\n"


def test_an_error_is_written_soon_a_warning_within_a_minute():
    with Kept() as kept:
        kept.ring.add("before", 1)
        kept.ring.add("an error", 3)
        assert kept.on_flash() == []
        kept.second()
        assert kept.on_flash() == ["before", "an error"]
        kept.ring.add("a warning", 2)
        kept.second(59)
        assert kept.ring.writes == 1
        kept.second()
        assert kept.on_flash()[2:] == ["a warning"]
        kept.ring.add("a word", 1)
        kept.second(10000)
        assert kept.ring.writes == 2


def test_an_error_does_not_wait_for_the_warning_before_it():
    with Kept() as kept:
        kept.ring.add("a warning", 2)
        kept.ring.add("an error", 3)
        kept.ring.add("a warning", 2)
        kept.second()
        assert len(kept.on_flash()) == 3


def test_the_end_of_a_run_writes_what_waits():
    with Kept() as kept:
        kept.ring.add("last words", 1)
        writing.write(kept.ring)
        assert kept.on_flash() == ["last words"]
        writing.write(kept.ring)
        assert kept.ring.writes == 1


def test_the_files_are_bounded_and_go_on_after_a_restart():
    with Kept(8) as kept:
        for number in range(400):
            kept.second(60)
            kept.ring.add("line %03d, of seventy characters or so, which fill the files one by one" % number, 1)
            if number % 90 == 89:
                writing.write(kept.ring)
                kept.restart()
        writing.write(kept.ring)
        lines = kept.on_flash()
        assert max(kept.sizes()) <= 4096 and len(kept.sizes()) == 2
        assert [line[:8] for line in lines] == ["line %03d" % number for number in range(400 - len(lines), 400)]
        assert len(lines) * 71 > 4096


def test_a_smaller_bound_holds_from_the_next_write_on():
    with Kept(64) as kept:
        for _ in range(900):
            kept.second(60)
            kept.ring.add("x" * 69, 1)
        assert len(kept.sizes()) == 16
        kept.kilobytes = 8
        kept.restart()
        kept.ring.add("x", 1)
        writing.write(kept.ring)
        assert len(kept.sizes()) == 2


def test_files_of_others_are_left_alone():
    others = ("log.0", "log.txt", "log01.txt", "log1.txt.bak", "logs7.txt", "log-1.txt", "log9.tx")
    with Kept() as kept:
        for name in others:
            with open(kept.path + "/" + name, "w") as file:
                file.write("x")
        for _ in range(300):
            kept.second(60)
            kept.ring.add("x" * 69, 1)
        assert len(kept.sizes()) == 2
        for name in others:
            assert os.stat(kept.path + "/" + name)[6] == 1


def test_a_flood_is_bounded_and_its_first_and_last_lines_are_there():
    """100 errors a second for a minute."""
    with Kept(32) as kept:
        for number in range(6000):
            kept.ring.add("2026-01-01T00:00:00Z ERROR number %04d" % number, 3)
            if number % 100 == 99:
                kept.second()
        burst = kept.ring.writes
        kept.second(61)
        lines = kept.on_flash()
        assert burst <= 10 and kept.ring.writes <= burst + 1
        assert lines[:50] == ["2026-01-01T00:00:00Z ERROR number %04d" % number for number in range(50)]
        assert lines[-5:] == ["2026-01-01T00:00:00Z ERROR number %04d" % number for number in range(5995, 6000)]
        told = [int(line.split()[0][1:]) for line in lines if "left out" in line]
        assert sum(told) + len(lines) - len(told) == 6000
        assert sum(kept.sizes()) < 8000
        print("log flood: 6000 lines, %d writes, %d bytes" % (kept.ring.writes, sum(kept.sizes())))


def test_a_flood_for_a_day_has_one_write_a_minute():
    with Kept(8) as kept:
        for second in range(86400 // 6):
            for number in range(20):
                kept.ring.add("second %d, line %d" % (second, number), 3)
            kept.second()
        minutes = 86400 // 6 // 60
        assert minutes <= kept.ring.writes <= minutes + 9
        assert sum(kept.sizes()) <= 8192


def test_after_a_long_silence_no_more_is_written_at_once():
    with Kept(32) as kept:
        kept.second(100000)
        for number in range(1000):
            kept.ring.add("a line of a flood, number %d" % number, 3)
        assert kept.ring.writes == 8


def test_a_long_line_is_cut_between_two_characters():
    with Kept() as kept:
        for text in ("x" * 600, "\u20ac" * 600, "a" + "\u20ac" * 600, "ab" + "\u20ac" * 600):
            kept.ring.add(text, 1)
            line = writing.waiting(kept.ring).decode()[:-1]
            assert len(line.encode()) <= 400 and line[-3:] == "..." and text.startswith(line[:-3])
            assert len(line.encode()) > 390
            writing.write(kept.ring)


def test_flash_that_cannot_be_written_costs_no_more_than_lines():
    with Kept() as kept:
        path, kept.ring.folder = kept.path, kept.path + "/missing"
        for number in range(500):
            kept.ring.add("line %03d of the time when nothing could be written" % number, 3)
            kept.second()
        assert kept.ring.writes == 0
        kept.ring.folder = path
        kept.second(61)
        lines = kept.on_flash()
        assert kept.ring.writes == 1 and lines[-1].startswith("line 499")
        assert lines[0] == "    (%d lines are left out here)" % (500 - len(lines) + 1)


def test_what_is_logged_goes_to_flash_with_its_time_and_level():
    with Kept() as kept:
        log.kept = kept.ring
        log.configure("info", lambda: "now")
        log.debug("not %s", "shown")
        log.info("a %s", "word")
        log.warning("a\nline")
        try:
            kept.ring.add(None, 1)
        except AttributeError as error:
            log.exception("task failed", error)
        log.configure("info")
        writing.write(kept.ring)
        lines = kept.on_flash()
        assert lines[:2] == ["now INFO a word", "now WARNING a\\nline"]
        assert lines[2].startswith("now ERROR task failed: AttributeError(")
        assert lines[3] == "    Traceback (most recent call last):" and lines[-1].startswith("    AttributeError: ")


def test_the_traceback_of_want_of_memory_is_kept_too():
    with Kept() as kept:
        log.kept = kept.ring
        try:
            raise MemoryError("no room")
        except MemoryError as error:
            log.exception("task failed", error)
        writing.write(kept.ring)
        assert "    MemoryError: no room" in kept.on_flash()
