"""Reservations over the wire (1.6 5.1, 5.13): every answer, and the stories of the people who reserve."""

from datetime import timedelta, timezone

import pytest
from answers import utc
from scenarios import charging, legal, refused


def reserve(csms, connector=1, card="CARD1", identity=1, seconds=3600, parent=None, write=utc):
    """The status of ReserveNow.conf for a reservation that ends in `seconds`."""
    payload = {"connectorId": connector, "idTag": card, "reservationId": identity}
    payload["expiryDate"] = write(csms.now() + timedelta(seconds=seconds))
    if parent is not None:
        payload["parentIdTag"] = parent
    return csms.call("ReserveNow", payload)["status"]


def cancel(csms, identity=1):
    return csms.call("CancelReservation", {"reservationId": identity})["status"]


def told(csms, *statuses, connector=1):
    """Wait until connector has reported this in the end; all that it has reported is a way of the table in 4.9."""
    count = len(statuses)
    csms.wait(statuses, lambda: csms.statuses(connector)[-count:] == list(statuses))
    legal(csms.statuses(connector))


def refuses(csms, firmware, card, connector=1):
    """The card is of no use, and nobody is asked about it."""
    asked = len(csms.received("Authorize"))
    firmware.rfid(card, connector)
    csms.expect_none("StartTransaction", during=0.4)
    assert len(csms.received("Authorize")) == asked


def test_reserve_cancel_and_what_there_is_not(csms, station):
    station()
    assert cancel(csms) == "Rejected"
    assert reserve(csms) == "Accepted"
    told(csms, "Available", "Reserved")
    assert reserve(csms, 0, identity=2) == "Occupied"
    assert reserve(csms, 2) == "Rejected" and reserve(csms, seconds=-1) == "Rejected"
    assert cancel(csms, 2) == "Rejected" and cancel(csms) == "Accepted"
    told(csms, "Reserved", "Available")


def test_each_answer(csms, station, firmware):
    """Occupied, Faulted, Unavailable and Rejected; then Accepted."""
    firmware.heap = "180wK"  # the simulation of three connectors more is in it, too
    charging(csms, station(connectors=4))
    firmware.fault("GroundFailure", 2)
    csms.call("ChangeAvailability", {"connectorId": 3, "type": "Inoperative"})
    firmware.wait_status(2, "Faulted")
    firmware.wait_status(3, "Unavailable")
    answers = [reserve(csms, connector, seconds=-1) for connector in (1, 2, 3, 5, 4)]
    assert answers == ["Occupied", "Faulted", "Unavailable", "Rejected", "Rejected"], "that has passed goes last"
    answers = [reserve(csms, connector) for connector in (1, 2, 3, 5, 4)]
    assert answers == ["Occupied", "Faulted", "Unavailable", "Rejected", "Accepted"]
    told(csms, "Available", "Reserved", connector=4)
    assert firmware.connector(4)["status"] == "Reserved"


def test_connector_0_is_refused_when_so_configured(csms, station):
    station(ReserveConnectorZeroSupported="false")
    assert reserve(csms, 0) == "Rejected" and reserve(csms, 1) == "Accepted"


def test_it_expires(csms, station):
    """5.13: on time, with a StatusNotification; written as the central system likes (E 3.10)."""
    firmware = station()
    zone = timezone(timedelta(hours=-3))
    assert reserve(csms, seconds=3, write=lambda moment: moment.astimezone(zone).isoformat()) == "Accepted"
    reserved = csms.expect("StatusNotification", status="Reserved")
    freed = csms.expect("StatusNotification", status="Available", match=lambda call: call.at > reserved.at)
    assert freed.at - reserved.at > 1.5
    assert cancel(csms) == "Rejected"
    charging(csms, firmware, card="OTHER")
    assert "reservationId" not in csms.received("StartTransaction")[0]


def test_another_card_is_refused_and_the_right_one_charges(csms, station):
    """The car may be there before; the transaction tells which reservation it ends, and it is over."""
    firmware = station()
    assert reserve(csms, card="MINE", identity=42) == "Accepted"
    firmware.plug()
    firmware.ev("C")
    refuses(csms, firmware, "OTHER")
    told(csms, "Available", "Reserved")
    firmware.rfid("mine", 1)
    start = csms.expect("StartTransaction")
    assert (start["idTag"], start["reservationId"]) == ("mine", 42)
    told(csms, "Charging")
    assert csms.statuses(1)[:3] == ["Available", "Reserved", "Preparing"]
    assert cancel(csms, 42) == "Rejected"
    firmware.rfid("mine", 1)
    told(csms, "Finishing")
    firmware.unplug()
    told(csms, "Available")
    charging(csms, firmware, card="OTHER")


def test_a_card_of_the_group(csms, station):
    """3.10: Authorize.conf tells who belongs to it."""
    firmware = station()
    csms.on("Authorize", lambda m: {"idTagInfo": {"status": "Accepted", "parentIdTag": "FLEET-" + m["idTag"][0]}})
    assert reserve(csms, card="A1", parent="fleet-a") == "Accepted"
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("B2", 1)
    csms.expect("Authorize", idTag="B2")
    csms.expect_none("StartTransaction", during=0.4)
    firmware.rfid("A2", 1)
    assert csms.expect("StartTransaction", idTag="A2")["reservationId"] == 1


@pytest.mark.parametrize("authorize", ["true", "false"])
def test_remote_start(csms, station, authorize):
    """5.11: with the wrong idTag Rejected, and no message; with the right one it uses the reservation."""
    firmware = station(AuthorizeRemoteTxRequests=authorize)
    assert reserve(csms, card="MINE", identity=7) == "Accepted"
    firmware.plug()
    firmware.ev("C")
    for request in ({"idTag": "OTHER", "connectorId": 1}, {"idTag": "OTHER"}):
        assert csms.call("RemoteStartTransaction", request) == {"status": "Rejected"}
    assert not csms.received("Authorize")
    assert csms.call("RemoteStartTransaction", {"idTag": "MINE", "connectorId": 1}) == {"status": "Accepted"}
    start = csms.expect("StartTransaction")
    assert (start["idTag"], start["reservationId"]) == ("MINE", 7)
    assert len(csms.received("Authorize")) == (authorize == "true")


def test_connector_0_keeps_one_free(csms, station):
    firmware = charging(csms, station(connectors=2), 2, card="FIRST")
    assert reserve(csms, 0, card="MINE", identity=9) == "Accepted"
    assert reserve(csms, 0, card="SECOND", identity=10) == "Occupied"
    told(csms, "Available", "Reserved", connector=1)
    assert csms.statuses(0) == ["Available"]
    firmware.plug(1)
    firmware.ev("C", 1)
    refuses(csms, firmware, "OTHER", 1)
    assert csms.call("RemoteStartTransaction", {"idTag": "OTHER"}) == {"status": "Rejected"}
    firmware.rfid("MINE", 1)
    assert csms.expect("StartTransaction", connectorId=1)["reservationId"] == 9


def test_the_only_connector_shows_a_reservation_of_connector_0(csms, station):
    """OCA TC_049."""
    firmware = station()
    assert reserve(csms, 0, card="MINE", identity=5) == "Accepted"
    told(csms, "Available", "Reserved")
    charging(csms, firmware, card="MINE")
    assert csms.received("StartTransaction")[0]["reservationId"] == 5
    told(csms, "Charging")
    assert csms.statuses(1)[:3] == ["Available", "Reserved", "Preparing"] and csms.statuses(0) == ["Available"]


def test_profiles_that_are_switched_off(csms, station):
    """5.10, 5.13, 7.47: the answers that the messages have for it; Smart Charging has none (E 3.39)."""
    station(SupportedFeatureProfiles="Core")
    assert reserve(csms) == "Rejected" and reserve(csms, 0) == "Rejected" and cancel(csms) == "Rejected"
    assert csms.call("GetLocalListVersion") == {"listVersion": -1}
    assert csms.call("SendLocalList", {"listVersion": 1, "updateType": "Full"}) == {"status": "NotSupported"}
    assert refused(csms, "GetCompositeSchedule", {"connectorId": 1, "duration": 60}) == "NotSupported"


def test_a_switched_off_list(csms, station):
    """9.2.1: LocalAuthListEnabled."""
    station(LocalAuthListEnabled="false")
    assert csms.call("GetLocalListVersion") == {"listVersion": -1}
    assert csms.call("SendLocalList", {"listVersion": 1, "updateType": "Full"}) == {"status": "NotSupported"}


def test_it_is_kept_over_a_power_cut(csms, station):
    """And over a reset; what has expired in the dark is over as soon as the time is known."""
    firmware = station(connectors=2)
    assert reserve(csms, 1, card="MINE", seconds=86400) == "Accepted"
    assert reserve(csms, 2, identity=2) == "Accepted"
    told(csms, "Available", "Reserved", connector=2)
    csms.ahead = timedelta(hours=2)
    csms.rebooted()
    firmware.restart()
    csms.expect_boot(2)
    csms.wait("the end of the second", lambda: csms.statuses(2)[-1] == "Available")
    assert csms.statuses(1)[-1] == "Reserved" and cancel(csms, 2) == "Rejected"
    refuses(csms, firmware, "OTHER", 1)
    firmware.expect_exit()
    csms.call("Reset", {"type": "Hard"})
    assert firmware.wait_exit() == 75
    csms.rebooted()
    firmware.start()
    csms.expect_boot(2)
    assert csms.statuses(1)[-1] == "Reserved"
    firmware.plug(1)
    firmware.ev("C", 1)
    firmware.rfid("MINE", 1)
    assert csms.expect("StartTransaction")["reservationId"] == 1
    csms.rebooted()
    firmware.restart()
    csms.expect_boot(2)
    assert cancel(csms, 1) == "Rejected"


def test_a_transaction_that_began_offline_tells_of_it_later(csms, firmware, station):
    firmware.config["web"]["password"] = "shows idTags"
    station(LocalAuthorizeOffline="true", AllowOfflineTxForUnknownId="true")
    assert reserve(csms, card="MINE", identity=3, seconds=600) == "Accepted"
    told(csms, "Reserved")
    csms.server.stop_listening()
    csms.drop()
    firmware.wait("end of the connection", lambda: not firmware.status()["csms"]["connected"])
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("OTHER", 1)
    firmware.rfid("MINE", 1)
    state = firmware.wait_status(1, "Charging")
    assert state["idTag"] == "MINE"
    csms.server.listen()
    start = csms.expect("StartTransaction", timeout=10)
    assert (start["idTag"], start["reservationId"]) == ("MINE", 3)


def test_fault_and_unavailability_end_it(csms, station):
    """5.13 (3)."""
    firmware = station()
    assert reserve(csms) == "Accepted"
    told(csms, "Reserved")
    firmware.fault("GroundFailure")
    told(csms, "Reserved", "Faulted")
    firmware.fault(None)
    told(csms, "Faulted", "Available")
    assert reserve(csms) == "Accepted"
    told(csms, "Available", "Reserved")
    csms.call("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    told(csms, "Reserved", "Unavailable")
    csms.call("ChangeAvailability", {"connectorId": 1, "type": "Operative"})
    told(csms, "Unavailable", "Available")
    assert cancel(csms) == "Rejected"
