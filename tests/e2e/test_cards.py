"""Who may charge, and who may stop it (1.6 3.9, 3.10, 4.1, 4.8)."""


import pytest
from answers import SILENCE, CallError, Held
from scenarios import charging


@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid", "ConcurrentTx"])
def test_a_card_that_is_not_accepted_starts_nothing(csms, station, status):
    """4.1: energy only after authorization; a good card works right after it."""
    firmware = station()
    firmware.plug()
    firmware.ev("C")
    csms.once("Authorize", {"idTagInfo": {"status": status}})
    firmware.rfid("BAD")
    csms.expect("Authorize", idTag="BAD")
    csms.expect_none("StartTransaction", during=0.5)
    assert not firmware.connector()["contactor"]
    firmware.rfid("GOOD")
    csms.expect("Authorize", idTag="GOOD")
    assert csms.expect("StartTransaction")["idTag"] == "GOOD"
    assert len(csms.received("StartTransaction")) == 1


def test_a_failed_authorization_starts_nothing(csms, station):
    """4.1: a CALLERROR is no acceptance."""
    firmware = station()
    firmware.plug()
    csms.once("Authorize", CallError("InternalError", "the database is down"))
    firmware.rfid("CARD1")
    csms.expect("Authorize", idTag="CARD1")
    csms.expect_none("StartTransaction", during=0.5)
    firmware.rfid("CARD2")
    assert csms.expect("StartTransaction")["idTag"] == "CARD2"


def test_another_card_does_not_stop_the_transaction(csms, station):
    """4.1: a different identifier has to be authorized; 3.10: it stops only within the same parent idTag."""
    firmware = charging(csms, station())
    csms.once("Authorize", {"idTagInfo": {"status": "Accepted"}})
    firmware.rfid("STRANGER")
    csms.expect("Authorize", idTag="STRANGER")
    csms.expect_none("StopTransaction", during=0.5)
    assert firmware.connector()["transactionId"] == 1
    firmware.rfid("CARD1")
    csms.expect("StopTransaction")


def test_a_card_of_the_same_parent_stops_the_transaction(csms, station):
    """3.10: tokens with the same parentIdTag may stop each other's transactions."""
    csms.on("Authorize", {"idTagInfo": {"status": "Accepted", "parentIdTag": "FAMILY"}})
    firmware = charging(csms, station())
    firmware.rfid("CARD2")
    csms.expect("Authorize", idTag="CARD2")
    stop = csms.expect("StopTransaction")
    assert stop["transactionId"] == 1 and stop.get("idTag") == "CARD2"


def test_the_card_is_case_insensitive(csms, station):
    """7.28, E 3.74, 3.75: an idToken is a CiString20, so the same letters in another case are the same
    card."""
    firmware = charging(csms, station(), card="Card-ABC")
    firmware.rfid("cARD-abc")
    csms.expect("StopTransaction")
    assert len(csms.received("Authorize")) == 1


def test_a_card_is_read_by_the_driver_of_its_reader(csms, firmware):
    """A simulated Wiegand reader sends its bits; what it cannot send is refused."""
    firmware.start(board={"reader": "wiegand"})
    csms.expect_boot()
    status, answer = firmware.request("POST", "/api/sim/rfid", {"idTag": "CARD1"})
    assert status == 400 and "hexadecimal" in answer["error"]
    firmware.rfid("04A1B2C3")
    assert csms.expect("Authorize")["idTag"] == "04A1B2C3"


@pytest.mark.parametrize("silent", ["StatusNotification", "Authorize"])
def test_a_known_card_charges_within_15_s_of_the_tap_in_a_dead_network(csms, station, silent):
    """3.5: what is known here decides, also while the connection seems to be there and another CALL is not answered;
    4.1.1 of OCPP-J: no second CALL is sent before."""
    firmware = charging(csms, station())
    firmware.rfid("CARD1")
    csms.expect("StopTransaction")
    firmware.unplug()
    csms.expect("StatusNotification", status="Available", match=lambda call: call.at > csms.calls[0].at)
    firmware.wait_status(1, "Available")
    csms.on(silent, SILENCE)
    firmware.plug()
    firmware.ev("C")
    csms.expect("StatusNotification", status="Preparing", timeout=10)
    firmware.rfid("CARD1")
    firmware.wait_for("closed contactor", lambda state: state["contactor"], timeout=15)
    assert not any("was not answered" in line for line in firmware.lines), "not after MessageTimeout, 30 s"
    assert len(csms.received("StartTransaction")) == 1, "no CALL while another is open"


def test_the_second_tap_takes_the_first_back_while_it_is_decided_on(csms, station):
    """4.9 B1, before the answer as after it."""
    firmware = station()
    firmware.plug()
    firmware.ev("C")
    answer = Held({"idTagInfo": {"status": "Accepted"}})
    csms.once("Authorize", answer)
    firmware.rfid("CARD1")
    csms.expect("Authorize", idTag="CARD1")
    firmware.rfid("card1")
    firmware.wait("card to be taken back", lambda: any("taken back" in line for line in firmware.lines))
    answer.release()
    csms.expect_none("StartTransaction", during=1.5)
    firmware.rfid("CARD1")
    csms.expect("StartTransaction")
