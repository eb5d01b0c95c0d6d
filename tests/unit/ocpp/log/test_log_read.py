"""The log on flash as it is read: the newest lines, lines between two times, while the log grows."""

from kept_log import Kept

from ocpp.log import read, writing


def whole(source):
    """What `source` gives."""
    data = b"".join([bytes(piece) for piece in source.pieces()])
    assert len(data) == source.size
    return data.decode()


def test_reading_gives_flash_and_what_waits():
    with Kept() as kept:
        assert whole(read.newest(kept.ring)) == ""
        kept.ring.add("first", 1)
        writing.write(kept.ring)
        kept.ring.add("second", 1)
        assert whole(read.newest(kept.ring)) == "first\nsecond\n"
        assert kept.ring.writes == 1
    assert whole(read.newest(None)) == ""


def test_reading_is_bounded():
    with Kept(256) as kept:
        for number in range(1500):
            kept.second(60)
            kept.ring.add("%04d %s" % (number, "x" * 64), 1)
        text = whole(read.newest(kept.ring))
        assert 24576 < len(text) <= 32768 + 512 and text.endswith("\n")
        assert text.split("\n")[-2].startswith("1499 ")


def test_a_source_holds_while_the_log_grows():
    """Its size and its lines are those of the moment when it was made; what has been removed since is empty lines."""
    with Kept(8) as kept:
        for number in range(100):
            kept.second(60)
            kept.ring.add("early %03d %s" % (number, "x" * 55), 1)
        source = read.Source("x", read.between(kept.ring, None, None))
        before = whole(source)
        assert before.endswith("early 099 " + "x" * 55 + "\n")
        source.rewind()
        kept.ring.add("late", 3)
        kept.second(2)
        assert whole(source) == before
        for number in range(100):
            kept.second(60)
            kept.ring.add("late %03d %s" % (number, "x" * 55), 1)
        source.rewind()
        after = whole(source)
        assert "late" not in after and len(after) == len(before)
        assert set(after.split("\n")) <= set(before.split("\n"))


STAMP = "2026-01-01T00:%02d:00Z INFO minute %d"


def minutes_of(parts):
    return [line for line in whole(read.Source("x", parts)).split("\n") if line]


def test_lines_between_two_times():
    with Kept(32) as kept:
        for minute in range(60):
            kept.ring.add(STAMP % (minute, minute), 1)
            if minute == 30:
                kept.ring.add("    a line of a traceback", 1)
        assert kept.ring.writes and writing.waiting(kept.ring)
        of = lambda *bounds: minutes_of(read.between(kept.ring, *bounds))  # noqa: E731
        assert len(of(None, None)) == 61
        assert of("2026-01-01T00:58:00Z", None) == [STAMP % (58, 58), STAMP % (59, 59)]
        assert of(None, "2026-01-01T00:01:30Z") == [STAMP % (0, 0), STAMP % (1, 1)]
        assert of("2026-01-01T00:30:00Z", "2026-01-01T00:31:00Z") == [
            STAMP % (30, 30),
            "    a line of a traceback",
            STAMP % (31, 31),
        ]
        assert of("2026-01-01T00:30:01Z", "2026-01-01T00:30:59Z") == []
        assert read.between(kept.ring, "2027-01-01T00:00:00Z", None) == []
        assert read.between(kept.ring, None, "2025-01-01T00:00:00Z") == []


def test_lines_between_two_times_after_the_clock_was_set():
    """They lie in several places."""
    with Kept(32) as kept:
        for minute in (50, 51, 10, 11, 51, 52, 10):
            kept.ring.add(STAMP % (minute, minute), 1)
        writing.write(kept.ring)
        found = minutes_of(read.between(kept.ring, "2026-01-01T00:51:00Z", "2026-01-01T00:55:00Z"))
        assert found == [STAMP % (51, 51), STAMP % (51, 51), STAMP % (52, 52)]
