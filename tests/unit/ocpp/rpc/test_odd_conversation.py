"""Odd answers to Authorize, BootNotification, Heartbeat and DataTransfer, and what is logged of them (OCPP-J 4.2.2)."""

import asyncio

from central_system import now
from charging import play, send_heartbeat, until
from odd_answers import USELESS, session

from ocpp import log


def test_authorize_takes_what_is_clear():
    async def story(site):
        connector = site.core.connectors[0]
        for number, info in enumerate((
            {"status": "Accepted", "expiryDate": None, "parentIdTag": None},
            {"status": "Accepted", "x": 1},
            {"status": "accepted"},
            {"status": "Accepted", "expiryDate": "2030-01-01 00:00:00"},
            {"status": "Accepted", "expiryDate": "tomorrow"},
            {"status": "Accepted", "expiryDate": 1767225600},
            {"status": "Accepted", "parentIdTag": "p" * 21},
        )):
            site.central.answers["Authorize"] = {"idTagInfo": info, "y": []}
            await site.card("A%d" % number, 1)
            assert connector.authorization and connector.authorization[0] == "A%d" % number, info
            await site.card("A%d" % number, 1)
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": "G", "x": 1}}
        await site.card("B", 1)
        assert connector.authorization[:2] == ("B", "G")
        await site.card("B", 1)
        site.central.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "parentIdTag": 77}}
        await site.card("B", 1)
        assert connector.authorization[:2] == ("B", "77")

    play(story)


def test_an_authorize_answer_without_acceptance_accepts_nobody():
    """And the next card is asked for as if nothing had been."""

    async def story(site):
        connector = site.core.connectors[0]
        odd = [{"idTagInfo": info} for info in ({}, {"status": None}, {"status": "Sure"}, {"status": True}, "Accepted",
                                                ["Accepted"], [{"status": "Accepted"}], {"Status": "Accepted"})]
        for number, answer in enumerate(list(USELESS) + odd + [{"status": "Accepted"}, {"idTag": "A"}]):
            site.central.answers["Authorize"] = answer
            await site.card("A%d" % number, 1)
            assert not connector.authorization, answer
        site.central.answers = site.central.usual()
        await site.card("A0", 1)
        assert connector.authorization

    play(story)


def test_an_unreadable_authorization_does_not_spoil_the_cache():
    async def story(site):
        await site.card("A", 1)
        await site.card("A", 1)
        for answer in ({}, {"idTagInfo": {"status": None, "parentIdTag": "X"}}):
            site.central.answers["Authorize"] = answer
            await site.card("A", 1)
        site.central.lose()
        await site.card("A", 1)
        assert site.core.connectors[0].authorization, "known as Accepted from the first answer"

    play(story)


def test_boot_with_a_status_is_a_registration():
    """Whatever the rest is: without an interval HeartbeatInterval stays, without a time the clock does."""

    async def story(site):
        for more in (
            {}, {"interval": None, "currentTime": None}, {"interval": "x", "currentTime": "noon"}, {"interval": -5},
            {"interval": 0.5}, {"currentTime": 7}, {"x": 1, "interval": 60, "currentTime": now()},
            {"interval": 60.0, "currentTime": now()[:-1]}, {"interval": "60"},
        ):
            site.central.answers["BootNotification"] = dict(more, status="Accepted")
            await site.restart()
            assert site.engine.online, more
            interval = 60 if str(more.get("interval"))[:2] == "60" else 3600
            assert site.engine.keys["HeartbeatInterval"] == interval, more
            assert site.engine.clock.synced == (str(more.get("currentTime"))[:4] == "2026"), more
            await site.change(HeartbeatInterval="3600")

    play(story)


def test_boot_without_a_status_is_tried_again_after_its_interval():
    async def story(site):
        for answer in ({"interval": 1}, {"interval": 1.0, "currentTime": now(), "status": None}, {"interval": "1"},
                       {"status": "Sure", "interval": 1}):
            site.central.answers["BootNotification"] = answer
            site.boot = False
            await site.restart()
            count = len(site.central.of("BootNotification"))
            assert site.engine.registration is None and not site.engine.online, answer
            site.central.answers = site.central.usual()
            await until(lambda: site.engine.online)
            assert len(site.central.of("BootNotification")) == count + 1
        for useless in USELESS:
            site.central.answers["BootNotification"] = useless
            await site.restart()
            await asyncio.sleep_ms(20)
            assert site.engine.registration is None
            count = len(site.central.of("BootNotification"))
            await asyncio.sleep_ms(20)
            assert len(site.central.of("BootNotification")) == count, "no flood"

    play(story)


def test_heartbeat_sets_the_clock_with_what_can_be_read():
    async def story(site):
        clock = site.engine.clock
        for answer, seconds in (({"currentTime": "2026-03-01T01:00:00", "x": 1}, 3600), ({"currentTime": None}, 3600),
                                ({"currentTime": "2026-03-01t03:00:00+01"}, 7200), ([], 7200),
                                ({"currentTime": 5}, 7200), ({"currentTime": "1969-12-31T23:59:59Z"}, 7200)):
            site.central.answers["Heartbeat"] = answer
            await send_heartbeat(site)
            assert clock.stamp() == "2026-03-01T%02d:00:00Z" % (seconds // 3600), answer

    play(story)


def test_data_transfer_and_what_the_charge_point_does_not_send_yet():
    """The payload that a caller gets has the types of the schema, and no other fields."""

    async def story(site):
        request = {"vendorId": "v", "data": "d"}
        for answer, payload in (
            ({"status": "Accepted", "data": None}, {"status": "Accepted"}),
            ({"status": "accepted", "data": 5, "x": 1}, {"status": "Accepted", "data": "5"}),
            ({"status": "Perhaps", "data": {"a": 1}}, {}),
            ([], {}),
            (request, {"data": "d"}),
        ):
            site.central.answers["DataTransfer"] = answer
            assert await site.engine.call("DataTransfer", request) == payload, answer
        site.central.answers["FirmwareStatusNotification"] = "thanks"
        assert await site.engine.call("FirmwareStatusNotification", {"status": "Idle"}) == {}

    play(story)


def test_a_defect_is_logged_once():
    """Of each action and field; without a defect nothing is."""

    async def story(site):
        lines = []
        log.warning = lambda text, *args: lines.append(text % args)
        answer = {"currentTime": "noon", "x": 1}
        site.central.answers["Heartbeat"] = lambda payload: dict(answer, currentTime="noon %d" % len(lines))
        for _ in range(3):
            await send_heartbeat(site)
        assert len(lines) == 1 and "Heartbeat" in lines[0] and "currentTime" in lines[0] and "x" in lines[0], lines
        del answer["x"]
        for _ in range(3):
            await send_heartbeat(site)
        assert len(lines) == 2, lines
        site.central.answers["Heartbeat"] = {"f%d" % n: 1 for n in range(500)}
        await send_heartbeat(site)
        assert len(lines) == 3 and len(lines[2]) < 300, lines
        site.central.answers = site.central.usual()
        await session(site)
        assert [line for line in lines[3:] if "answer" in line] == []

    warning = log.warning
    try:
        play(story)
    finally:
        log.warning = warning
