"""Transaction messages: on flash, in order, until confirmed (1.6 3.7, 3.7.1, E 3.18)."""

import asyncio
import os

from helpers import finish, folder, raises
from ocpp.clock import Clock, iso
from ocpp.outbox import journal_scan
from ocpp.store.checked_lines import encode, number_of, whole
from ocpp.outbox import Outbox
from ocpp.outbox.queued import START, STOP, VALUES
from ocpp.outbox.era import clock_moved
from ocpp.errors import CallError, Offline
from ocpp.store import Store

KEYS = {"TransactionMessageAttempts": 3, "TransactionMessageRetryInterval": 0}


class Peer:
    """Answers as scripted; keeps what it got."""

    def __init__(self, script=()):
        self.script = list(script)
        self.got = []
        self.ids = []
        self.idle = asyncio.Event()

    async def call(self, action, payload, message_id):
        self.got.append(payload)
        self.ids.append(message_id)
        answer = self.script.pop(0) if self.script else {}
        if isinstance(answer, Exception):
            raise answer
        return answer


async def ready():
    pass


def _outbox(path, clock=None):
    outbox = Outbox(Store(path), clock or _synced(), KEYS)
    outbox.render = lambda kind, number, body, correction, identity: (kind, (kind, body, correction, identity))
    outbox.confirmed = lambda transaction, kind, body, response: None
    return outbox


def _synced():
    clock = Clock()
    clock.set("2026-01-01T00:00:00Z")
    return clock


def _deliver(outbox, peer):
    """Run the outbox until it is empty."""

    async def until_empty():
        task = asyncio.create_task(outbox.run(peer.call, ready))
        while outbox.queued:
            await asyncio.sleep_ms(1)
        task.cancel()

    asyncio.run(finish(until_empty()))


def _started(identity=7, status="Accepted"):
    return {"transactionId": identity, "idTagInfo": {"status": status}}


def test_line_of_the_journal_tells_torn_from_whole():
    line = encode([41, "ü", None])
    assert whole(line) and number_of(line) == 41
    for length in range(len(line)):
        assert not whole(line[:length])
    assert not whole(line.replace(b"41", b"42"))


def test_messages_leave_in_order_with_their_transaction_id():
    outbox = _outbox(folder("outbox"))
    number = outbox.next_number
    outbox.add(number, START, "a")
    outbox.add(number, VALUES, "b")
    outbox.add(number, STOP, "c")
    peer = Peer([_started(7)])
    _deliver(outbox, peer)
    assert [(kind, identity) for kind, body, correction, identity in peer.got] == [("S", -1), ("M", 7), ("E", 7)]
    assert len(set(peer.ids)) == 3
    assert outbox.transaction_id(number) is None


def test_a_restart_goes_on_where_it_was():
    path = folder("outbox")
    outbox = _outbox(path)
    outbox.add(1, START, "a")
    outbox.add(1, VALUES, "b")
    peer = Peer([_started(9), Offline()])

    async def first():
        task = asyncio.create_task(outbox.run(peer.call, ready))
        while len(peer.got) < 2:
            await asyncio.sleep_ms(1)
        task.cancel()

    asyncio.run(first())
    outbox = _outbox(path)
    assert outbox.queued == 1 and outbox.next_number == 3
    outbox.add(1, STOP, "c")
    again = Peer()
    _deliver(outbox, again)
    assert [message[:2] + message[3:] for message in again.got] == [("M", "b", 9), ("E", "c", 9)]
    assert again.ids[0] == peer.ids[1], "a retry after silence keeps its messageId (J 3.1)"


def test_call_errors_use_up_attempts_and_silence_does_not():
    outbox = _outbox(folder("outbox"))
    outbox.add(1, START, "a")
    outbox.add(1, STOP, "c")
    error = CallError("InternalError", "no")
    silence = [Offline()] * 2
    peer = Peer([error] + silence + [error, error])
    _deliver(outbox, peer)
    assert [message[0] for message in peer.got] == ["S"] * 5 + ["E"]
    assert peer.got[5][3] == -1, "no transactionId was obtained (E 3.18)"
    assert peer.ids[0] != peer.ids[1] == peer.ids[2], "a refused message gets a new messageId"


def test_failures_are_counted_over_a_restart():
    path = folder("outbox")
    outbox = _outbox(path)
    outbox.add(1, START, "a")
    error = CallError("InternalError", "no")
    peer = Peer([error, error, Offline()])

    async def first():
        task = asyncio.create_task(outbox.run(peer.call, ready))
        while len(peer.got) < 3:
            await asyncio.sleep_ms(1)
        task.cancel()

    asyncio.run(first())
    again = Peer([error])
    _deliver(_outbox(path), again)
    assert len(again.got) == 1


def test_many_messages_fill_segments_that_go_when_confirmed():
    path = folder("outbox")
    outbox = _outbox(path)
    for number in range(600):
        outbox.add(1, VALUES, [number, "x" * 40])
    assert sum(name.startswith("queue.") for name in os.listdir(path)) > 10
    outbox = _outbox(path)
    assert outbox.queued == 600
    peer = Peer()
    _deliver(outbox, peer)
    assert [message[1][0] for message in peer.got] == list(range(600))
    assert sum(os.stat(path + "/" + name)[6] for name in os.listdir(path)) < 5000
    assert _outbox(path).queued == 0 and _outbox(path).next_number == 601


def test_torn_last_line_is_left_out_and_not_continued():
    path = folder("outbox")
    outbox = _outbox(path)
    for body in "abc":
        outbox.add(1, VALUES, body)
    with open(path + "/queue.1", "rb") as file:
        text = file.read()
    with open(path + "/queue.1", "wb") as file:
        file.write(text[:-9])
    outbox = _outbox(path)
    assert outbox.queued == 2
    outbox.add(1, VALUES, "d")
    assert _outbox(path).queued == 3
    peer = Peer()
    _deliver(outbox, peer)
    assert [message[1] for message in peer.got] == ["a", "b", "d"]


def test_times_before_the_clock_was_set_are_corrected():
    path = folder("outbox")
    lost = _outbox(path, Clock(100))
    lost.add(1, VALUES, "corrected by the next start")
    clock = Clock(200)
    outbox = _outbox(path, clock)
    outbox.add(1, VALUES, "early")
    clock_moved(outbox, clock.set("2026-01-01T00:00:00Z"))
    outbox.add(1, VALUES, "late")
    peer = Peer()
    _deliver(_outbox(path), peer)
    moved = clock.now() - clock.uptime() - 200
    assert [message[2] for message in peer.got] == [moved, moved, 0]


def test_a_small_step_back_leaves_the_order_of_the_times():
    """An answer that was late for a second sets the clock back by it (3.7.1)."""
    from ocpp.clock.iso8601 import parse

    for seconds, expected in ((-1, 0), (-59, 0), (-60, -60), (-500, -500), (1, 1)):
        path = folder("outbox")
        clock = Clock(parse("2026-01-01T00:10:00Z"))
        outbox = _outbox(path, clock)
        outbox.add(1, VALUES, "early")
        clock_moved(outbox, clock.set(iso(clock.now() + seconds)))
        peer = Peer()
        _deliver(_outbox(path), peer)
        assert peer.got[0][2] == expected, seconds


class NoMemoryToAppend:
    """Want of memory for `outbox`: the next message cannot be appended, nor can what is on flash be looked at then."""

    def __init__(self, outbox):
        self.append, self.lines, self.fails = outbox.journal.append, journal_scan.lines, 2
        self.outbox = outbox

    def __enter__(self):
        self.outbox.journal.append = self._appended
        journal_scan.lines = self._read

    def __exit__(self, *error):
        journal_scan.lines = self.lines

    def _fail(self):
        if self.fails:
            self.fails -= 1
            raise MemoryError

    def _appended(self, record):
        self._fail()
        return self.append(record)

    def _read(self, path):
        for line in self.lines(path):
            yield line
            self._fail()


def test_want_of_memory_while_flash_is_looked_at_loses_nothing():
    """The next message looks again."""
    outbox = _outbox(folder("outbox"), _synced())
    outbox.add(1, START, {"idTag": "A"})
    with NoMemoryToAppend(outbox):
        raises(MemoryError, outbox.add, 1, VALUES, {})
        assert not outbox.journal.known
        outbox.add(1, VALUES, {"after": 1})
        outbox.add(1, STOP, {"idTag": "A"})
    assert outbox.journal.known and outbox.journal.count == 3
    assert [record[3] for record in _all(outbox)] == [START, VALUES, STOP]


def test_want_of_memory_while_a_message_is_under_way():
    """It is taken out of the queue all the same when its answer comes, and those behind it follow once."""
    outbox = _outbox(folder("outbox"), _synced())
    outbox.add(1, START, [1, "A", 0])
    peer = Peer([_started()])

    async def call(action, payload, message_id):
        if not peer.got:
            raises(MemoryError, outbox.add, 1, VALUES, {})
            assert not outbox.journal.known
        return await peer.call(action, payload, message_id)

    async def until_empty():
        task = asyncio.create_task(outbox.run(call, ready))
        while outbox.queued or not peer.got:
            assert not task.done()
            await asyncio.sleep_ms(1)
        outbox.add(1, STOP, {"idTag": "A"})
        while outbox.queued:
            assert not task.done()
            await asyncio.sleep_ms(1)
        task.cancel()

    with NoMemoryToAppend(outbox):
        asyncio.run(finish(until_empty()))
    assert [payload[0] for payload in peer.got] == [START, STOP] and len(set(peer.ids)) == 2


def _all(outbox):
    record, found = outbox.journal.first(1), []
    while record is not None:
        found.append(record)
        outbox.journal.taken()
        record = outbox.journal.first(record[0] + 1)
    return found
