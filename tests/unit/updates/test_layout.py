# micropython only: it has littlefs
"""updates/layout.py: records whose form a version has changed are read by that version and by the one before, whichever
is on trial, and a power cut at any write of a step changes nothing about that."""

import os

from packages import Board, cut_anywhere, recorded

from ocpp import log
from ocpp.store import Store
from updates import layout

log.configure("error")


def split(store):
    """From layout 1 to 2: one record for all connectors becomes one for each."""
    both = store.load("limits")
    if both is None:
        return  # done before the power went
    for number, value in enumerate(both):
        store.save("limit%d" % (number + 1), value)
    store.remove("limits")


def join(store):
    one = [store.load("limit1"), store.load("limit2")]
    if store.load("limits") is None:
        store.save("limits", one)
    for number in (1, 2):
        store.remove("limit%d" % number)


def rename(store):
    value = store.load("name")
    if value is not None:
        store.save("label", value)
        store.remove("name")


def rename_back(store):
    value = store.load("label")
    if value is not None:
        store.save("name", value)
        store.remove("label")


STEPS = ((split, join), (rename, rename_back))
VALUES = [16, 32]


def old_reads(store):
    """What a version with layout 1 makes of the store."""
    return store.load("limits"), store.load("name")


def new_reads(store):
    """What one with layout 3 does: it knows the layouts before."""
    now = store.load(layout.RECORD, 1)
    limits = store.load("limits") if now < 2 else [store.load("limit1"), store.load("limit2")]
    return limits, store.load("name" if now < 3 else "label")


def filled():
    store = Store("site")
    store.save("limits", VALUES)
    store.save("name", "box")
    return store


GOOD = (VALUES, "box")


def test_nothing_changes_while_a_version_is_on_trial():
    with Board() as board:
        store = filled()
        before = board.flash.programs
        layout.startup(store, True, 3, STEPS)
        assert board.flash.programs == before and old_reads(store) == new_reads(store) == GOOD


def test_it_migrates_when_it_is_no_longer_on_trial():
    with Board() as board:
        store = filled()
        layout.startup(store, False, 3, STEPS)
        assert store.load(layout.RECORD) == 3 and new_reads(Store("site")) == GOOD
        assert not [name for name in os.listdir("site") if name.startswith(("limits", "name"))]
        before = board.flash.programs
        layout.startup(store, False, 3, STEPS)
        assert board.flash.programs == before


def test_it_migrates_back_before_an_older_version_is_installed():
    with Board():
        store = filled()
        layout.startup(store, False, 3, STEPS)
        layout.prepare(store, 3, STEPS)
        layout.prepare(store, 4, STEPS)
        assert store.load(layout.RECORD) == 3
        layout.prepare(store, 1, STEPS)
        assert old_reads(Store("site")) == new_reads(Store("site")) == GOOD
        layout.startup(store, False, 3, STEPS)  # the trial of the older one has failed
        assert new_reads(Store("site")) == GOOD


def test_a_power_cut_at_every_write():
    def up(store):
        layout.startup(store, False, 3, STEPS)

    def down(store):
        layout.prepare(store, 1, STEPS)

    count = 0
    with Board() as board:
        store = filled()
        films = [recorded(board.flash, lambda: up(store)), recorded(board.flash, lambda: down(store))]
    for film in films:
        for flash, _ in cut_anywhere(*film):
            with Board(flash=flash):
                up(Store("site"))
                assert new_reads(Store("site")) == GOOD
                down(Store("site"))
                assert old_reads(Store("site")) == new_reads(Store("site")) == GOOD
            count += 1
    print("power cuts at the writes of two steps, up and down: %d" % count)
    assert count >= 80


def test_today_there_is_one_layout_and_no_write():
    with Board() as board:
        store = filled()
        before = board.flash.programs
        layout.startup(store, False)
        layout.prepare(store, 1)
        assert board.flash.programs == before and layout.LAYOUT == len(layout.STEPS) + 1


def test_the_first_step_has_to_be_called_at_the_start():
    """As long as there is none, a start need not load this; the author of one sees this fail."""
    with open("app/compose.py") as file:
        assert "layout.startup(" in file.read() or not layout.STEPS
