"""TriggerMessage before and after the charge point is accepted, and what leaves first (1.6 4.2, 5.17, E 3.35, 3.40)."""

import json

from central_system import Central, now
from charging import play, until
from triggering import TRIGGER, ask, pending, trigger, triggered

from ocpp.errors import OcppError


def test_E_3_35_and_3_40_no_boot_after_it_was_accepted_until_the_next_connection():
    """Then one, for the central system may have forgotten who this is, and no other (evcc asks for it)."""

    async def story(site):
        assert await trigger(site, "BootNotification") == "Rejected"
        for count in (1, 2, 3):
            assert len(site.central.of("BootNotification")) == count
            site.central.lose()
            site.central.back()
            await site.settle()
            told = len(site.told())
            assert await trigger(site, "BootNotification") == "Accepted"
            await site.settle()
            assert site.engine.online and len(site.told()) == told + 1, "and the status of each connector (E 3.22)"
            assert await trigger(site, "BootNotification") == "Rejected"
        assert len(site.central.of("BootNotification")) == 4

    play(story, profiles=TRIGGER)


def test_a_boot_after_a_reconnection_that_is_not_accepted():
    """4.2: then it is Pending again until it is accepted; what charges goes on, and is reported afterwards."""

    async def story(site):
        await site.charge()
        site.central.lose()
        site.central.back()
        await site.settle()
        answer = {"status": "Pending", "currentTime": now(), "interval": 1}
        site.central.answers["BootNotification"] = answer
        assert await trigger(site, "BootNotification") == "Accepted"
        assert site.engine.registration == "Pending" and not site.engine.online
        count = len(site.central.got)
        await site.card("A", 1)
        await site.run(2000)
        assert len(site.central.got) == count and site.engine.outbox.queued
        site.central.answers = site.central.usual()
        await until(lambda: site.engine.online and not site.engine.outbox.queued)
        assert site.central.of("StopTransaction")[0]["transactionId"] == 101

    play(story, profiles=TRIGGER)


def test_a_boot_after_a_reconnection_that_is_not_answered_is_asked_for_again():
    """What it was stays; nothing is sent by itself, but for the one that asks."""

    async def story(site):
        site.central.lose()
        site.central.back()
        site.central.answers["BootNotification"] = {"interval": 1}
        assert await trigger(site, "BootNotification") == "Accepted"
        assert site.engine.online
        site.central.answers["BootNotification"] = lambda payload: site.central.lose()
        assert await trigger(site, "BootNotification") == "Accepted"
        site.central.answers = site.central.usual()
        site.central.back()
        await site.settle()
        assert site.engine.online and len(site.central.of("BootNotification")) == 3
        assert await trigger(site, "BootNotification") == "Accepted"
        assert len(site.central.of("BootNotification")) == 4

    play(story, profiles=TRIGGER)


def test_two_that_ask_at_once_get_one_boot():
    async def story(site):
        site.central.lose()
        site.central.back()
        site.central.answers["BootNotification"] = None
        assert await trigger(site, "BootNotification") == "Accepted"
        assert await trigger(site, "BootNotification") == "Accepted"
        usual = site.central.usual()["BootNotification"]
        site.central.rpc.receive(bytearray(json.dumps([3, site.central.ids[-1], usual({})]).encode()))
        await site.settle()
        assert site.engine.online and len(site.central.of("BootNotification")) == 2
        assert await trigger(site, "BootNotification") == "Rejected"

    play(story, profiles=TRIGGER)


def test_a_boot_that_is_answered_late_is_accepted():
    """E 3.83 is no end to it: all tries have one messageId (J 3.1), so the answer to any of them counts."""

    async def story(site):
        site.central.answers["BootNotification"] = None
        await site.start()
        await until(lambda: len(site.central.of("BootNotification")) == 2)
        first = site.central.ids[0]
        assert site.central.ids == [first, first]
        usual = site.central.usual()["BootNotification"]
        site.central.rpc.receive(bytearray(json.dumps([3, first, usual({})]).encode()))
        await until(lambda: site.engine.online)
        await site.settle()
        assert len(site.central.of("BootNotification")) == 2
        await site.restart()
        assert site.central.ids.count(first) == 2, "a new start has a new one"

    play(story, profiles=TRIGGER, start=False, keys={"MessageTimeout": "1"})


def test_a_boot_that_is_answered_between_two_tries_is_accepted():
    async def story(site):
        site.central.answers["BootNotification"] = None
        await site.start()
        await until(lambda: site.central.rpc.late_id)
        usual = site.central.usual()["BootNotification"]
        site.central.rpc.receive(bytearray(json.dumps([3, site.central.ids[0], usual({})]).encode()))
        await until(lambda: site.engine.online)
        assert len(site.central.of("BootNotification")) == 1

    play(story, profiles=TRIGGER, start=False, keys={"MessageTimeout": "1"})


def test_while_pending_what_is_asked_for_leaves_and_nothing_else():
    """1.6 4.2."""

    async def story(site):
        pending(site)
        await site.start()
        await until(lambda: site.engine.registration == "Pending")
        site.board.plug(1, True)
        await site.run(1000)
        assert {action for action, _ in site.central.got} == {"BootNotification"}
        assert await triggered(site, "Heartbeat") == [{}]
        zero, one = await triggered(site, "StatusNotification")
        assert (zero["connectorId"], one["connectorId"], one["status"]) == (0, 1, "Preparing")
        (one,) = await triggered(site, "MeterValues")
        assert one["connectorId"] == 1 and "transactionId" not in one
        assert await trigger(site, "FirmwareStatusNotification") == "NotImplemented"

    play(story, profiles=TRIGGER, start=False)


def test_while_pending_meter_values_name_the_transaction_that_runs():
    async def story(site):
        await site.charge()
        site.stop()
        site.start_over()
        site.board.ev(1, "C")
        pending(site)
        site.boot = False
        await site.start()
        await until(lambda: site.engine.registration == "Pending")
        await site.run(4000)
        del site.central.got[:]
        (payload,) = await triggered(site, "MeterValues", 1)
        assert payload["transactionId"] == 101 and payload["meterValue"][0]["timestamp"][:10] == "2026-03-01"

    play(story, profiles=TRIGGER)


def test_a_boot_while_pending_comes_at_once_and_counts():
    """4.2: not before the interval unless it is asked for; each answer begins a new interval."""

    async def story(site):
        pending(site)
        await site.start()
        await until(lambda: site.engine.registration == "Pending")
        for count in (2, 3):
            assert await trigger(site, "BootNotification", 1) == "Accepted"
            assert len(site.central.of("BootNotification")) == count
        site.central.answers = site.central.usual()
        assert await trigger(site, "BootNotification") == "Accepted"
        await until(lambda: site.engine.online)
        await site.settle()
        assert len(site.central.of("BootNotification")) == 4 and len(site.central.of("StatusNotification")) == 2

    play(story, profiles=TRIGGER, start=False)


def test_a_new_connection_while_pending_is_no_reason_for_a_boot():
    """4.2: the interval of BootNotification.conf is the shortest wait."""

    async def story(site):
        pending(site)
        await site.start()
        await until(lambda: site.engine.registration == "Pending")
        site.central.lose()
        site.central.back()
        await site.settle()
        assert len(site.central.of("BootNotification")) == 1

    play(story, profiles=TRIGGER, start=False)


def test_before_the_first_answer_nothing_but_the_boot_may_leave():
    """4.2; a BootNotification is promised, for one is on its way."""

    async def story(site):
        site.central.answers["BootNotification"] = None
        await site.start()
        await until(lambda: site.central.got)
        assert await ask(site, "Heartbeat") == "Rejected"
        assert await ask(site, "StatusNotification") == "Rejected"
        assert await ask(site, "MeterValues", 1) == "Rejected"
        assert await ask(site, "DiagnosticsStatusNotification") == "NotImplemented"
        assert await ask(site, "BootNotification") == "Accepted"
        await site.settle()
        assert site.central.got == [("BootNotification", site.engine.boot_payload)]

    play(story, profiles=TRIGGER, start=False)


def test_a_boot_that_failed_is_sent_again_when_it_is_asked_for():
    async def story(site):
        site.central.answers["BootNotification"] = OcppError("InternalError", "not now")
        await site.start()
        await until(lambda: site.central.got)
        await site.settle()
        site.central.answers = site.central.usual()
        assert await trigger(site, "BootNotification") == "Accepted"
        await until(lambda: site.engine.online)
        assert len(site.central.of("BootNotification")) == 2

    play(story, profiles=TRIGGER, start=False)


class Recorder(Central):
    """Also keeps the answers, in `wire`, between the messages."""

    def __init__(self):
        super().__init__()
        self.wire = []

    async def send(self, text):
        message = json.loads(text)
        self.wire.append(message[2] if message[0] == 2 else message[0])
        await super().send(text)


def test_the_answer_leaves_before_the_message():
    """5.17 SHALL."""

    async def story(site):
        for message in ("Heartbeat", "StatusNotification", "MeterValues"):
            for _ in range(3):
                site.central.wire = []
                assert await trigger(site, message, 1) == "Accepted"
                assert site.central.wire == [3, message]
        site.central.wire = []
        assert await trigger(site, "StatusNotification") == "Accepted"
        assert site.central.wire == [3, "StatusNotification", "StatusNotification"]

    play(story, profiles=TRIGGER, central=Recorder())


def test_the_answer_leaves_before_the_boot():
    async def story(site):
        pending(site)
        await site.start()
        await until(lambda: site.engine.registration == "Pending")
        site.central.wire = []
        assert await trigger(site, "BootNotification") == "Accepted"
        assert site.central.wire == [3, "BootNotification"]

    play(story, profiles=TRIGGER, central=Recorder(), start=False)
