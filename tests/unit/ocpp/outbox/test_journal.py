"""The files of the outbox (architecture.md, Power cuts): lines are appended, taken in order, and survive a cut within a
line."""

import os

from helpers import folder
from journal_records import taken

from ocpp import log
from ocpp.outbox import Journal
from ocpp.store.checked_lines import encode
from ocpp.store import Store

log.configure("error")


def _write(path, name, text):
    with open(path + "/" + name, "wb") as file:
        file.write(text)


def test_numbers_ascend_from_the_first():
    journal = Journal(Store(folder("journal")), 7)
    assert journal.next == 7 and journal.count == 0 and journal.bytes == 0 and journal.first(7) is None
    assert [journal.append([None, body]) for body in "ab"] == [7, 8]
    assert journal.count == 2 and journal.next == 9
    assert taken(journal, 7) == ["a", "b"] and journal.count == 0


def test_what_was_taken_before_a_restart_is_left_out():
    path = folder("journal")
    journal = Journal(Store(path), 1)
    for body in "abc":
        journal.append([0, body])
    again = Journal(Store(path), 3)
    assert (again.count, again.next) == (1, 4)
    assert again.first(3) == [3, "c"]


def test_a_torn_first_line_of_a_segment_gives_up_its_name():
    """The next segment is named after the same number: nothing may be appended to the torn line."""
    for text in (encode([5, "x"])[:9], b"\0\0\0", b"x\n"):
        path = folder("journal")
        _write(path, "queue.5", text)
        journal = Journal(Store(path), 5)
        assert (journal.count, journal.next) == (0, 5)
        journal.append([0, "y"])
        assert Journal(Store(path), 5).count == 1
        assert taken(journal, 5) == ["y"]


def test_a_torn_line_after_whole_ones_begins_a_new_segment():
    path = folder("journal")
    _write(path, "queue.1", encode([1, "a"]) + encode([2, "b"])[:-1])
    journal = Journal(Store(path), 1)
    assert (journal.count, journal.next) == (1, 2)
    journal.append([0, "c"])
    assert sorted(os.listdir(path)) == ["queue.1", "queue.2"]
    assert taken(Journal(Store(path), 1)) == ["a", "c"]


def test_segments_that_are_done_with_go():
    path = folder("journal")
    journal = Journal(Store(path), 1)
    for _ in range(30):
        journal.append([0, "x" * 400])
    names = sorted(os.listdir(path))
    assert 3 <= len(names) <= 5
    assert journal.bytes == sum([os.stat(path + "/" + name)[6] for name in names])
    again = Journal(Store(path), 25)
    assert again.count == 6 and len(os.listdir(path)) < len(names), "what a cut left behind goes at the start"
    assert len(taken(again, 25)) == 6
    assert len(os.listdir(path)) <= 1


def test_a_full_segment_goes_with_its_last_line():
    path = folder("journal")
    journal = Journal(Store(path), 1)
    for _ in range(11):
        journal.append([0, "x" * 400])
    taken(journal)
    names = os.listdir(path)
    journal.append([0, "next"])
    assert taken(journal, 12) == ["next"]
    assert all([os.stat(path + "/" + name)[6] < 4500 for name in names])


def test_foreign_files_are_left_alone():
    path = folder("journal")
    _write(path, "keys.0", b"x")
    journal = Journal(Store(path), 1)
    journal.append([0, "a"])
    taken(journal)
    assert "keys.0" in os.listdir(path)
