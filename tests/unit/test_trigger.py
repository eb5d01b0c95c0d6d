"""TriggerMessage (1.6 5.17, E 3.35, 3.40, 3.46)."""

import asyncio
import json
import sys

from central_system import Central
from charging import play, until

from ocpp.errors import OcppError
from profiles import Profile
from profiles.remote_trigger import RemoteTrigger

TRIGGER = (RemoteTrigger,)
REGISTER = "Energy.Active.Import.Register"


async def trigger(site, message, number=None):
    """The status of the answer; what follows has been sent."""
    status = await ask(site, message, number)
    await site.settle()
    return status


async def ask(site, message, number=None):
    more = {} if number is None else {"connectorId": number}
    return (await site.central.ask("TriggerMessage", requestedMessage=message, **more))["status"]


def since(site, count, action):
    """The payloads of `action` among what came after the first `count` messages; nothing else may be there."""
    got = site.central.got[count:]
    assert all([name == action for name, _ in got]), got
    return [payload for _, payload in got]


async def triggered(site, message, number=None):
    """The payloads of the messages that an accepted trigger brings, and nothing else."""
    count = len(site.central.got)
    assert await trigger(site, message, number) == "Accepted", (message, number)
    return since(site, count, message)


def pending(site):
    answer = {"status": "Pending", "currentTime": "2026-03-01T00:00:00Z", "interval": 500}
    site.central.answers["BootNotification"] = answer


def test_the_profile_is_advertised_and_has_no_keys():
    async def story(site):
        answer = await site.central.ask("GetConfiguration", key=["SupportedFeatureProfiles"])
        assert answer["configurationKey"][0]["value"] == "Core,RemoteTrigger"

    play(story, profiles=TRIGGER)


def test_switched_off_it_is_not_supported():
    async def story(site):
        assert await site.central.ask("TriggerMessage", requestedMessage="Heartbeat") == "NotSupported"

    play(story, profiles=TRIGGER, keys={"SupportedFeatureProfiles": "Core"})


def test_heartbeat():
    """Its answer sets the clock; a connector is of no relevance and ignored, also one that does not exist."""

    async def story(site):
        for second, number in enumerate((None, 0, 1, 7, -1)):
            time = "2027-05-01T00:00:0%dZ" % second
            site.central.answers["Heartbeat"] = {"currentTime": time}
            assert await triggered(site, "Heartbeat", number) == [{}]
            assert site.engine.clock.stamp() == time

    play(story, profiles=TRIGGER)


def test_status_of_one_connector_and_of_all():
    """5.17: without connectorId those of the charge point and of all its connectors; the present status, although it
    was told before."""

    async def story(site):
        await site.charge("A", 2)
        await site.wait(5)
        everything = await triggered(site, "StatusNotification")
        told = [(payload["connectorId"], payload["status"], payload["errorCode"]) for payload in everything]
        assert told == [(0, "Available", "NoError"), (1, "Available", "NoError"), (2, "Charging", "NoError")]
        assert [payload["timestamp"] for payload in everything] == [site.engine.clock.stamp()] * 3
        for number in range(3):
            assert await triggered(site, "StatusNotification", number) == [everything[number]]

    play(story, profiles=TRIGGER, connectors=2)


def test_status_with_an_error_and_of_an_unavailable_charge_point():
    async def story(site):
        site.board.fault(1, "GroundFailure")
        await site.run(1000)
        await site.central.ask("ChangeAvailability", connectorId=0, type="Inoperative")
        await site.settle()
        zero, one = await triggered(site, "StatusNotification")
        assert (zero["status"], one["status"], one["errorCode"]) == ("Unavailable", "Faulted", "GroundFailure")

    play(story, profiles=TRIGGER)


def test_status_does_not_wait_for_MinimumStatusDuration():
    async def story(site):
        site.board.plug(1, True)
        await site.run(1000)
        assert site.told() == []
        (status,) = await triggered(site, "StatusNotification", 1)
        assert status["status"] == "Preparing"

    play(story, profiles=TRIGGER, keys={"MinimumStatusDuration": "30"})


def test_a_connector_that_does_not_exist_is_rejected():
    async def story(site):
        count = len(site.central.got)
        for message in ("StatusNotification", "MeterValues"):
            for number in (-1, 3, 1000000):
                assert await trigger(site, message, number) == "Rejected"
        assert len(site.central.got) == count

    play(story, profiles=TRIGGER, connectors=2)


def test_E_3_46_meter_values_are_those_of_MeterValuesSampledData():
    """Now, with the context Trigger, and with the transaction that runs there (E 3.16)."""

    async def story(site):
        await site.charge("A", 2)
        await site.wait(10)
        site.board.connectors[0].meter.set_energy(77)
        values = await triggered(site, "MeterValues")
        assert [payload["connectorId"] for payload in values] == [0, 1, 2]
        assert [payload.get("transactionId") for payload in values] == [None, None, 101]
        for payload in values:
            (element,) = payload["meterValue"]
            assert element["timestamp"] == site.engine.clock.stamp()
            assert all([value["context"] == "Trigger" for value in element["sampledValue"]])
            measurands = [value["measurand"] for value in element["sampledValue"]]
            assert measurands == [REGISTER, "Voltage", "Voltage", "Voltage"]
        energies = [int(payload["meterValue"][0]["sampledValue"][0]["value"]) for payload in values]
        assert energies[1] == 77 and energies[0] == energies[1] + energies[2]
        for number in range(3):
            (payload,) = await triggered(site, "MeterValues", number)
            assert payload["connectorId"] == number

    play(story, profiles=TRIGGER, connectors=2, keys={"MeterValuesSampledData": REGISTER + ",Voltage"})


def test_meter_values_wait_for_the_transactionId():
    """3.7: what belongs to a transaction comes after its start."""

    async def story(site):
        site.central.answers["StartTransaction"] = None
        await site.charge()
        assert await trigger(site, "MeterValues", 1) == "Accepted"
        assert not site.central.of("MeterValues")
        start = site.central.started("Accepted")
        site.central.rpc.receive(bytearray(json.dumps([3, site.central.ids[-1], start]).encode()))
        await site.settle()
        assert site.central.of("MeterValues")[0]["transactionId"] == 101

    play(story, profiles=TRIGGER, keys={"MeterValueSampleInterval": "0"})


def test_meter_values_without_anything_measured_are_rejected():
    """No measurand is chosen, or the only one has no sensor; where a sensor is, it is told."""

    async def story(site):
        assert await trigger(site, "MeterValues") == "Rejected"
        assert await trigger(site, "MeterValues", 1) == "Rejected"
        await site.change(MeterValuesSampledData="Temperature")
        for connector in site.board.connectors:
            connector.celsius = lambda: None
            connector.temperature.celsius = lambda: None
        assert await trigger(site, "MeterValues") == "Rejected"

    play(story, profiles=TRIGGER, keys={"MeterValuesSampledData": ""})


def test_E_3_35_and_3_40_no_boot_after_it_was_accepted():
    async def story(site):
        for _ in range(2):
            assert await trigger(site, "BootNotification") == "Rejected"
            site.central.lose()
            site.central.back()
            await site.settle()
        assert len(site.central.of("BootNotification")) == 1

    play(story, profiles=TRIGGER)


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
        zero, one = await triggered(site, "MeterValues")
        assert (zero["connectorId"], one["connectorId"]) == (0, 1) and "transactionId" not in one
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


def test_messages_of_a_profile_that_is_not_there_are_not_implemented():
    async def story(site):
        for message in ("FirmwareStatusNotification", "DiagnosticsStatusNotification"):
            for number in (None, 1):
                assert await trigger(site, message, number) == "NotImplemented"

    play(story, profiles=TRIGGER)


class Firmware(Profile):
    """A profile that can tell how its update goes, in profiles/made_up/firmware_status_notification.py."""

    name = "FirmwareManagement"
    folder = "made_up"


class Module:
    async def triggered(self, profile):
        await profile.core.engine.call("FirmwareStatusNotification", {"status": "Idle"}, True)


def test_messages_of_a_profile_that_is_there_are_its_own():
    async def story(site):
        assert await triggered(site, "FirmwareStatusNotification") == [{"status": "Idle"}]
        assert await trigger(site, "DiagnosticsStatusNotification") == "NotImplemented"

    name = "profiles.made_up.firmware_status_notification"
    sys.modules[name] = Module()
    try:
        play(story, profiles=(RemoteTrigger, Firmware))
    finally:
        del sys.modules[name]


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


def test_a_flood_of_triggers_is_bounded():
    """What waits already is not asked for again; one that is being sent may be older than the request."""

    async def story(site):
        profile = site.engine.profiles[1]
        site.central.answers["Heartbeat"] = None
        for _ in range(30):
            for message in ("Heartbeat", "StatusNotification", "MeterValues"):
                assert await ask(site, message) == "Accepted"
        assert len(profile.records) <= 6
        site.central.answers = site.central.usual()
        site.central.rpc.receive(bytearray(json.dumps([3, site.central.ids[-1], {"currentTime": "x"}]).encode()))
        await site.settle()
        assert profile.records == [] and len(site.central.of("Heartbeat")) == 2
        assert await triggered(site, "Heartbeat") == [{}]

    play(story, profiles=TRIGGER)


def test_what_is_refused_or_lost_is_not_sent_again():
    async def story(site):
        for action in ("Heartbeat", "StatusNotification"):
            site.central.answers[action] = OcppError("InternalError", "no")
            assert len(await triggered(site, action, 1)) == 1
        site.central.answers = site.central.usual()
        site.central.answers["Heartbeat"] = lambda payload: site.central.lose()
        assert await ask(site, "Heartbeat") == "Accepted"
        await until(lambda: not site.central.connected)
        await asyncio.sleep_ms(1)
        site.central.answers = site.central.usual()
        site.central.back()
        count = len(site.central.got)
        await site.settle()
        assert len(site.central.got) == count

    play(story, profiles=TRIGGER)
