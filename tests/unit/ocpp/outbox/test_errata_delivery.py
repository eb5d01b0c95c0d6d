"""How transaction messages are delivered: the base text that is often missed (1.6 3.7, 3.7.1, J 3.3), and two defects
of others (silence that uses up attempts, ClearCache that deletes the queue), each test named after its row."""

import asyncio

from charging import play, until

import ocpp.outbox
from ocpp.errors import OcppError

KINDS = ("StartTransaction", "MeterValues", "StopTransaction")
OFFLINE = {"AllowOfflineTxForUnknownId": "true", "MeterValueSampleInterval": "10"}


def transaction_messages(site):
    """The transaction messages so far: [(action, payload), ...]."""
    return [message for message in site.central.got if message[0] in KINDS]


def moments(messages):
    """When each was taken: the timestamps in the order of the messages."""
    return [p["meterValue"][0]["timestamp"] if a == "MeterValues" else p["timestamp"] for a, p in messages]


async def session(site, id_tag="A", seconds=31):
    await site.charge(id_tag)
    await site.wait(seconds)
    await site.card(id_tag, 1)
    await site.run(2000)
    site.board.plug(1, False)
    await site.run(1000)


async def start_anew(site, online):
    """A restart, cars gone, with or without a central system."""
    site.stop()
    site.central.connected = site.boot = online
    site.start_over()
    await site.start()


async def delivered(site):
    await until(lambda: site.engine.outbox.queued == 0)
    await site.settle()


def test_1_6_3_7_all_of_a_transaction_is_queued_offline_and_sent_in_order():
    """Periodic and clock-aligned MeterValues too, over two restarts; a new message waits until the queue is empty."""

    async def story(site):
        site.central.lose()
        await session(site, "A")
        await start_anew(site, False)
        await session(site, "B")
        assert not transaction_messages(site) and site.engine.outbox.queued > 8
        await start_anew(site, True)
        await delivered(site)
        assert site.central.got[0][0] == "BootNotification"
        await session(site, "C")
        messages = transaction_messages(site)
        starts = [p["idTag"] for a, p in messages if a == "StartTransaction"]
        stops = [p["transactionId"] for a, p in messages if a == "StopTransaction"]
        assert starts == ["A", "B", "C"] and stops == [101, 102, 103]
        contexts = [p["meterValue"][0]["sampledValue"][0]["context"] for a, p in messages if a == "MeterValues"]
        assert contexts.count("Sample.Periodic") >= 9 and contexts.count("Sample.Clock") >= 4
        actions = [action for action, _ in messages if action != "MeterValues"]
        assert actions == ["StartTransaction", "StopTransaction"] * 3

    keys = {"ClockAlignedDataInterval": "15"}
    keys.update(OFFLINE)
    play(story, keys=keys)


def test_1_6_3_7_in_the_order_and_with_the_time_of_what_happened():
    async def story(site):
        await site.wait(5)
        site.central.lose()
        await session(site)
        await site.wait(600)
        site.central.back()
        await delivered(site)
        times = moments(transaction_messages(site))
        assert times == sorted(times) and times[-1] < "2026-03-01T00:01:00Z" and len(times) == 5

    play(story, keys=OFFLINE)


def test_1_6_3_7_other_messages_overtake_the_queue():
    """Neither a driver nor an urgent notification waits for a transaction message that fails."""

    async def story(site):
        site.central.answers["StartTransaction"] = OcppError("InternalError", "not now")
        await site.charge("A", 1)
        await site.card("B", 2)
        assert site.engine.outbox.queued == 1, "it waits for its next attempt"
        assert site.central.of("Authorize")[-1] == {"idTag": "B"} and site.told(2)[-1] == "Preparing"
        answer = await site.central.ask("GetConfiguration", key=["ResetRetries"])
        assert answer["configurationKey"][0]["value"] == "3"
        assert len(site.central.of("StartTransaction")) == 1

    play(story, connectors=2, keys={"TransactionMessageRetryInterval": "3600"})


class Waits:
    """asyncio for the outbox; sleep() is short and `seconds` lists what it was asked for."""

    def __init__(self):
        self.seconds = []

    def __getattr__(self, name):
        return getattr(asyncio, name)

    def sleep(self, seconds):
        self.seconds.append(seconds)
        return asyncio.sleep_ms(1)


def test_1_6_3_7_1_waits_60_and_120_seconds_then_discards_and_goes_on():
    """The example of the text, with the default of both keys."""

    async def story(site):
        site.central.answers["StopTransaction"] = OcppError("InternalError", "no")
        await session(site, "A", 0)
        await until(lambda: len(site.central.of("StopTransaction")) == 3)
        await delivered(site)
        assert waits.seconds == [60, 120]
        site.central.answers["StopTransaction"] = {}
        await session(site, "B", 0)
        assert [p["transactionId"] for p in site.central.of("StopTransaction")] == [101, 101, 101, 102]

    ocpp.outbox.asyncio = waits = Waits()
    try:
        play(story)
    finally:
        ocpp.outbox.asyncio = asyncio


def test_1_6_3_7_1_attempts_are_counted_on_over_restarts():
    """Neither more attempts than configured nor, for the next message, fewer."""

    async def story(site):
        site.central.answers["StartTransaction"] = OcppError("InternalError", "no")
        await session(site, "A", 0)
        for count in (1, 2, 3):
            assert len(site.central.of("StartTransaction")) == count
            await site.restart()
        await delivered(site)
        assert len(site.central.of("StartTransaction")) == 3
        assert [p["transactionId"] for p in site.central.of("StopTransaction")] == [-1]
        site.central.answers.update(site.central.usual())
        scripted = [OcppError("InternalError", "no")]
        site.central.answers["StopTransaction"] = lambda payload: scripted.pop() if scripted else {}
        await site.change(TransactionMessageRetryInterval="0")
        await session(site, "B", 0)
        await delivered(site)
        assert [p["transactionId"] for p in site.central.of("StopTransaction")] == [-1, 101, 101]

    play(story, keys={"TransactionMessageRetryInterval": "3600"})


def test_1_6_3_7_1_silence_never_uses_up_attempts():
    """A half-open connection must not cost a transaction: it may be skipped only when failure is reported."""

    async def story(site):
        site.central.answers["StartTransaction"] = lambda payload: site.central.lose()
        await site.charge()
        for count in range(2, 6):
            site.central.back()
            await until(lambda count=count: len(site.central.of("StartTransaction")) == count)
        site.central.answers.update(site.central.usual())
        site.central.back()
        await delivered(site)
        assert site.core.id_of(site.core.connectors[0].transaction) == 101 and len(set(site.central.ids)) < 10

    play(story, keys={"TransactionMessageAttempts": "1"})


def test_defect_D_clear_cache_leaves_transactions():
    """E 3.23, 1.6 5.4: what waits in the queue is still reported, after a restart too."""

    async def story(site):
        site.central.answers["StartTransaction"] = None
        await session(site)
        queued = site.engine.outbox.queued
        assert queued >= 4 and await site.central.ask("ClearCache") == {"status": "Accepted"}
        assert site.engine.outbox.queued == queued
        site.central.answers.update(site.central.usual())
        await site.restart()
        await delivered(site)
        actions = [action for action, _ in transaction_messages(site)[1:]]
        assert actions == ["StartTransaction"] + ["MeterValues"] * (queued - 2) + ["StopTransaction"]

    play(story, keys={"MeterValueSampleInterval": "10"})


def test_E_3_23_clear_cache_without_cache_is_rejected():
    async def story(site):
        assert await site.central.ask("ClearCache") == {"status": "Rejected"}

    play(story, keys={"AuthorizationCacheEnabled": "false"})
