"""Configuration keys of the conversation with the central system: a test for each, named after it (1.6 9.1, J 7)."""

import time

from central_system import now
from charging import play, until
from key_rows import NOT_SECONDS, row, shown

from ocpp.errors import OcppError

FAILURE = OcppError("InternalError", "cannot")


def boot_interval(site, seconds):
    site.central.answers["BootNotification"] = lambda payload: {
        "status": "Accepted", "currentTime": now(), "interval": seconds}


def test_HeartbeatInterval():
    """9.1.10, 4.2: the interval of BootNotification.conf is its value; a change counts at once."""

    async def story(site):
        boot_interval(site, 0)
        await row(site, "HeartbeatInterval", "3600", ("0", "500000", "300"), NOT_SECONDS + ("500001",))
        boot_interval(site, 77)
        await site.restart()
        assert await shown(site, "HeartbeatInterval") == ("77", False)
        assert not site.central.of("Heartbeat")
        await site.change(HeartbeatInterval="1")
        await until(lambda: len(site.central.of("Heartbeat")) == 2)

    play(story)


def test_MessageTimeout():
    """E 3.83: who has not answered in this time is treated as if there were no connection."""

    async def story(site):
        await row(site, "MessageTimeout", "30", ("3600", "1"), NOT_SECONDS + ("0", "3601"))
        await site.card("A", 1)
        await site.card("A", 1)
        assert site.told()[-1] == "Available"
        site.central.answers["Authorize"] = None
        await site.card("A", 1)
        assert site.told()[-1] == "Available"
        await until(lambda: site.told()[-1] == "Preparing")

    play(story)


def test_TransactionMessageAttempts():
    """9.1.31, 3.7.1: how often a message is sent that the central system fails to process; at least once."""

    async def story(site):
        async def attempts():
            """How often the start of a session is sent."""
            before = len(site.central.of("StartTransaction"))
            await site.charge()
            await site.card("A", 1)
            await site.run(1000)
            site.board.plug(1, False)
            await site.run(1000)
            assert site.engine.outbox.queued == 0
            return len(site.central.of("StartTransaction")) - before

        await row(site, "TransactionMessageAttempts", "3", ("0", "1000", "2"), NOT_SECONDS + ("1001",))
        site.central.answers["StartTransaction"] = FAILURE
        assert await attempts() == 2
        for text, count in (("4", 4), ("1", 1), ("0", 1)):
            await site.change(TransactionMessageAttempts=text)
            assert await attempts() == count
        assert {stop["transactionId"] for stop in site.central.of("StopTransaction")} == {-1}, "E 3.18"

    play(story, keys={"TransactionMessageRetryInterval": "0"})


def test_TransactionMessageRetryInterval():
    """9.1.32, 3.7.1: the wait before each retransmission, times the number of transmissions before it."""

    async def story(site):
        def fail(payload):
            times.append(time.ticks_ms())
            return FAILURE

        times = []
        await row(site, "TransactionMessageRetryInterval", "60", ("0", "86400", "1"), NOT_SECONDS + ("86401",))
        site.central.answers["StartTransaction"] = fail
        await site.charge()
        assert len(times) == 1
        await until(lambda: len(times) == 3)
        first, second = [time.ticks_diff(after, before) for before, after in zip(times, times[1:])]
        assert first > 900 and second > 1900, (first, second)
        await site.change(TransactionMessageRetryInterval="0")
        await site.card("A", 1)
        await site.run(1000)
        assert site.central.of("StopTransaction")

    play(story)


def test_WebSocketPingInterval():
    """9.1.34, OCPP-J 7: 0 switches it off, a negative value is refused."""

    async def story(site):
        await row(site, "WebSocketPingInterval", "25", ("0", "86400", "1"), NOT_SECONDS + ("86401",))
        attempts = int((await shown(site, "TransactionMessageAttempts"))[0])
        interval = int((await shown(site, "TransactionMessageRetryInterval"))[0])
        assert 25 < attempts * interval, "J 3.11"

    play(story)
