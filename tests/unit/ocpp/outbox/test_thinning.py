# without coverage: the outbox is large
"""A full outbox: meter values in the middle are thinned out, starts and stops stay (architecture.md, Power cuts; E
3.14, 3.91)."""

import asyncio
import os

from helpers import finish, folder

from ocpp import log
from ocpp.clock import Clock
from ocpp.outbox.delivery import done
from ocpp.outbox import Outbox
from ocpp.outbox.queued import START, STOP, VALUES
from ocpp.store import Store

log.configure("error")
MOST = 20000
SESSION = 80  # meter values of each of two transactions side by side
PADDING = "x" * 150


async def ready():
    pass


class PowerCut(Exception):
    pass


def _outbox(path, most=MOST):
    clock = Clock()
    clock.set("2026-01-01T00:00:00Z")
    outbox = Outbox(Store(path), clock, {"TransactionMessageAttempts": 3, "TransactionMessageRetryInterval": 0}, most)
    outbox.render = lambda kind, number, body, correction, identity: (kind, (number, body))
    outbox.confirmed = lambda transaction, kind, body, response: None
    return outbox


def _sessions(outbox, first, last):
    """Two transactions at a time; the body of a value counts within its transaction."""
    for number in range(first, last, 2):
        for transaction in (number, number + 1):
            outbox.add(transaction, START, ["start"])
        for count in range(SESSION):
            outbox.add(number, VALUES, [count, PADDING])
            outbox.add(number + 1, VALUES, [count, PADDING])
        for transaction in (number, number + 1):
            outbox.add(transaction, STOP, ["stop", None])


def _delivered(outbox):
    """All that is left, as (kind, transaction, body)."""
    got = []

    async def call(action, payload, message_id):
        got.append((action,) + payload)
        return {"transactionId": 1, "idTagInfo": {"status": "Accepted"}}

    async def until_empty():
        task = asyncio.create_task(outbox.run(call, ready))
        while outbox.queued:
            await asyncio.sleep_ms(0)
        task.cancel()

    asyncio.run(finish(until_empty()))
    return got


def _bytes(path):
    return sum([os.stat(path + "/" + name)[6] for name in os.listdir(path) if name.startswith("queue.")])


def _check_order(got):
    """Of each transaction the start, its values ascending, the stop."""
    for transaction in set([number for _, number, _ in got]):
        own = [(kind, body[0]) for kind, number, body in got if number == transaction]
        assert own[0] == (START, "start") and own[-1] == (STOP, "stop"), (transaction, own[0], own[-1])
        values = [count for kind, count in own[1:-1]]
        assert values == sorted(set(values)), transaction


def _values(got, transaction):
    return [body[0] for kind, number, body in got if kind == VALUES and number == transaction]


def test_a_full_outbox_keeps_each_start_and_stop():
    path = folder("thinning")
    outbox = _outbox(path)
    _sessions(outbox, 1, 9)
    queued, thinned = outbox.queued, outbox.thinned
    assert _bytes(path) < MOST + 4096 and thinned > 300
    again = _outbox(path)
    assert (again.queued, again.thinned) == (queued, thinned) and queued + thinned == 8 * (SESSION + 2)
    got = _delivered(again)
    assert len(got) == queued
    assert [number for kind, number, _ in got if kind == START] == list(range(1, 9))
    assert [number for kind, number, _ in got if kind == STOP] == list(range(1, 9))
    _check_order(got)


def test_what_goes_is_spread_over_the_transaction():
    """Each of two transactions side by side keeps values from all of its time."""
    outbox = _outbox(folder("thinning"))
    _sessions(outbox, 1, 3)
    got = _delivered(outbox)
    for transaction in (1, 2):
        values = _values(got, transaction)
        gaps = [after - before for before, after in zip(values, values[1:])]
        assert values[0] == 0 and values[-1] > SESSION - 3 and max(gaps) <= 8 and len(values) > SESSION // 4, values


def test_the_message_that_is_on_its_way_stays():
    """It has been sent perhaps; its answer must find it."""
    outbox = _outbox(folder("thinning"))
    _sessions(outbox, 1, 3)
    for number in range(1, 40):
        record = outbox.journal.first(outbox.head["next"])
        _sessions(outbox, 2 * number + 1, 2 * number + 3)
        assert outbox.journal.first(outbox.head["next"]) == record
        done(outbox, record, {"transactionId": 1, "idTagInfo": {"status": "Accepted"}})
    _delivered(outbox)
    assert outbox.queued == 0


def test_with_starts_and_stops_alone_nothing_goes():
    """New meter values stay out then, and no transaction begins any more when it is fuller still."""
    path = folder("thinning")
    outbox = _outbox(path)
    number = 0
    while not outbox.full:
        number += 1
        outbox.add(number, START, ["start", PADDING])
        outbox.add(number, STOP, ["stop", None])
    outbox.add(number, VALUES, [1])
    assert (outbox.queued, outbox.thinned) == (2 * number, 1)
    assert _bytes(path) < MOST * 5 // 4 + 4096
    _check_order(_delivered(outbox))
    assert not outbox.full


def test_transaction_data_keeps_begin_and_end():
    outbox = _outbox(folder("thinning"))
    for number in range(1, 100):
        outbox.add(number, START, ["start"])
        outbox.add(number, STOP, ["stop", [[second, 0, PADDING] for second in range(20)]])
    got = _delivered(outbox)
    assert len(got) == 198
    _check_order(got)
    data = [body[1] for kind, _, body in got if kind == STOP]
    assert all([entries[0][0] == 0 and entries[-1][0] == 19 and len(entries) in (2, 20) for entries in data])
    assert len([entries for entries in data if len(entries) == 2]) > 50


class Power:
    """Goes when the store begins its write number `left`, appending not counted."""

    def __init__(self, store, left):
        self.left = left
        for name in ("write_file", "remove_file"):
            setattr(store, name, self.guard(getattr(store, name)))

    def guard(self, write):
        def guarded(*args):
            self.left -= 1
            if self.left < 0:
                raise PowerCut()
            write(*args)

        return guarded


def _cut_at(path, left):
    """(the records added until the power went at write number `left` of the thinning, whether it went at all)."""
    outbox = _outbox(path)
    append, added = outbox.journal.append, []

    def keep(record):
        added.append((record[2], record[3], record[4][0]))
        return append(record)

    outbox.journal.append = keep
    Power(outbox.store, left)
    try:
        _sessions(outbox, 1, 5)
    except PowerCut:
        return added, True
    return added, False


def test_power_cut_at_each_write_of_the_thinning():
    """What has been added until then is there, thinned out or not, each once and in order."""
    left, cut = 0, True
    while cut:
        path = folder("thinning")
        added, cut = _cut_at(path, left)
        outbox = _outbox(path)
        queued = outbox.queued
        got = [(number, kind, body[0]) for kind, number, body in _delivered(outbox)]
        assert len(got) == queued == len(set(got)), left
        assert [one for one in got if one[1] != VALUES] == [one for one in added if one[1] != VALUES], left
        places = [added.index(one) for one in got]
        assert places == sorted(places) and places[-1] == len(added) - 1, left
        left += 1
    assert left > 25, left
