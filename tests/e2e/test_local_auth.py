"""The local authorization list (1.6 3.5.2 - 3.5.4, 5.10, 5.15) in a heap as large as a board's."""

import json
import time

import pytest
from scenarios import charging, refused

LATER = "2030-12-31T23:59:59.999Z"


def entry(id_tag, status="Accepted", **info):
    """An AuthorizationData (7.1); without a status it deletes."""
    return {"idTag": id_tag} | ({"idTagInfo": {"status": status, **info}} if status else {})


def send(csms, version, *entries, kind="Full", timeout=10):
    payload = {"listVersion": version, "updateType": kind, "localAuthorizationList": list(entries)}
    return csms.call("SendLocalList", payload, timeout)["status"]


def version(csms):
    return csms.call("GetLocalListVersion")["listVersion"]


def key(csms, name):
    (element,) = csms.call("GetConfiguration", {"key": [name]})["configurationKey"]
    return int(element["value"])


def offline(csms, firmware):
    csms.server.stop_listening()
    csms.drop()
    firmware.wait("end of the connection", lambda: not firmware.status()["csms"]["connected"])


def charge(firmware, card):
    firmware.plug()
    firmware.ev("C")
    firmware.rfid(card)
    firmware.wait_status(1, "Charging")


def online(csms, firmware):
    csms.server.listen()
    firmware.wait("connection", lambda: csms.connected)


def test_every_answer(csms, station):
    """7.47: Accepted, VersionMismatch, Failed, NotSupported; GetLocalListVersion 0, a version, -1 (5.10)."""
    station()
    assert version(csms) == 0
    assert send(csms, 5, entry("A"), entry("B")) == "Accepted"
    assert send(csms, 5, entry("C"), kind="Differential") == "VersionMismatch"
    assert send(csms, 6, entry("C"), entry("c"), kind="Differential") == "Failed"
    payload = {"listVersion": 0, "updateType": "Full", "localAuthorizationList": [entry("C")]}
    assert refused(csms, "SendLocalList", payload) == "PropertyConstraintViolation"
    assert version(csms) == 5
    off, on = ({"key": "LocalAuthListEnabled", "value": value} for value in ("false", "true"))
    assert csms.call("ChangeConfiguration", off) == {"status": "Accepted"}
    assert send(csms, 6, entry("C")) == "NotSupported" and version(csms) == -1
    assert csms.call("ChangeConfiguration", on) == {"status": "Accepted"}
    assert send(csms, 6, entry("A", None), entry("B", None), kind="Differential") == "Accepted"
    assert version(csms) == 0


def test_the_longest_list_in_the_longest_messages(csms, station):
    """9.2.2, 9.2.3: with the longest texts, while a transaction runs; one more is too many. A power cut changes
    nothing, and cards of both ends of the list start a session offline."""
    firmware = station()
    most, at_once = key(csms, "LocalAuthListMaxLength"), key(csms, "SendLocalListMaxLength")
    assert most >= 200
    info = {"expiryDate": LATER, "parentIdTag": "THE LONGEST PARENT !"}
    tags = ["%020d" % (number * 7919 % 1000003) for number in range(most)]
    charging(csms, firmware, card=tags[0])
    for at in range(0, most, at_once):
        part = [entry(tag, **info) for tag in tags[at : at + at_once]]
        assert send(csms, at + 1, *part, kind="Differential" if at else "Full", timeout=10) == "Accepted"
    assert send(csms, most, entry("ONE MORE"), kind="Differential") == "Failed"
    too_long = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": [entry("A")] * (at_once + 1)}
    assert refused(csms, "SendLocalList", too_long) == "OccurenceConstraintViolation"
    firmware.rfid(tags[0])
    csms.expect("StopTransaction")
    firmware.restart()
    csms.expect_boot()
    assert version(csms) == most - at_once + 1
    for card in (min(tags), max(tags)):
        offline(csms, firmware)
        charge(firmware, card)
        firmware.rfid(card)
        firmware.wait_for("end", lambda state: not state["idTag"] and not state["contactor"])
        firmware.unplug()
        online(csms, firmware)
        csms.expect("StopTransaction", idTag=card)


def test_more_than_there_is_memory_for(csms, station):
    """A list that is too long is refused, and answered, whatever it needs; then a shorter one is taken."""
    firmware = station(2)
    for connector in (1, 2):
        charging(csms, firmware, connector, card="CARD%d" % connector)
    for number in (30, 60, 100, 125, 125, 125):
        entries = [entry("TAG%d" % index) for index in range(number)]
        payload = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": entries}
        code = refused(csms, "SendLocalList", payload)
        assert code in ("OccurenceConstraintViolation", "InternalError")
    assert version(csms) == 0
    assert send(csms, 1, *entries[: key(csms, "SendLocalListMaxLength")]) == "Accepted"
    firmware.rfid("CARD2", 2)
    csms.expect("StopTransaction", idTag="CARD2")


def test_offline_the_list_decides_before_the_cache(csms, station):
    """3.5.3, 3.5.4: who is not Accepted, or no more, is refused although the cache accepts it and the unknown may
    charge; the list is the same after a power cut."""
    firmware = station(AllowOfflineTxForUnknownId="true")
    bad = {"Blocked": {}, "Expired": {}, "Invalid": {}, "Accepted": {"expiryDate": "2020-01-01T00:00:00Z"}}
    for card in bad:
        firmware.rfid(card)
        csms.expect("Authorize", idTag=card)
        firmware.wait_status(1, "Preparing")
        firmware.rfid(card)
        firmware.wait_status(1, "Available")
    entries = [entry(card, card, **info) for card, info in bad.items()]
    assert send(csms, 1, entry("GOOD", expiryDate=LATER), *entries) == "Accepted"
    firmware.restart()
    csms.expect_boot()
    offline(csms, firmware)
    firmware.plug()
    firmware.ev("C")
    for card in bad:
        firmware.rfid(card)
        status = "Expired" if card == "Accepted" else card
        refusal = "card %s: %s" % (card, status)
        firmware.wait(refusal, lambda text=refusal: any(text in line for line in firmware.lines))
    firmware.wait_status(1, "Preparing")
    assert not firmware.connector()["contactor"]
    charge(firmware, "good")
    online(csms, firmware)
    assert csms.expect("StartTransaction")["idTag"] == "good"
    assert [call["idTag"] for call in csms.received("Authorize")] == list(bad)


def test_a_conflict_is_reported(csms, station):
    """3.5.2: StatusNotification of connector 0 with LocalListConflict, here when the answer to StartTransaction comes
    for a card that the list had pre-authorized; a new list ends it."""
    firmware = station(LocalPreAuthorize="true")
    assert send(csms, 1, entry("CARD1", parentIdTag="P")) == "Accepted"
    csms.once("StartTransaction", {"transactionId": 1, "idTagInfo": {"status": "Blocked"}})
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("CARD1")
    told = csms.expect("StatusNotification", errorCode="LocalListConflict")
    assert (told["connectorId"], told["status"]) == (0, "Available")
    assert csms.expect("StopTransaction")["reason"] == "DeAuthorized"
    assert not csms.received("Authorize")
    assert send(csms, 2, entry("CARD1", "Blocked"), kind="Differential") == "Accepted"
    assert csms.expect("StatusNotification", connectorId=0)["errorCode"] == "NoError"


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.015, 0.05])
def test_a_power_cut_in_the_middle_of_an_update(csms, station, delay):
    """The old list or the new one, whole (3.5.2); the central system sees which by its version (5.10)."""
    firmware = station()
    most, at_once = key(csms, "LocalAuthListMaxLength"), key(csms, "SendLocalListMaxLength")
    for at in range(0, 4 * at_once, at_once):
        part = [entry("OLD%d" % number) for number in range(at, at + at_once)]
        assert send(csms, at + 1, *part, kind="Differential") == "Accepted"
    before = version(csms)
    part = [entry("NEW%d" % number) for number in range(at_once)]
    payload = {"listVersion": most, "updateType": "Differential", "localAuthorizationList": part}
    csms.send(json.dumps([2, "cut", "SendLocalList", payload]), "cut", "SendLocalList")
    time.sleep(delay)
    firmware.restart()
    csms.expect("BootNotification", lambda boot: boot.connection == 2)
    csms.wait("status", lambda: csms.received("StatusNotification", connectorId=1)[1:])
    after = version(csms)
    assert after in (before, most)
    offline(csms, firmware)
    if after == before:
        firmware.rfid("NEW0")
        firmware.wait("refusal", lambda: any("card NEW0: Invalid" in line for line in firmware.lines))
    charge(firmware, "NEW7" if after == most else "OLD7")
