"""TriggerMessage: each message, for one connector and for all (1.6 5.17, E 3.46)."""

import asyncio
import json
import sys

from charging import play, until
from triggering import TRIGGER, ask, trigger, triggered

from ocpp.errors import OcppError
from profiles import Profile
from profiles.remote_trigger import RemoteTrigger

REGISTER = "Energy.Active.Import.Register"


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
    was reported before."""

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


def test_one_connector_has_no_connector_0():
    """4.7: there is no main meter whose values these would be; the status of connector 0 there is."""

    async def story(site):
        assert [payload["connectorId"] for payload in await triggered(site, "MeterValues")] == [1]
        assert await trigger(site, "MeterValues", 0) == "Rejected"
        assert [payload["connectorId"] for payload in await triggered(site, "StatusNotification")] == [0, 1]

    play(story, profiles=TRIGGER)


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
    """No measurand is chosen, or the only one has no sensor; where a sensor is, it is reported."""

    async def story(site):
        assert await trigger(site, "MeterValues") == "Rejected"
        assert await trigger(site, "MeterValues", 1) == "Rejected"
        await site.change(MeterValuesSampledData="Temperature")
        for connector in site.board.connectors:
            connector.temperature.celsius = lambda: None
        assert await trigger(site, "MeterValues") == "Rejected"

    play(story, profiles=TRIGGER, keys={"MeterValuesSampledData": ""})


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


def test_a_flood_of_triggers_is_bounded():
    """What waits already is not asked for again; one that is being sent may be older than the request."""

    async def story(site):
        profile = site.engine.profiles[1]
        site.central.answers["Heartbeat"] = None
        for _ in range(30):
            for message in ("Heartbeat", "StatusNotification", "MeterValues"):
                assert await ask(site, message) == "Accepted"
        assert len(profile.pending) <= 6
        site.central.answers = site.central.usual()
        site.central.rpc.receive(bytearray(json.dumps([3, site.central.ids[-1], {"currentTime": "x"}]).encode()))
        await site.settle()
        assert profile.pending == [] and len(site.central.of("Heartbeat")) == 2
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
