# micropython only: asyncio of MicroPython, on the ticks of the board
"""The longest waits that keys and answers can ask for, on a board with ticks of six days (1.6 4.2, 9.1.10, 9.1.32)."""

import asyncio.core

from charging import play, until

from ocpp.errors import OcppError

_add = asyncio.core.ticks_add


def _board_ticks_add(ticks, delta):
    if not -(1 << 29) < delta < 1 << 29:
        raise OverflowError("ticks interval overflow")
    return _add(ticks, delta)


def on_the_board(story, **options):
    """Play `story`; a wait that the board cannot do is an error that play() finds."""
    asyncio.core.ticks_add = _board_ticks_add
    try:
        play(story, **options)
    finally:
        asyncio.core.ticks_add = _add


def test_longest_heartbeat_interval():
    async def story(site):
        for value in ("604800", "536871", "500000"):
            answer = await site.central.ask("ChangeConfiguration", key="HeartbeatInterval", value=value)
            await site.settle()
        assert answer["status"] == "Accepted"

    on_the_board(story)


def test_longest_boot_interval():
    """4.2: whatever the central system asks for, the next BootNotification does not come before."""

    async def story(site):
        boots = []

        def answer(payload):
            boots.append(payload)
            return {"status": status, "currentTime": "2026-01-01T00:00:00Z", "interval": 2147483647}

        site.central.answers["BootNotification"] = answer
        await site.start()
        await until(lambda: boots)
        await site.settle()
        assert len(boots) == 1

    for status in ("Pending", "Rejected", "Accepted"):  # noqa: B007  answer() looks at it
        on_the_board(story, start=False)


def test_longest_wait_for_the_next_try():
    """3.7.1: the interval times the number of transmissions before."""

    async def story(site):
        tries = []

        def fail(payload):
            tries.append(payload)
            if len(tries) == 10:
                site.engine.keys.change("TransactionMessageRetryInterval", "86400")
            return OcppError("InternalError", "")

        site.central.answers["StartTransaction"] = fail
        await site.charge()
        await until(lambda: len(tries) >= 10)
        await site.settle()
        assert len(tries) == 10

    on_the_board(story, keys={"TransactionMessageAttempts": "1000", "TransactionMessageRetryInterval": "0"})
