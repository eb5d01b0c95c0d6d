"""The ledger finds what it is meant to find, in books that are cooked here."""

from types import SimpleNamespace

import pytest
from answers import CallError
from billing_ledger import START, STOP, VALUES, Ledger
from scripted_csms import Message

REFUSED = CallError("InternalError")


def time(second):
    return f"2026-03-01T00:00:{second:02}Z"


def start(second, register=1000000, tag="A", **sent):
    payload = {"connectorId": 1, "idTag": tag, "meterStart": register, "timestamp": time(second)}
    return call(START, payload, **{"answer": {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}, **sent})


def values(second, register, transaction=7, **sent):
    sample = {"value": str(register), "measurand": "Energy.Active.Import.Register"}
    value = {"timestamp": time(second), "sampledValue": [sample]}
    return call(VALUES, {"connectorId": 1, "transactionId": transaction, "meterValue": [value]}, **sent)


def stop(second, register, transaction=7, **sent):
    payload = {"transactionId": transaction, "meterStop": register, "timestamp": time(second), "reason": "Local"}
    return call(STOP, payload, **sent)


def call(action, payload, answer="confirmed", message_id=None, connection=1):
    message = Message([2, message_id or str(payload), action, payload], 0, connection)
    message.answer = {} if answer == "confirmed" else answer
    return message


def ledger(*calls, attempts=1000, apart=5):
    """Of `calls` that came `apart` seconds from each other."""
    for at, message in enumerate(calls):
        message.at = at * apart
    starts = [dict(message) for message in calls if message.action == START][:1]
    csms = SimpleNamespace(calls=calls, transactions=dict.fromkeys([7], starts and starts[0]))
    return Ledger(csms, 1, timeout=1, attempts=attempts)


def test_a_clean_book():
    book = ledger(start(1), values(2, 1000005), values(3, 1000005), stop(3, 1000009))
    assert book.faults == [] and len(book.entries) == 4
    assert [session.stop["meterStop"] for session in book.sessions] == [1000009]


def test_what_was_not_confirmed_may_come_again():
    tries = [values(2, 1000005, answer=None), values(2, 1000005, answer=REFUSED)]
    again = values(2, 1000005, message_id="new")
    book = ledger(start(1, answer=None), start(1), *tries, again, stop(3, 1000009))
    assert book.faults == [] and [len(entry.tries) for entry in book.entries] == [2, 3, 1]


def test_a_confirmation_that_nobody_can_have_seen_does_not_count():
    assert ledger(start(1), start(1), stop(3, 1000009)).faults == []


def test_given_up_after_errors():
    """E 3.18: without a transactionId its messages carry -1."""
    lost = [start(1, answer=REFUSED), start(1, answer=REFUSED, message_id="new")]
    assert ledger(*lost, stop(3, 1000009, -1), attempts=2).faults == []
    assert "given up" in ledger(*lost, stop(3, 1000009, -1), attempts=3).faults[0]
    assert "belongs to {-1}" in ledger(*lost, stop(3, 1000009, 7), attempts=2).faults[0]


@pytest.mark.parametrize(
    "fault, calls",
    [
        ("no stop for", [start(1)]),
        ("no stop for", [start(1), values(2, 1000005)]),
        ("without a transaction", [stop(3, 1000009)]),
        ("without a transaction", [start(1), stop(3, 1000009), values(4, 1000009)]),
        ("started before", [start(1), start(4, 1000000, "B"), stop(5, 1000009)]),
        ("is told again", [start(1), stop(3, 1000009), start(1)]),
        ("is told again", [start(1), values(2, 1000005), values(3, 1000006), values(2, 1000005), stop(3, 1000009)]),
        ("given up", [start(1, answer=None), stop(3, 1000009)]),
        ("given up", [start(1), stop(3, 1000009, answer=REFUSED)]),
        ("sent again as", [start(1), start(1, message_id="other"), stop(3, 1000009)]),
        ("belongs to", [start(1), values(2, 1000005, 8), stop(3, 1000009)]),
        ("belongs to", [start(1), stop(3, 1000009, -1)]),
        ("register below", [start(1), values(2, 1000005), stop(3, 1000004)]),
        ("register below", [start(1), values(2, 1000005), values(3, 1000004), stop(3, 1000005)]),
        ("time before", [start(1), values(3, 1000005), stop(2, 1000009)]),
        ("time before", [start(2), stop(1, 1000009)]),
        ("energy without", [start(1), stop(2, 1000009), start(3, 1000010, "B"), stop(4, 1000010)]),
    ],
)
def test_a_cooked_book(fault, calls):
    assert any(fault in found for found in ledger(*calls).faults), ledger(*calls).faults


def test_two_samples_in_the_second_of_a_restart():
    samples = [values(2, 1000005), values(2, 1000005, message_id="other")]
    boots = [call("BootNotification", {}), call("BootNotification", {})]
    book = ledger(*boots, start(1), *samples, stop(3, 1000009))
    assert book.faults == [] and len(book.entries) == 4
    assert "alike" in ledger(start(1), *samples, stop(3, 1000009)).faults[0]


def test_a_confirmed_message_that_comes_again():
    """The next CALL followed at once on the same connection: the answer was there (OCPP-J 4.1.1)."""
    book = ledger(start(1), call("Heartbeat", {}), start(1), stop(3, 1000009), apart=0.1)
    assert "although it was confirmed" in book.faults[0]
    cut = ledger(start(1), call("Heartbeat", {}, connection=2), start(1), stop(3, 1000009), apart=0.1)
    assert cut.faults == []
