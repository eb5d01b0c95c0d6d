"""A central system that is late, silent, or answers nonsense (OCPP-J 4.1.1, 4.2.2, E 3.83)."""

import pytest
from answers import SILENCE, CallError, Delayed, Held, Raw
from stories import alive, charging


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
        {"idTagInfo": {"status": "Accepted", "expiryDate": "tomorrow"}},
        {},
        [],
        "Accepted",
        Raw('[3,"{id}"]'),
        Raw('[4,"{id}"]'),
        Raw('[4,"{id}","NoSuchCode","",{}]'),
        Raw('[4,"{id}","GenericError",null,null]'),
        Raw('[4,"{id}",{},[],"?"]'),
        CallError("NotSupported", "no"),
    ],
)
def test_an_answer_outside_its_schema_authorizes_nobody(csms, station, answer):
    """OCPP-J 4.2.2, 4.1: such an answer is none; no energy, no crash, and the next card works."""
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


def test_answers_with_more_than_the_schema_has(csms, station):
    """J 3.2: additional fields are not allowed, but a charge point must not die of them."""
    csms.on("StatusNotification", {"thanks": True})
    firmware = station()
    firmware.plug()
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    alive(csms)
