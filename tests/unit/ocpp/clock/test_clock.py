"""UTC in seconds since 2000 and ISO 8601 (1.6 3.14, 3.15, E 3.10)."""

from central_system import TIME
from helpers import raises
from ocpp.clock import Clock, iso
from ocpp.clock.iso8601 import milliseconds, parse


def test_epoch_and_leap_years():
    assert parse("2000-01-01T00:00:00Z") == 0
    assert iso(0) == "2000-01-01T00:00:00Z"
    assert iso(parse("2024-02-29T23:59:59Z") + 1) == "2024-03-01T00:00:00Z"
    assert iso(parse("2026-12-31T23:59:59Z") + 1) == "2027-01-01T00:00:00Z"
    assert parse("2026-11-21T00:00:00Z") == 848534400


def test_every_day_of_the_century_comes_back():
    for day in range(36525):
        assert parse(iso(day * 86400 + 43200)) == day * 86400 + 43200


def test_offsets_and_fractions():
    utc = parse("2026-11-21T10:00:00Z")
    for text in (
        "2026-11-21T12:00:00+02:00",
        "2026-11-21T05:30:00-04:30",
        "2026-11-21T10:00:00.123Z",
        "2026-11-21T10:00:00.999999+00:00",
        "2026-11-21T10:00:00",
        "2026-11-21t10:00:00z",
        "2026-11-21T12:00:00+0200",
        "2026-11-21T12:00:00+02",
        "2026-11-21 10:00:00",
        "2026-11-21T10:00:00,5Z",
        "2026-11-21T10:00:00.123",
        "2026-11-21T10:00Z",
        "2026-11-21T08:00-02",
    ):
        assert parse(text) == utc, text


def test_what_is_no_time():
    for text in ("", "yesterday", "2026-11-21", "2026-13-01T00:00:00Z", "1999-01-01T00:00:00Z", "2026-11-21T10:00:00Q",
                 "2026-02-29T00:00:00Z", "2026-11-21T10:61:00Z", "2026-11-21T10:00:00+2"):
        raises(ValueError, parse, text)


def test_set_moves_the_clock():
    clock = Clock(parse("2026-01-01T00:00:00Z"))
    assert not clock.synced and clock.stamp() == "2026-01-01T00:00:00Z"
    moved = clock.set("2026-01-02T00:00:00+00:00")
    assert clock.synced and moved == 86400
    assert clock.stamp()[:10] == "2026-01-02"


def test_fractions_of_a_second_count():
    clock, TIME.ms = Clock(), 250
    clock.set("2026-11-21T10:00:00.900Z")
    assert clock.stamp() == "2026-11-21T10:00:00Z"
    TIME.ms += 99
    assert clock.stamp() == "2026-11-21T10:00:00Z"
    TIME.ms += 1
    assert clock.stamp() == "2026-11-21T10:00:01Z"
    for text, fraction in (("", 0), (".5", 500), (".05Z", 50), (".1239+01:00", 123), (",25", 250), ("Z", 0),
                           ("+01:00", 0)):
        assert milliseconds("2026-11-21T10:00:00" + text) == fraction, text


def test_time_stamps_do_not_run_backwards():
    """1.6 3.7.1, E 3.78: what was reported is not followed by an earlier time, be it that the network was slow; a clock
    that was quite wrong is set back."""
    clock = Clock()
    clock.set("2026-11-21T10:00:05Z")
    told = clock.now()
    assert clock.set("2026-11-21T10:00:02Z") == -3 and clock.now() == told
    TIME.ms += 4000
    assert clock.now() == told + 1
    again = Clock(told - 300)
    again.not_before(told + 1)
    assert again.now() == told + 1
    again.set("2026-11-21T10:00:03Z")
    assert again.now() == told + 1
    again.set("2026-11-21T09:00:00Z")
    assert again.stamp() == "2026-11-21T09:00:00Z"
