# micropython only: OSError(12) has an errno there
"""A handshake of TLS begins when ESP-IDF has memory for it, or after some seconds; the page knows of it meanwhile."""

import asyncio

import heap
from link_world import Keys, section
from ocpp.link import connecting, secure


class Link:
    identity, keys = "x", Keys(0)
    net = on_tls = trial = root = client = told = None
    dead, opening = 0, False

    def __init__(self, scheme):
        self.csms = section(scheme + "://here")
        self.ways = [[2 if scheme == "wss" else 0, None]]


def begun(free, scheme="wss"):
    """What link.opening was at the handshake, and how often ESP-IDF's heap was looked at; `free`: what it has at each
    look, the last one from then on, or None on a PC."""
    link, looks, seen = Link(scheme), [], []

    def free_of_idf():
        looks.append(free and free[min(len(looks), len(free) - 1)])
        return looks[-1]

    async def connect(*args, **kwargs):
        seen.append(link.opening)

    real = heap.free_of_idf, secure.connect, connecting.websocket.connect, asyncio.sleep_ms
    heap.free_of_idf, secure.connect, connecting.websocket.connect = free_of_idf, connect, connect
    asyncio.sleep_ms = lambda ms: real[-1](0)
    try:
        asyncio.run(connecting.connect(link, None))
    finally:
        heap.free_of_idf, secure.connect, connecting.websocket.connect, asyncio.sleep_ms = real
    assert not link.opening
    return seen, len(looks)


def test_it_begins_at_once_where_there_is_memory():
    assert begun([37000]) == ([True], 1)
    assert begun(None) == ([True], 1)


def test_it_waits_for_what_is_given_back_late():
    assert begun([33000, 35999, 36000]) == ([True], 3)


def test_it_does_not_wait_for_ever():
    assert begun([20000]) == ([True], 50)


def test_without_tls_nothing_is_waited_for():
    assert begun([20000], "ws") == ([False], 0)


def dead(link, free, ends):
    """link.dead after a try on a board with `free` bytes of ESP-IDF's memory during a handshake that never `ends`, or
    does with this exception."""

    async def connect(*args, **kwargs):
        if ends:
            raise ends
        await asyncio.Event().wait()

    real = heap.free_of_idf, heap.esp32, secure.connect, connecting.time, asyncio.sleep_ms
    heap.free_of_idf, heap.esp32, secure.connect = (lambda: free), True, connect
    connecting.time, asyncio.sleep_ms = Quick(), lambda ms: real[-1](0)
    try:
        asyncio.run(connecting.connect(link, None))
    finally:
        heap.free_of_idf, heap.esp32, secure.connect, connecting.time, asyncio.sleep_ms = real
    return link.dead


class Quick:
    """Time that passes with each look at it."""

    ms = 0

    def ticks_ms(self):
        self.ms += 500
        return self.ms

    def ticks_diff(self, late, early):
        return late - early


def test_a_handshake_without_memory_for_a_packet_is_a_fault_of_this_board():
    """The second one is followed by the radio off and on, see health_check.py."""
    link = Link("wss")
    assert dead(link, 2500, None) == 2 and dead(link, 2500, None) == 4
    assert dead(link, 40000, None) == 0  # the central system did not answer


def test_an_error_of_the_handshake_is_what_it_was():
    link = Link("wss")
    assert dead(link, 40000, OSError(12)) == 1
    assert dead(link, 40000, OSError(104)) == 0
