"""A central system that is late, silent, or answers nonsense (OCPP-J 4.1.1, 4.2.2, E 3.83)."""

import pytest
from answers import SILENCE, CallError, Delayed, Held, Raw
from scenarios import alive, charging


def test_answers_that_nobody_waits_for_are_ignored(csms, station):
    """OCPP-J 4.2.2: a CALLRESULT belongs to a CALL; one that does not is nobody's."""
    station()
    csms.send('[3,"nobody",{}]')
    csms.send('[4,"nobody","GenericError","",{}]')
    csms.send('[3,"nobody"]')
    csms.send("[3]")
    alive(csms)


def test_a_silent_server_frees_the_line_after_message_timeout(csms, station):
    """E 3.83: a CALL that is not answered within MessageTimeout has timed out; OCPP-J 4.1.1: then the next
    may go."""
    csms.interval = 1
    csms.strict.message_timeout = 2
    csms.once("Heartbeat", SILENCE, SILENCE)
    station(MessageTimeout="2")
    for _ in range(3):
        csms.expect("Heartbeat")
    assert csms.connections == 1


def test_the_server_may_call_while_it_owes_an_answer(csms, station):
    """OCPP-J 4.1.1, note: CALLs of both sides can cross."""
    csms.interval = 1
    csms.strict.message_timeout = 30
    csms.once("Heartbeat", Delayed(2, {"currentTime": "2026-01-01T00:00:00Z"}))
    station()
    beat = csms.expect("Heartbeat")
    alive(csms)
    assert csms.expect("Heartbeat").at - beat.at > 1


def test_a_late_answer_is_ignored(csms, station):
    """OCPP-J 4.1.1: it timed out; what comes later is not taken for the answer to another CALL."""
    csms.strict.message_timeout = 1
    firmware = station(MessageTimeout="1")
    late, blocked = Held({"idTagInfo": {"status": "Accepted"}}), Held({"idTagInfo": {"status": "Blocked"}})
    csms.once("Authorize", late, blocked)
    firmware.plug()
    firmware.rfid("LATE")
    csms.expect("Authorize", idTag="LATE")
    firmware.wait("time-out", lambda: any("Authorize was not answered" in line for line in firmware.lines))
    firmware.rfid("BLOCKED")
    csms.expect("Authorize", idTag="BLOCKED")
    late.release()
    csms.wait("late answer", lambda: csms.received("Authorize")[0].answer)
    blocked.release()
    csms.expect_none("StartTransaction", during=1.2)
    firmware.rfid("GOOD")
    assert csms.expect("StartTransaction")["idTag"] == "GOOD"


@pytest.mark.parametrize(
    "answer",
    [
        {"idTagInfo": {}},
        {"idTagInfo": {"status": "Sure"}},
        {"idTagInfo": "Accepted"},
        {"idTagInfo": {"status": None}},
        {"idTag": "BAD"},
        {},
        [],
        "Accepted",
        Raw('[3,"{id}"]'),
        Raw('[3,"{id}",{"idTagInfo":{"status":"Accepted"}'),
        Raw('[3.0,"{id}",{"idTagInfo":{"status":"Accepted"}}]'),
        Raw('[4,"{id}"]'),
        Raw('[4,"{id}","NoSuchCode","",{}]'),
        Raw('[4,"{id}","GenericError",null,null]'),
        Raw('[4,"{id}",{},[],"?"]'),
        CallError("NotSupported", "no"),
    ],
)
def test_an_answer_without_acceptance_authorizes_nobody(csms, station, answer):
    """OCPP-J 4.2.2, 4.1: no energy, no crash, and the next card works."""
    csms.strict.message_timeout = 1
    firmware = station(MessageTimeout="1")
    csms.once("Authorize", answer)
    firmware.plug()
    firmware.rfid("BAD")
    csms.expect("Authorize", idTag="BAD")
    csms.expect_none("StartTransaction", during=0.3)
    firmware.wait("the line", lambda: csms.call("GetConfiguration", {"key": ["x"]}))
    charging(csms, firmware, card="GOOD")
    assert csms.received("StartTransaction")[0]["idTag"] == "GOOD"


@pytest.mark.parametrize(
    "info",
    [
        {"status": "Accepted", "expiryDate": None, "parentIdTag": None},
        {"status": "Accepted", "expiryDate": "tomorrow", "more": {}},
        {"status": "Accepted", "expiryDate": "2099-01-01 00:00:00"},
    ],
)
def test_a_formal_defect_costs_no_money(csms, station, info):
    """J 3.3: each CALLRESULT is delivery; a null, an unknown field, an echo of the request, a transactionId of 101.0
    change nothing: each message comes once, and all of them belong together."""

    def odd(message, **good):
        return {**message, **good, "idTagInfo": info, "more": None}

    csms.on("Authorize", odd)
    csms.on("StartTransaction", lambda message: odd(message, transactionId=101.0))
    csms.on("MeterValues", odd)
    csms.on("StopTransaction", odd)
    csms.on("StatusNotification", odd)
    firmware = charging(csms, station(MeterValueSampleInterval="1"), card="GOOD")
    csms.expect("MeterValues", transactionId=101)
    csms.expect("MeterValues", transactionId=101)
    assert firmware.connector()["transactionId"] == 101
    firmware.rfid("GOOD")
    csms.expect("StopTransaction", transactionId=101, reason="Local")
    firmware.wait("empty outbox", lambda: firmware.status()["csms"]["queued"] == 0)
    billing = csms.received("StartTransaction") + csms.received("StopTransaction") + csms.received("MeterValues")
    assert len({call.id for call in billing}) == len(billing) and len(csms.received("StartTransaction")) == 1
    lines = [line for line in firmware.lines if "answer to StartTransaction" in line]
    told = [line for line in lines if "security event" not in line]  # that is a line of its own
    assert len(told) == 1, told


def test_invalid_with_a_null_stops_the_car(csms, station):
    """The money: what is wrong beside the status does not hide it (3.5.4)."""
    answer = {"transactionId": 7, "idTagInfo": {"status": "Invalid", "expiryDate": None}}
    csms.on("StartTransaction", answer)
    firmware = station()
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("GOOD")
    csms.expect("StopTransaction", transactionId=7, reason="DeAuthorized")
    assert not firmware.connector()["contactor"] and len(csms.received("StartTransaction")) == 1


@pytest.mark.parametrize("answer", [{}, [], "thanks", Raw('[3,"{id}"]'), Raw('[3,"{id}",{"x":"' + 9000 * "x" + '"}]')])
def test_a_useless_answer_is_delivery_all_the_same(csms, station, answer):
    """E 3.18: the transaction goes on with transactionId -1, each message comes once, and nothing waits behind it; even
    an answer that is too long is one."""
    for action in ("StartTransaction", "MeterValues", "StopTransaction", "StatusNotification"):
        csms.on(action, answer)
    firmware = station(MeterValueSampleInterval="1")
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("GOOD")
    for _ in range(2):
        csms.expect("MeterValues", transactionId=-1)
    assert firmware.connector()["contactor"]
    firmware.rfid("GOOD")
    csms.expect("StopTransaction", transactionId=-1, reason="Local")
    firmware.wait("empty outbox", lambda: firmware.status()["csms"]["queued"] == 0)
    assert len(csms.received("StartTransaction")) == len(csms.received("StopTransaction")) == 1


def test_answers_with_more_than_the_schema_has(csms, station):
    """J 3.2: additional fields are not allowed, but a charge point must not die of them."""
    csms.on("StatusNotification", {"thanks": True})
    firmware = station()
    firmware.plug()
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    alive(csms)
