"""Charging sessions as drivers live them (1.6 3.6, 4.8 to 4.10)."""

from limits import patient
from ocpp_schemas import parse_time
from scenarios import charging, legal, seconds_since


def test_plug_first_then_card(csms, firmware, station):
    """4.9 A2, B3, C6, F1; 4.1: the card that started needs no second Authorize; 4.10: a card stops with
    Local."""
    firmware.config["web"]["password"] = "shows idTags"
    station()
    firmware.meter(5000)
    firmware.plug()
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    firmware.ev("C")
    assert not firmware.connector()["contactor"]

    firmware.rfid("CARD1")
    assert csms.expect("Authorize") == {"idTag": "CARD1"}
    start = csms.expect("StartTransaction")
    assert (start["connectorId"], start["idTag"], start["meterStart"]) == (1, "CARD1", 5000)
    assert abs(seconds_since(start["timestamp"], csms)) < patient(2)
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    state = firmware.wait_for("energy", lambda state: state["energy_wh"] > 5002)
    assert state["contactor"] and state["transactionId"] == 1 and state["idTag"] == "CARD1"

    firmware.rfid("CARD1")
    stop = csms.expect("StopTransaction")
    assert stop["transactionId"] == 1 and stop.get("reason", "Local") == "Local"
    csms.expect("StatusNotification", connectorId=1, status="Finishing")
    state = firmware.connector()
    assert stop["meterStop"] == state["energy_wh"] > 5002
    assert not state["contactor"] and state["transactionId"] is None
    assert parse_time(start["timestamp"]) <= parse_time(stop["timestamp"])

    firmware.unplug()
    csms.expect("StatusNotification", lambda status: status["status"] == "Available" and status.at > stop.at)
    assert len(csms.received("Authorize")) == 1
    assert legal(csms.statuses(1)) == ["Available", "Preparing", "Charging", "Finishing", "Available"]



def test_every_connector_is_reported_after_acceptance(csms, station):
    """E 3.22: connector 0 and all others; 4.9: connector 0 knows Available, Unavailable and Faulted only."""
    station(connectors=2)
    assert [csms.statuses(connector) for connector in (0, 1, 2)] == 3 * [["Available"]]
    assert {call["errorCode"] for call in csms.received("StatusNotification")} == {"NoError"}



def test_two_connectors_are_independent(csms, station):
    """3.8: each connector has its own transaction, meter and status."""
    firmware = station(connectors=2, MeterValueSampleInterval="1")
    firmware.meter(7000, 2)
    charging(csms, firmware, connector=1, card="ONE")
    charging(csms, firmware, connector=2, card="TWO")
    assert [firmware.connector(n)["transactionId"] for n in (1, 2)] == [1, 2]
    for transaction, connector in ((1, 1), (2, 2)):
        assert csms.expect("MeterValues", transactionId=transaction)["connectorId"] == connector
    assert csms.call("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Accepted"}
    assert csms.expect("StopTransaction")["transactionId"] == 1
    csms.expect("StatusNotification", connectorId=1, status="Finishing")
    assert firmware.connector(2)["contactor"] and firmware.connector(2)["energy_wh"] >= 7000
    csms.expect(
        "MeterValues", lambda m: m["transactionId"] == 2 and m.at > csms.received("StopTransaction")[0].at
    )
    firmware.rfid("TWO", 2)
    stop = csms.expect("StopTransaction")
    assert stop["transactionId"] == 2 and stop["meterStop"] > 7000
    csms.expect("StatusNotification", connectorId=2, status="Finishing")
    for connector in (1, 2):
        assert legal(csms.statuses(connector)) == ["Available", "Preparing", "Charging", "Finishing"]



def test_unplugging_the_car_stops_the_transaction(csms, station):
    """4.10, 9.1.23, 7.36: StopTransactionOnEVSideDisconnect true: EVDisconnected; the contactor is open at
    once."""
    firmware = charging(csms, station(StopTransactionOnEVSideDisconnect="true"))
    firmware.unplug()
    firmware.wait_for("open contactor", lambda state: not state["contactor"])
    assert csms.expect("StopTransaction")["reason"] == "EVDisconnected"
    firmware.wait_status(1, "Available")
    csms.wait("Available", lambda: csms.statuses(1)[-1] == "Available")
    legal(csms.statuses(1))
