"""TriggerMessage over the wire (1.6 5.17): every answer, and that it leaves before what it promises."""

import pytest
from scenarios import charging, seconds_since
from test_boot import refusal


def trigger(csms, message, connector=None):
    payload = {"requestedMessage": message}
    if connector is not None:
        payload["connectorId"] = connector
    return csms.call("TriggerMessage", payload)["status"]


def test_accepted(csms, station):
    """Each message that the central system may ask for, in a session."""
    firmware = charging(csms, station(connectors=2, MeterValueSampleInterval="0"), 2)

    def triggered(message, connector, count):
        before = len(csms.received())
        assert trigger(csms, message, connector) == "Accepted"
        csms.wait(f"{count} {message}", lambda: len(csms.received()) >= before + count)
        calls = csms.received()[before:]
        assert [call.action for call in calls] == [message] * count
        return calls

    assert triggered("Heartbeat", None, 1) == [{}]
    statuses = triggered("StatusNotification", None, 3)
    assert [(s["connectorId"], s["status"]) for s in statuses] == [(0, "Available"), (1, "Available"), (2, "Charging")]
    (status,) = triggered("StatusNotification", 2, 1)
    assert status["status"] == "Charging" and seconds_since(status["timestamp"], csms) < 5
    (values,) = triggered("MeterValues", 2, 1)
    assert {value["context"] for value in values["meterValue"][0]["sampledValue"]} == {"Trigger"}
    everything = triggered("MeterValues", None, 3)
    assert [(v["connectorId"], v.get("transactionId")) for v in everything] == [(0, None), (1, None), (2, 1)]
    firmware.wait("empty outbox", lambda: firmware.status()["csms"]["queued"] == 0)


def test_rejected_and_not_implemented(csms, station):
    """A connector that is not there, a second BootNotification (E 3.35), messages of a profile that is not there."""
    station(SupportedFeatureProfiles="Core,RemoteTrigger")
    sent = len(csms.received())
    assert trigger(csms, "StatusNotification", 2) == "Rejected"
    assert trigger(csms, "MeterValues", 2) == "Rejected"
    assert trigger(csms, "BootNotification") == "Rejected"
    assert trigger(csms, "DiagnosticsStatusNotification") == "NotImplemented"
    assert trigger(csms, "FirmwareStatusNotification") == "NotImplemented"
    assert len(csms.received()) == sent


def test_a_boot_after_a_reconnection(csms, station):
    """E 3.35: the central system may have forgotten who this is; evcc asks for it and waits for it."""
    station()
    for count in (2, 3):
        csms.drop()
        csms.wait_connected(count)
        assert trigger(csms, "BootNotification") == "Accepted"
        csms.expect_boot()
        assert trigger(csms, "BootNotification") == "Rejected"
        assert len(csms.received("BootNotification")) == count


@pytest.mark.parametrize("message", ["Heartbeat", "StatusNotification", "MeterValues"])
def test_pending(csms, firmware, message):
    """4.2: only what was triggered leaves, and only after the answer (the harness watches both)."""
    csms.once("BootNotification", refusal("Pending", 300))
    firmware.start()
    csms.expect("BootNotification")
    firmware.wait("Pending", lambda: firmware.status()["csms"]["registration"] == "Pending")
    for connector in (None, 1):
        assert trigger(csms, message, connector) == "Accepted"
        # Only a status has connector 0 where there is but one (4.7).
        for _ in range(2 if message == "StatusNotification" and not connector else 1):
            csms.expect(message)
    assert trigger(csms, "BootNotification") == "Accepted"
    csms.expect_boot()
    assert len(csms.received("BootNotification")) == 2
