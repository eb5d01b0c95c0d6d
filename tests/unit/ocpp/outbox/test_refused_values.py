"""Meter values that the central system refuses do not hold up starts and stops (1.6 3.7.1, J 3.3)."""

import asyncio

from helpers import folder

import ocpp.outbox
import ocpp.outbox.refused
from ocpp import log
from ocpp.clock import Clock
from ocpp.errors import CallError, OcppError, Offline
from ocpp.outbox import Outbox
from ocpp.outbox.queued import START, STOP, VALUES
from ocpp.store import Store

KEYS = {"TransactionMessageAttempts": 3, "TransactionMessageRetryInterval": 3600}
STARTED = {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}


def refused(code="InternalError"):
    return CallError(code, "no")


class Peer:
    """`answer(kind, body)` gives the answer to a message, or an exception; `got` are the messages as kind + body."""

    def __init__(self, answer):
        self.answer = answer
        self.got = []
        self.changed = asyncio.Event()

    async def call(self, action, payload, message_id):
        self.got.append(action + payload)
        self.changed.set()
        answer = self.answer(action, payload)
        if isinstance(answer, Exception):
            raise answer
        return answer if answer is not None else STARTED if action == START else {}

    async def until(self, count):
        """Until so many messages have come."""
        while len(self.got) < count:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 20)


class Waits:
    """asyncio for the outbox, whose waits take no time; `seconds` lists how long they should have been."""

    def __init__(self):
        self.seconds = []

    def __getattr__(self, name):
        return getattr(asyncio, name)

    def sleep(self, seconds):
        self.seconds.append(seconds)
        return asyncio.sleep_ms(0)

    def wait_for(self, awaitable, seconds):
        awaitable.close()
        return self.sleep(seconds)


async def ready():
    pass


def outbox_of(path, keys=KEYS):
    log.configure("error")
    clock = Clock()
    clock.set("2026-01-01T00:00:00Z")
    outbox = Outbox(Store(path), clock, keys)
    outbox.render = lambda kind, number, body, correction, identity: (kind, body)
    outbox.confirmed = lambda transaction, kind, body, response: None
    return outbox


def session(outbox, name, values):
    """A transaction with so many values: Sa Ma0 Ma1 ... Ea."""
    number = outbox.next_number
    outbox.add(number, START, name)
    for index in range(values):
        outbox.add(number, VALUES, "%s%d" % (name, index))
    outbox.add(number, STOP, name)


def deliver(outbox, peer):
    """Deliver all; the seconds that each wait should have taken."""

    async def main():
        task = asyncio.create_task(outbox.run(peer.call, ready))
        while outbox.queued:
            await asyncio.sleep_ms(1)
        task.cancel()

    ocpp.outbox.asyncio = ocpp.outbox.refused.asyncio = waits = Waits()
    try:
        asyncio.run(asyncio.wait_for(main(), 20))
    finally:
        ocpp.outbox.asyncio = ocpp.outbox.refused.asyncio = asyncio
    return waits.seconds


def no_values(kind, body):
    return refused() if kind == VALUES else None


def test_starts_and_stops_do_not_wait_for_values_that_are_always_refused():
    """The first value gets its three tries within seconds, each further one a single try; all in their order."""
    outbox = outbox_of(folder("refused"))
    session(outbox, "a", 3)
    session(outbox, "b", 2)
    peer = Peer(no_values)
    waits = deliver(outbox, peer)
    assert peer.got == ["Sa", "Ma0", "Ma0", "Ma0", "Ma1", "Ma2", "Ea", "Sb", "Mb0", "Mb1", "Eb"]
    assert sum(waits) <= 3, waits


def test_a_value_behind_which_nobody_waits_is_tried_as_configured():
    outbox = outbox_of(folder("refused"))
    outbox.add(1, START, "a")
    outbox.add(1, VALUES, "a0")
    outbox.add(1, VALUES, "a1")
    peer = Peer(no_values)
    assert deliver(outbox, peer) == [3600, 7200]
    assert peer.got == ["Sa", "Ma0", "Ma0", "Ma0", "Ma1"]


def test_a_stop_ends_the_wait_of_a_refused_value():
    """So does the start of another connector; the value is tried once more before it."""
    for kind in (STOP, START):
        outbox = outbox_of(folder("refused"))
        peer = Peer(lambda kind, body, tries=[]: tries.append(1) or refused() if kind == VALUES and not tries else None)

        async def main(outbox=outbox, peer=peer, kind=kind):
            task = asyncio.create_task(outbox.run(peer.call, ready))
            outbox.add(1, VALUES, "a0")
            await peer.until(1)
            outbox.add(1, kind, "a")
            await peer.until(3)
            task.cancel()

        asyncio.run(asyncio.wait_for(main(), 20))
        assert peer.got == ["Ma0", "Ma0", kind + "a"]


def test_values_are_tried_as_before_once_one_was_accepted():
    script = [refused()] * 3 + [refused(), None, refused(), refused(), None]
    peer = Peer(lambda kind, body: script.pop(0) if kind == VALUES else None)
    outbox = outbox_of(folder("refused"))
    session(outbox, "a", 4)
    deliver(outbox, peer)
    assert peer.got == ["Sa", "Ma0", "Ma0", "Ma0", "Ma1", "Ma2", "Ma3", "Ma3", "Ma3", "Ea"]


def test_many_values_behind_a_refused_one_do_not_wait_either():
    """A central system that accepts each value at the third try cannot make the queue grow for ever."""
    outbox = outbox_of(folder("refused"))
    for index in range(120):
        outbox.add(1, VALUES, "a%d" % index)
    tries = {}

    def third(kind, body):
        tries[body] = tries.get(body, 0) + 1
        return None if tries[body] == 3 else refused()

    peer = Peer(third)
    waits = deliver(outbox, peer)
    assert len(peer.got) == 360 and max(waits[:140]) <= 2, waits
    assert waits[-2:] == [3600, 7200], "the last ones have time"


def test_not_implemented_and_not_supported_are_final():
    for code in ("NotImplemented", "NotSupported"):
        outbox = outbox_of(folder("refused"))
        session(outbox, "a", 2)
        peer = Peer(lambda kind, body, code=code: refused(code))
        assert deliver(outbox, peer) == []
        assert peer.got == ["Sa", "Ma0", "Ma1", "Ea"]


def test_refused_starts_and_stops_are_tried_as_configured():
    for kind in (START, STOP):
        outbox = outbox_of(folder("refused"))
        session(outbox, "a", 1)
        peer = Peer(lambda one, body, kind=kind: refused() if one == kind else None)
        assert deliver(outbox, peer) == [3600, 7200]
        assert [one[0] for one in peer.got].count(kind) == 3


def test_tries_are_counted_over_a_restart_and_the_stop_behind_is_found_there():
    path = folder("refused")
    outbox = outbox_of(path)
    session(outbox, "a", 2)
    peer = Peer(lambda kind, body: None if kind == START else refused() if len(peer.got) < 3 else Offline())

    async def main():
        task = asyncio.create_task(outbox.run(peer.call, ready))
        await peer.until(3)
        await asyncio.sleep_ms(20)
        task.cancel()

    asyncio.run(asyncio.wait_for(main(), 20))
    assert peer.got == ["Sa", "Ma0", "Ma0"]
    again = Peer(no_values)
    waits = deliver(outbox_of(path), again)
    assert again.got == ["Ma0", "Ma0", "Ma1", "Ea"] and sum(waits) <= 3, (again.got, waits)


def test_a_message_that_cannot_be_made_does_not_stop_the_queue():
    """One that our own check refuses is not sent again; one that cannot be rendered is left out."""
    outbox = outbox_of(folder("refused"))
    session(outbox, "a", 2)
    render = outbox.render

    def picky(kind, number, body, correction, identity):
        if body == "a0":
            raise KeyError("field")
        return render(kind, number, body, correction, identity)

    outbox.render = picky
    peer = Peer(lambda kind, body: OcppError("TypeConstraintViolation", "no") if body == "a1" else None)
    assert deliver(outbox, peer) == []
    assert peer.got == ["Sa", "Ma1", "Ea"]
