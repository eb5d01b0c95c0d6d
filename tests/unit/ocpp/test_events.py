"""Security events: one function tells them from anywhere, and the security log keeps them (A04.FR.04, N01.FR.05)."""

import os

from helpers import replaced
from security_log import SecurityLog

from ocpp import events, log
from ocpp.log import writing


def test_an_event_is_a_line_of_the_security_log_within_a_second():
    with SecurityLog() as kept:
        kept.begin()
        kept.second(5)
        events.tell("InvalidTLSVersion", "TLS 1.1")
        kept.second()
        assert kept.lines() == ["2026-11-29T00:00:05Z InvalidTLSVersion: TLS 1.1"]
        assert kept.engine.asked == [("security_event", "InvalidTLSVersion", "TLS 1.1")]


def test_events_before_the_log_is_kept_come_into_it():
    with SecurityLog() as kept:
        for number in range(20):
            events.tell("Event%d" % number)
        kept.begin()
        events.tell("Later")
        kept.second()
        assert [line[21:] for line in kept.lines()] == ["Event%d: " % number for number in range(8)] + ["Later: "]


def test_the_log_goes_on_after_a_restart_and_at_the_end_of_a_run():
    with SecurityLog() as kept:
        kept.begin()
        events.tell("A")
        writing.finish()
        kept.begin()
        events.tell("B")
        kept.second()
        assert [line[21:] for line in kept.lines()] == ["A: ", "B: "]


def test_idle_it_has_no_memory_for_lines():
    with SecurityLog() as kept:
        kept.begin()
        assert len(kept.ring.data) == 0
        events.tell("A")
        assert len(kept.ring.data) > 0
        kept.second()
        assert len(kept.ring.data) == 0


def test_a_flood_of_one_kind_is_counted_and_pushes_nothing_out():
    with SecurityLog() as kept:
        kept.begin()
        events.tell("Precious", "of long ago")
        for second in range(3600):
            events.tell("InvalidMessages", "number %d" % second)
            events.tell("InvalidMessages", "again")
            kept.second()
        lines = kept.lines()
        assert "Precious: of long ago" in lines[0]
        found = [line for line in lines if "InvalidMessages" in line]
        assert len(found) == 5 * 6 and "(after 1195 more)" in found[5]
        assert kept.ring.writes < 40
        assert len(kept.engine.asked) == 1 + len(found)


def test_a_flood_of_all_kinds_is_bounded_on_flash():
    """More kinds than there are, without an end: no more than a write a minute, and no more than 16 kB."""
    with SecurityLog() as kept:
        kept.begin()
        for second in range(7200):
            for kind in range(4):
                events.tell("Kind%d" % ((second + kind * 7) % 30), "x" * 300)
            kept.second()
        assert kept.ring.writes <= 8 + 7200 // 60 + 1
        sizes = [writing.size_of(writing.path_of(kept.ring, number)) for number in writing.numbers_of(kept.ring)]
        assert len(sizes) <= 4 and max(sizes) <= 4096
        assert max([len(line) for line in kept.lines()]) < 320


def test_a_log_that_has_vanished_is_an_event():
    """SecurityLogWasCleared: no message clears the log, so somebody has removed its files."""
    with SecurityLog() as kept:
        kept.begin()
        assert kept.engine.asked == []
        events.tell("A")
        kept.second()
        kept.begin()
        assert kept.engine.asked == []
        for number in writing.numbers_of(kept.ring):
            os.remove(writing.path_of(kept.ring, number))
        kept.begin()
        kept.second()
        assert [what[1] for what in kept.engine.asked] == ["SecurityLogWasCleared"]
        assert "SecurityLogWasCleared" in kept.lines()[0]


def test_no_secret_and_no_forged_line_comes_into_the_log():
    with SecurityLog() as kept:
        kept.begin()
        events.tell("A", "ftp://user:secret@host/x\n2026-11-29T00:00:05Z Forged: line" + "y" * 400)
        kept.second()
        (line,) = kept.lines()
        assert "secret" not in line and "ftp://***@host" in line and "\\n2026" in line and len(line) < 320


def test_telling_never_raises():
    def fail(*what):
        raise OSError(28)

    def starve(*what):
        raise MemoryError

    with SecurityLog() as kept:
        kept.begin()
        lines = []
        for broken in (fail, starve):
            with replaced(kept.engine, ask=broken), replaced(log, exception=lambda *what: lines.append(what)):
                events.tell("A", ValueError("a text of another class"))
        assert len(lines) == 2
        kept.second()
        assert "a text of another class" in kept.lines()[0]
