"""UTC in seconds since 2000 and ISO 8601 (1.6 3.14, 3.15, E 3.10)."""

from helpers import raises
from ocpp.clock import Clock, iso
from ocpp.iso8601 import parse


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
    ):
        assert parse(text) == utc, text


def test_what_is_no_time():
    for text in ("", "yesterday", "2026-11-21", "2026-13-01T00:00:00Z", "1999-01-01T00:00:00Z", "2026-11-21T10:00:00Q"):
        raises(ValueError, parse, text)


def test_set_moves_the_clock():
    clock = Clock(parse("2026-01-01T00:00:00Z"))
    assert not clock.synced and clock.stamp() == "2026-01-01T00:00:00Z"
    moved = clock.set("2026-01-02T00:00:00+00:00")
    assert clock.synced and moved == 86400
    assert clock.stamp()[:10] == "2026-01-02"
