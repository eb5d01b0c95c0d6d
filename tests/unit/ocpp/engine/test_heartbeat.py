"""Heartbeat (1.6 4.6): when it is due, and after a failure, an outage or a lost connection."""


from central_system import now
from charging import play, send_heartbeat, until

from ocpp import log
from ocpp.errors import OcppError
from ocpp.link import lookup


def test_heartbeat_sets_the_clock():
    async def story(site):
        before = site.engine.clock.now()
        site.central.answers["Heartbeat"] = {"currentTime": "2026-03-01T01:00:00.123+00:00"}
        await send_heartbeat(site)
        assert site.engine.clock.now() - before == 3600

    play(story)


def test_a_changed_interval_counts_at_once():
    async def story(site):
        await site.change(HeartbeatInterval="1")
        await until(lambda: site.central.of("Heartbeat"))

    play(story)


def test_a_heartbeat_that_fails_is_followed_by_the_next():
    async def story(site):
        site.central.answers["Heartbeat"] = OcppError("InternalError", "")
        await send_heartbeat(site)
        site.central.answers["Heartbeat"] = {"currentTime": "tomorrow"}
        await send_heartbeat(site)
        await send_heartbeat(site)
        assert len(site.central.of("Heartbeat")) == 3
        assert site.engine.clock.stamp() == now()

    play(story)


def test_a_heartbeat_that_was_due_while_offline_leaves_when_the_connection_is_back():
    """Nothing is tried before, so an outage fills no log; nor does a central system that answers none."""

    async def story(site):
        lines = []
        log.warning = lambda text, *args: lines.append(text % args)
        site.central.lose()
        for _ in range(5):
            await send_heartbeat(site)
        assert not site.central.of("Heartbeat") and lines == [], lines
        site.engine.keys.values["HeartbeatInterval"] = 0.001
        site.central.back()
        await until(lambda: site.central.of("Heartbeat"))
        site.engine.keys.values["HeartbeatInterval"] = 3600
        await site.settle()
        count = len(site.central.of("Heartbeat"))
        site.central.answers["Heartbeat"] = OcppError("InternalError", "no")
        for _ in range(5):
            await send_heartbeat(site)
        assert len(site.central.of("Heartbeat")) == count + 5 and len(lines) == 1, lines

    warning = log.warning
    try:
        play(story)
    finally:
        log.warning = warning


def test_a_heartbeat_due_while_offline_is_sent_on_reconnection():
    """4.6: one, however many were due, and at once; none of them is asked for while nobody is there."""

    async def story(site):
        await send_heartbeat(site)
        assert len(site.central.of("Heartbeat")) == 1
        site.central.lose()
        for _ in range(3):
            await send_heartbeat(site)
        assert len(site.central.of("Heartbeat")) == 1
        site.central.back()
        await site.settle()
        assert len(site.central.of("Heartbeat")) == 2
        site.engine.heartbeat()
        await site.settle()
        assert len(site.central.of("Heartbeat")) == 2
        site.central.lose()
        site.central.back()
        await site.settle()
        assert len(site.central.of("Heartbeat")) == 2, "none was due"

    play(story)


def test_a_heartbeat_lost_with_its_connection_is_sent_again():
    """Nobody has answered it; one that is not answered in time on a connection that stays waits for its interval."""

    async def story(site):
        answer = site.central.answers.pop("Heartbeat")
        site.central.answers["Heartbeat"] = None
        await send_heartbeat(site)
        site.central.lose()
        await site.settle()
        site.central.answers["Heartbeat"] = answer
        site.central.back()
        await site.settle()
        assert len(site.central.of("Heartbeat")) == 2
        site.engine.heartbeat()
        await site.settle()
        assert len(site.central.of("Heartbeat")) == 2

    play(story)


def test_the_clock_of_the_board_follows_the_central_system():
    async def story(site):
        shown = []
        site.central.net = lookup.network(site.engine, lambda *date: shown.append(date), None, "", 8 * 10**8)
        shown.clear()
        for answer in ({"currentTime": "2027-02-28T23:59:59+01:00"}, {"currentTime": "never"}, {}):
            site.central.answers["Heartbeat"] = answer
            await send_heartbeat(site)
        assert shown == [(2027, 2, 28, 22, 59, 59)]

    play(story)
