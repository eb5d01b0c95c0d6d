"""Code that comes when it is needed and goes when memory is short (design 4)."""

import sys

from helpers import raises
from ocpp import log, on_demand
import profiles.core  # resident, as in the firmware


class Memory:
    """A heap with as many bytes `free` as is said; `after` a collection. Counts collections."""

    def __init__(self, free, after=None):
        self.free, self.after, self.collections = free, after or free, 0

    def __enter__(self):
        self.real, on_demand.gc = on_demand.gc, self
        return self

    def __exit__(self, *error):
        on_demand.gc = self.real

    def mem_free(self):
        return self.free

    def collect(self):
        self.collections += 1
        self.free = self.after


MUCH, LITTLE = 1000000, 1000
NAME = "profiles.core.availability"
LATER = ("address", "life", "refusals", "iso8601", "schema_values")  # as many as may be running


def load_and_others():
    """NAME is loaded, but it is not one of those that may be running."""
    on_demand.drop(True)
    on_demand.load(NAME)
    for name in LATER:
        on_demand.load("ocpp." + name)


def test_a_module_comes_and_goes():
    with Memory(MUCH):
        module = on_demand.load(NAME)
        assert module.restore and on_demand.load(NAME) is module
        on_demand.drop(True)
        assert NAME not in sys.modules and not hasattr(profiles.core, "availability")
        assert on_demand.load(NAME) is not module


def test_there_is_no_such_file():
    with Memory(MUCH):
        assert on_demand.load("profiles.core.no_such_message") is None
        assert on_demand.load("vendors.nobody") is None


def test_a_file_that_imports_what_is_not_there_is_an_error():
    """It must not look as if the file itself were missing."""
    real = __import__

    def broken(name):
        real("elsewhere.not_there")

    on_demand.__import__ = broken
    try:
        with Memory(MUCH):
            assert "elsewhere" in str(raises(ImportError, on_demand.load, "profiles.core.reset_x"))
    finally:
        on_demand.__import__ = real


def test_what_was_there_before_stays():
    with Memory(MUCH):
        assert on_demand.load("ocpp.log") is log
        on_demand.drop(True)
        assert on_demand.load("ocpp.log") is log and on_demand.load("profiles.core") is profiles.core


def test_memory_decides():
    for free, after, collections, stays in (
        (MUCH, MUCH, 0, True),
        (LITTLE, MUCH, 1, True),
        (LITTLE, LITTLE, 2, False),
    ):
        with Memory(MUCH):
            load_and_others()
        with Memory(free, after) as memory:
            on_demand._looked = on_demand.time.ticks_add(on_demand.time.ticks_ms(), -1000)
            on_demand.drop()
            assert (NAME in sys.modules) == stays and memory.collections == collections


def test_the_heap_is_not_looked_at_all_the_time():
    with Memory(MUCH):
        on_demand.load(NAME)
    with Memory(LITTLE) as memory:
        on_demand._looked = on_demand.time.ticks_ms()
        on_demand.drop()
        assert NAME in sys.modules and memory.collections == 0


def test_room_is_made_for_a_module_that_did_not_fit():
    calls = []
    real = __import__

    def tight(name):
        calls.append(name)
        if len(calls) == 1:
            raise MemoryError
        return real(name)

    with Memory(MUCH):
        load_and_others()
        on_demand.__import__ = tight
        try:
            assert on_demand.load("profiles.core.clear_cache").handle
        finally:
            on_demand.__import__ = real
        assert len(calls) == 2 and NAME not in sys.modules


def test_what_was_asked_for_last_stays_when_memory_is_short():
    """It may be in the middle of something, and would only be loaded a second time."""
    with Memory(MUCH):
        load_and_others()
        assert on_demand.load(NAME)
    with Memory(LITTLE):
        on_demand.load("profiles.core.clear_cache")
        assert NAME in sys.modules and "ocpp.address" not in sys.modules and "ocpp.refusals" in sys.modules
        on_demand.drop(True)
        assert NAME not in sys.modules


def test_plenty():
    with Memory(LITTLE):
        assert not on_demand.plenty()
    with Memory(MUCH):
        assert on_demand.plenty()
