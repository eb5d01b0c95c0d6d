"""Charging sessions as drivers live them (1.6 3.6, 4.8 to 4.10)."""

from ocpp_schemas import parse_time
from stories import charging, legal, seconds_since


def test_plug_first_then_card(csms, station):
    """4.9 A2, B3, C6, F1; 4.1: the card that started needs no second Authorize; 4.10: a card stops with
    Local."""
    firmware = station()
    firmware.meter(5000)
    firmware.plug()
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    firmware.ev("C")
    assert not firmware.connector()["contactor"]

    firmware.rfid("CARD1")
    assert csms.expect("Authorize") == {"idTag": "CARD1"}
    start = csms.expect("StartTransaction")
    assert (start["connectorId"], start["idTag"], start["meterStart"]) == (1, "CARD1", 5000)
    assert abs(seconds_since(start["timestamp"], csms)) < 5
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


def test_card_first_then_plug(csms, station):
    """4.9 A2: presenting an idTag is the beginning of usage; the transaction starts when the EV is there
    (3.6)."""
    firmware = station()
    firmware.rfid("CARD1")
    csms.expect("Authorize", idTag="CARD1")
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    csms.expect_none("StartTransaction", during=0.5)
    firmware.plug()
    firmware.ev("C")
    assert csms.expect("StartTransaction")["idTag"] == "CARD1"
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    assert legal(csms.statuses(1)) == ["Available", "Preparing", "Charging"]


def test_a_car_that_does_not_ask_is_suspended_ev(csms, station):
    """E 3.55: in state B2 the connector is SuspendedEV, in the transaction; 4.9 B4, D3, C4, D6."""
    firmware = station()
    firmware.plug()
    firmware.rfid("CARD1")
    csms.expect("StartTransaction")
    csms.expect("StatusNotification", connectorId=1, status="SuspendedEV")
    firmware.ev("C")
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    firmware.wait_for("contactor", lambda state: state["contactor"])
    firmware.ev("B")
    csms.expect("StatusNotification", connectorId=1, status="SuspendedEV")
    assert not firmware.connector()["contactor"]
    assert not csms.received("StopTransaction")
    firmware.rfid("CARD1")
    csms.expect("StopTransaction")
    csms.expect("StatusNotification", connectorId=1, status="Finishing")
    legal(csms.statuses(1))


def test_every_connector_is_reported_after_acceptance(csms, station):
    """E 3.22: connector 0 and all others; 4.9: connector 0 knows Available, Unavailable and Faulted only."""
    station(connectors=2)
    assert [csms.statuses(connector) for connector in (0, 1, 2)] == 3 * [["Available"]]
    assert {call["errorCode"] for call in csms.received("StatusNotification")} == {"NoError"}


def test_a_second_session_with_the_cable_still_in(csms, station):
    """4.9 F2: from Finishing a new card begins a new transaction."""
    firmware = charging(csms, station())
    firmware.rfid("CARD1")
    first = csms.expect("StopTransaction")
    csms.expect("StatusNotification", connectorId=1, status="Finishing")
    firmware.rfid("CARD2")
    second = csms.expect("StartTransaction")
    assert second["idTag"] == "CARD2" and second["meterStart"] >= first["meterStop"]
    firmware.wait_for("new transaction", lambda state: state["transactionId"] == 2)
    legal(csms.statuses(1))


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


def test_a_card_says_at_which_connector(csms, station):
    """Design 3.3: the reader may know its connector; without that the card goes where a car waits."""
    firmware = station(connectors=2)
    firmware.plug(2)
    csms.expect("StatusNotification", connectorId=2, status="Preparing")
    firmware.rfid("CARD1")
    assert csms.expect("StartTransaction")["connectorId"] == 2
    firmware.rfid("CARD2", 1)
    firmware.plug(1)
    start = csms.expect("StartTransaction")
    assert (start["connectorId"], start["idTag"]) == (1, "CARD2")


def test_unplugging_the_car_stops_the_transaction(csms, station):
    """4.10, 9.1.23, 7.36: StopTransactionOnEVSideDisconnect true: EVDisconnected; the contactor is open at
    once."""
    firmware = charging(csms, station(StopTransactionOnEVSideDisconnect="true"))
    firmware.unplug()
    firmware.wait_for("open contactor", lambda state: not state["contactor"], timeout=1)
    assert csms.expect("StopTransaction")["reason"] == "EVDisconnected"
    firmware.wait_status(1, "Available")
    csms.wait("Available", lambda: csms.statuses(1)[-1] == "Available")
    legal(csms.statuses(1))


def test_unplugging_the_car_only_suspends_if_so_configured(csms, station):
    """4.9, 4.10: StopTransactionOnEVSideDisconnect false: SuspendedEV, and energy again when the car is
    back."""
    firmware = charging(csms, station(StopTransactionOnEVSideDisconnect="false"))
    firmware.unplug()
    csms.expect("StatusNotification", connectorId=1, status="SuspendedEV")
    state = firmware.connector()
    assert not state["contactor"] and state["transactionId"] == 1
    firmware.plug()
    firmware.ev("C")
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    assert not csms.received("StopTransaction") and len(csms.received("StartTransaction")) == 1


def test_a_card_without_a_car_times_out(csms, station):
    """9.1.6, E 3.21, 4.9 B1: ConnectionTimeOut after Preparing began the connector is Available again."""
    firmware = station(ConnectionTimeOut="1")
    firmware.rfid("CARD1")
    preparing = csms.expect("StatusNotification", connectorId=1, status="Preparing")
    available = csms.expect(
        "StatusNotification", lambda s: s["status"] == "Available" and s.at > preparing.at
    )
    assert 0.7 < available.at - preparing.at < 3
    firmware.plug()
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    csms.expect_none("StartTransaction", during=0.5)


def test_a_car_without_a_card_times_out(csms, station):
    """E 3.20, 4.9 B6: the cable is still in, so the connector goes to Finishing, and to Available when it is
    out."""
    firmware = station(ConnectionTimeOut="1")
    firmware.plug()
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    csms.expect("StatusNotification", connectorId=1, status="Finishing", timeout=3)
    firmware.unplug()
    firmware.wait_status(1, "Available")
