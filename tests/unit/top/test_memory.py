# micropython only: it replaces __import__
"""memory.py: what is unloaded when memory is short, and what stays (architecture.md, Memory)."""

import gc
import sys

from helpers import raises

import heap
import memory
import profiles.core  # resident, as in the firmware
from ocpp import log

MUCH, LITTLE = 1000000, 1000
NAME = "profiles.core.availability"
# As many as may be running.
LATER = ("link.address", "engine.engine_keys", "engine.heartbeat", "clock.iso8601", "engine.start",
         "schema.values", "outbox.thinning")


class Heap:
    """A heap with as many bytes `free` as is said, `after` a collection; counts collections. Memory is managed."""

    def __init__(self, free, after=None):
        self.free, self.after, self.collections = free, after or free, 0

    def __enter__(self):
        self.real = memory.gc
        memory.gc = heap.gc = self
        self.kept = memory._managed, memory._looked, memory.least, memory.least_of_idf
        memory._managed = True
        return self

    def __exit__(self, *error):
        memory.gc = heap.gc = self.real
        memory._managed, memory._looked, memory.least, memory.least_of_idf = self.kept

    def mem_free(self):
        return self.free

    def mem_alloc(self):
        return 0

    def collect(self):
        self.collections += 1
        self.free = self.after


def use(name):
    """As an import statement in a function does it, on a board."""
    return memory._imported(name, None, None, (), 0) and sys.modules[name]


def use_with_others():
    """NAME is loaded, but it is not one of those that may be running."""
    memory.unload()
    use(NAME)
    for name in LATER:
        use("ocpp." + name)


def test_a_module_comes_and_goes():
    with Heap(MUCH):
        module = memory._imported(NAME, None, None, ("restore",), 0)
        assert module.restore and memory._imported(NAME, None, None, ("restore",), 0) is module
        assert memory._imported("profiles.core", None, None, ("availability",), 0).availability is module
        assert memory._imported(NAME, None, None, None, 0) is sys.modules["profiles"]
        memory.unload()
        assert NAME not in sys.modules and not hasattr(profiles.core, "availability")
        assert memory._imported(NAME, None, None, ("restore",), 0) is not module


def test_a_module_with_frames_that_wait_stays():
    """They keep it in memory anyway, and the next import must not bring a second one."""
    with Heap(MUCH):
        module = use(NAME)
        for more in (1, 1, -1):
            memory.hold(NAME, more)
            memory.unload()
            assert use(NAME) is module
        memory.hold(NAME, -1)
        memory.unload()
        assert use(NAME) is not module


def test_a_name_that_is_known_only_now():
    with Heap(MUCH):
        assert memory.load(NAME).restore
        assert memory.load("profiles.core.no_such_message") is None
        assert memory.load("vendors.nobody") is None


def test_a_file_that_imports_what_is_not_there_is_an_error():
    """It must not look as if the file itself were missing."""
    real = __import__

    def broken(name):
        real("elsewhere.not_there")

    memory.__import__ = broken
    try:
        assert "elsewhere" in str(raises(ImportError, memory.load, "profiles.core.reset_x"))
    finally:
        del memory.__import__


def test_resident_modules_and_packages_stay():
    with Heap(MUCH):
        for name in ("ocpp.log", "ocpp.engine", "hal.evse.machine", "profiles.core", "profiles.core.connector"):
            use(name)
        memory.unload()
        for name in ("ocpp.log", "ocpp.engine", "hal.evse.machine", "profiles.core", "profiles.core.connector"):
            assert name in sys.modules, name
        assert sys.modules["ocpp.log"] is log
        use("hal.esp32.pins")
        memory.unload()
        assert "hal.esp32.pins" not in sys.modules


def test_memory_decides():
    for free, after, collections, stays in (
        (MUCH, MUCH, 0, True),
        (LITTLE, MUCH, 1, True),
        (LITTLE, LITTLE, 2, False),
    ):
        with Heap(MUCH):
            use_with_others()
        with Heap(free, after) as fake:
            memory._looked = memory.time.ticks_add(memory.time.ticks_ms(), -1000)
            memory.look()
            assert (NAME in sys.modules) == stays and fake.collections == collections


def test_the_heap_is_not_counted_where_nothing_is_unloaded():
    """With PSRAM, or on a PC: to count the free bytes of a large heap for each message takes longer than the answer."""
    with Heap(LITTLE) as fake:
        memory._managed = False
        fake.mem_free = None
        memory.make_room(MUCH)
        memory.look()
        assert memory.plenty() and not memory.short() and fake.collections == 0


def test_the_heap_is_not_looked_at_all_the_time():
    with Heap(MUCH):
        use(NAME)
    with Heap(LITTLE) as fake:
        memory._looked = memory.time.ticks_ms()
        memory.look()
        assert NAME in sys.modules and fake.collections == 0


def test_room_is_made_for_a_module_that_did_not_fit():
    calls = []
    real = memory._import

    def tight(name, *rest):
        calls.append(name)
        if len(calls) == 1:
            raise MemoryError
        return real(name, *rest)

    with Heap(MUCH):
        use_with_others()
        memory._import = tight
        try:
            assert use("profiles.core.calls.clear_cache").handle
        finally:
            memory._import = real
        assert calls.count("profiles.core.calls.clear_cache") == 2 and NAME not in sys.modules


def test_what_was_imported_last_stays_when_memory_is_short():
    """It may be in the middle of something, and would only be loaded a second time."""
    with Heap(MUCH):
        use_with_others()
        assert use(NAME)
    with Heap(LITTLE):
        use("profiles.core.calls.clear_cache")
        assert NAME in sys.modules and "ocpp.link.address" not in sys.modules and "ocpp.outbox.thinning" in sys.modules
        memory.unload()
        assert NAME not in sys.modules


def test_where_memory_is_plenty_nothing_is_unloaded():
    with Heap(MUCH):
        use(NAME)
        memory._managed = False
        memory.unload()
        assert NAME in sys.modules


def test_a_piece_that_does_not_fit_unloads():
    with Heap(MUCH):
        use(NAME)
        memory.make_room(piece=100)
        assert NAME in sys.modules
        memory.make_room(piece=1 << 29)
        assert NAME not in sys.modules


class Idf:
    """The module esp32."""

    HEAP_DATA = 4
    regions = [(9000, 700, 600, 500), (90000, 40000, 30000, 20000)]

    def idf_heap_info(self, kind):
        return self.regions

    def __enter__(self):
        heap.esp32 = self

    def __exit__(self, *error):
        heap.esp32 = None


def test_the_largest_block_of_esp_idf_is_not_free():
    with Idf(), Heap(50000):
        assert memory.free() == 20000


def test_heap_is_claimed_once_and_stays():
    """As large as asked for at first, so that the heap grows by that; small afterwards, but not empty."""
    try:
        with Idf():
            heap.claim(30000)
            assert heap._claimed is None, "there is no more than is to be kept"
            before = gc.mem_alloc()
            heap.claim(30000 - 16384)
            assert len(heap._claimed) == 16
            gc.collect()
            assert gc.mem_alloc() - before < 2048
    finally:
        heap._claimed, heap._total = None, 0


def test_a_heap_that_has_grown_gives_way():
    """What has made it grow is unloaded, so that ESP-IDF gets its memory back."""
    assert not heap.grown()
    try:
        with Idf():
            heap._total = heap._all() + 100000
            assert not heap.grown()
            heap._total = heap._all() - 1000
            assert heap.grown()
            with Heap(MUCH):
                use(NAME)
                memory._looked -= 1000
                heap._total = 1
                memory.look()
                assert NAME not in sys.modules
    finally:
        heap._total = 0


def test_a_board_does_not_look_for_a_piece_by_taking_it():
    """Its heap would grow for it."""
    with Idf(), Heap(MUCH):
        use(NAME)
        memory.make_room(0, piece=1 << 30)
        assert NAME not in sys.modules


def test_the_least_of_both_heaps_is_remembered():
    with Idf(), Heap(50000):
        memory.least = memory.least_of_idf = None
        memory._looked -= 1000
        memory.look()
        assert memory.least_of_idf == 40700 and memory.least <= 30000


def test_plenty():
    with Heap(LITTLE):
        assert not memory.plenty()
    with Heap(MUCH):
        assert memory.plenty()
