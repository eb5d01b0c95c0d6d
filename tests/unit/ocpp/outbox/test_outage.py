# micropython only: what is in use of the heap is counted.
"""A long outage: all its sessions are reported afterwards, and no memory is lost (1.6 3.7; architecture.md, Power
cuts)."""

import gc
from array import array

from central_system import TIME, stamp
from charging import play, until
from memory import unload, watch_imports

TOLD = ("StartTransaction", "MeterValues", "StopTransaction")
KEYS = {"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "2"}
COUNT = 100
watch_imports()  # as on a board, so that code is not counted
BLOCK = 32  # bytes; the smallest object. One left behind for each transaction would be six times the tolerance.
TOLERANCE = COUNT * BLOCK // 6


def in_use():
    """Bytes of heap, but for garbage and code that may go."""
    unload()
    gc.collect()
    return gc.mem_alloc()


def seconds():
    return TIME.ms // 1000


def forget(central):
    """What these tests themselves keep of what was reported."""
    for kept in (central.got, central.ids, central.transactions):
        kept.clear()


async def outage(site, count, notes):
    """`count` sessions at two connectors in turn while nobody can be reached; `notes` gets began, ended, register."""
    site.central.lose()
    for at in range(count):
        number, card = 1 + at % 2, "CARD%d" % at
        notes[3 * at] = seconds()
        connector = await site.charge(card, number)
        await site.wait(2)
        await site.card(card, number)
        await site.run(1000)
        assert connector.transaction is None
        notes[3 * at + 1] = seconds()
        notes[3 * at + 2] = connector.evse.devices.meter.energy_wh
        site.board.plug(number, False)
        await site.run(1000)


async def deliver_all(site):
    """Back online, until every message is delivered."""
    site.central.back()
    await until(lambda: site.engine.outbox.queued == 0)
    await site.settle()


def transaction_messages(site):
    """The transaction messages since forget()."""
    return [message for message in site.central.got if message[0] in TOLD]


def check(site, notes):
    """Each session whole and in its turn, with its own idTag, transactionId, times and register (1.6 3.7.1)."""
    at, time = -1, ""
    for action, payload in transaction_messages(site):
        if action == "StartTransaction":
            at += 1
            began, ended = stamp(notes[3 * at]), stamp(notes[3 * at + 1])
            assert (payload["idTag"], payload["connectorId"]) == ("CARD%d" % at, 1 + at % 2)
            register = start = payload["meterStart"]
        else:
            assert payload["transactionId"] == 101 + at
        value = payload["meterValue"][0] if action == "MeterValues" else payload
        assert began <= value["timestamp"] <= ended and time <= value["timestamp"], (at, value)
        time = value["timestamp"]
        if action == "MeterValues":
            now = int(value["sampledValue"][0]["value"])
            assert register <= now
            register = now
        elif action == "StopTransaction":
            assert register <= payload["meterStop"] == notes[3 * at + 2]
            assert payload["meterStop"] > start
    assert [action for action, _ in transaction_messages(site)].count("StopTransaction") == at + 1
    return at + 1


def test_a_hundred_transactions_offline_are_sent_in_order_and_leave_nothing_in_memory():
    async def story(site):
        notes = array("i", [0] * 3 * COUNT)
        await outage(site, 4, notes)  # what is made once
        await deliver_all(site)
        forget(site.central)
        before = in_use()

        await outage(site, COUNT, notes)
        queued = site.engine.outbox.queued
        assert queued >= 3 * COUNT
        assert in_use() - before < TOLERANCE, "the queue is on flash"
        await deliver_all(site)
        assert len(transaction_messages(site)) == queued and check(site, notes) == COUNT
        forget(site.central)
        assert in_use() - before < TOLERANCE, in_use() - before

    play(story, connectors=2, keys=KEYS)


async def values_offline(site, count):
    """One session offline with `count` samples, and the outbox as it leaves it."""
    site.central.lose()
    connector = await site.charge()
    for _ in range(count):
        await site.wait(2)
    await site.card("A", 1)
    await site.run(1000)
    assert connector.transaction is None
    return site.engine.outbox.queued


def check_one(messages, count):
    """One session of `count` messages whole, its values rising in time."""
    assert tuple([action for action, _ in messages]) == TOLD[:1] + (count - 2) * TOLD[1:2] + TOLD[2:]
    values = [payload["meterValue"][0] for _, payload in messages[1:-1]]
    times = [value["timestamp"] for value in values]
    registers = [int(value["sampledValue"][0]["value"]) for value in values] + [messages[-1][1]["meterStop"]]
    assert times == sorted(set(times)) and registers == sorted(registers)


def test_500_messages_offline_are_sent_in_order_and_leave_nothing_in_memory():
    async def story(site):
        await values_offline(site, 4)
        await deliver_all(site)
        forget(site.central)
        before = in_use()
        queued = await values_offline(site, 500)
        assert queued > 500
        await deliver_all(site)
        check_one(transaction_messages(site), queued)
        forget(site.central)
        assert in_use() - before < TOLERANCE, in_use() - before

    play(story, keys=KEYS)


def test_500_messages_are_there_after_a_restart_and_not_in_memory():
    async def story(site):
        site.boot = False  # nobody accepts a boot now
        await values_offline(site, 4)
        await site.restart()
        before, few = in_use(), site.engine.outbox.queued
        queued = await values_offline(site, 500)
        await site.restart()
        assert site.engine.outbox.queued == queued > 500
        assert in_use() - before < TOLERANCE, in_use() - before
        await deliver_all(site)
        check_one(transaction_messages(site)[:few], few)
        check_one(transaction_messages(site)[few:], queued - few)

    play(story, keys=KEYS)
