"""Where a board has too little memory for a transfer beside the link, the link is closed for it."""

import asyncio

import heap
import memory
from profiles.firmware import transfer_options


class Idf:
    """ESP-IDF's heap, as on a board."""

    HEAP_DATA = 4

    def __init__(self, free):
        self.free = free

    def idf_heap_info(self, kind):
        return [(50000, self.free, 2000, 1000)]


class Link:
    def __init__(self, idf, gives):
        self.connected, self.paused, self.closed = True, False, []
        self._idf, self._gives = idf, gives

    async def close(self, reason):
        self.closed.append(reason)
        self.connected = False
        self._idf.free += self._gives


def made(idf_free, heap_free, needed, managed=True, gives=26000):
    """The Link after room has been made."""
    idf = Idf(idf_free)
    link = Link(idf, gives)
    was = memory.managed, memory.unload, heap.free
    memory.managed, memory.unload, heap.free = lambda: managed, lambda: None, lambda: heap_free
    heap.esp32 = idf
    try:
        asyncio.run(transfer_options._make_room(link, needed))
    finally:
        memory.managed, memory.unload, heap.free = was
        heap.esp32 = None
    return link


def test_the_link_stays_where_there_is_room_for_both():
    link = made(11000, 45000, 6000)
    assert link.closed == [] and not link.paused


def test_the_link_gives_way_where_sockets_have_no_room():
    link = made(11000, 45000, 34000)
    assert link.closed and link.paused


def test_the_link_gives_way_where_the_code_has_no_room():
    link = made(11000, 30000, 6000)
    assert link.closed and link.paused


def test_where_nothing_is_unloaded_the_code_has_room():
    assert made(11000, 30000, 6000, managed=False).closed == []
