"""No room in memory or on flash for a moment, just when a transaction ends: its stop is reported all the same, once."""

import asyncio

from charging import play

import ocpp.engine
from ocpp import log
from memory import load
from ocpp.outbox.queued import VALUES


class ShortPauses:
    """asyncio for the supervisor of tasks: one that failed starts again soon, not after a second."""

    def __getattr__(self, name):
        return getattr(asyncio, name)

    def sleep(self, seconds):
        return asyncio.sleep_ms(2)


class FailingStore:
    """Makes the write number `at` to the store fail once, with `error`."""

    def __init__(self, store, at, error):
        self.left, self.error = at, error
        for name in ("write_file", "append", "remove_file"):
            setattr(store, name, self.guard(getattr(store, name)))

    def guard(self, write):
        def guarded(*args):
            self.left -= 1
            if self.left == -1:
                raise self.error
            write(*args)

        return guarded


def fails_at(number, error):
    """Whether the stop took more than `number` writes."""
    reached = []

    async def story(site):
        await site.charge()
        await site.wait(5)
        told, log.exception = log.exception, lambda text, other: None if other is error else told(text, other)
        weak = FailingStore(site.engine.store, number, error)
        await site.card("A", 1)
        for turn in range(30):
            await site.run(100)
            if weak.left < 0 and not reached:  # another message comes in between
                reached.append(turn)
                site.engine.outbox.add(0, VALUES, [0, [[site.engine.clock.now(), 0, [[2300, 3, 4]]]]])
            await asyncio.sleep_ms(4)
        weak.left = -1
        stops = [(payload["transactionId"], payload["reason"]) for payload in site.central.of("StopTransaction")]
        assert stops == [(101, "Local")], (number, stops)
        data = site.central.of("StopTransaction")[0]["transactionData"]
        contexts = [element["sampledValue"][0]["context"] for element in data]
        assert contexts == ["Transaction.Begin", "Transaction.End"], (number, contexts)
        assert site.core.connectors[0].transaction is None and site.told()[-1] == "Finishing"
        site.board.plug(1, False)
        await site.run(1000)
        await site.charge("B")
        assert site.core.id_of(site.core.connectors[0].transaction) == 102

    ocpp.engine.asyncio = ShortPauses()
    try:
        play(story, keys={"StopTxnSampledData": "Energy.Active.Import.Register", "MeterValueSampleInterval": "0"})
    finally:
        ocpp.engine.asyncio = asyncio
    return bool(reached)


def test_flash_that_fails_once():
    number = 0
    while fails_at(number, OSError(28)):
        number += 1
    assert number > 5


def test_memory_that_is_short_once():
    for number in (0, 2, 4):
        fails_at(number, MemoryError())


def test_a_start_that_was_interrupted_is_ended_before_another_begins():
    """Its StartTransaction is in the queue: it is ended, and who comes next gets a transaction of his own."""

    async def story(site):
        connector = site.core.connectors[0]
        load("profiles.core.transactions").start(site.core, connector, "A", None)  # and nothing more became of it
        await site.settle()
        await site.charge("B")
        await site.card("B", 1)
        await site.run(2000)
        told = [(name, payload.get("idTag"), payload.get("transactionId"), payload.get("reason"))
                for name, payload in site.central.got if name in ("StartTransaction", "StopTransaction")]
        assert told == [("StartTransaction", "A", None, None), ("StopTransaction", None, 101, "Other"),
                        ("StartTransaction", "B", None, None), ("StopTransaction", "B", 102, "Local")], told

    play(story)
