"""No transaction message is lost, reported twice or out of order (1.6 3.7; architecture.md, Power cuts)."""

import pytest
from answers import DROP, SILENCE, CallError
from ocpp_schemas import parse_time
from scenarios import charging, legal, seconds_since


def test_lost_in_a_transaction(csms, station):
    """3.7: charging goes on, nothing measured while offline is lost, all comes in order, and the stop is
    reported."""
    firmware = charging(csms, station(MeterValueSampleInterval="1"))
    csms.expect("MeterValues")
    csms.server.stop_listening()
    csms.drop()
    firmware.wait("queued values", lambda: firmware.status()["csms"]["queued"] >= 3)
    assert firmware.status()["csms"]["connected"] is False
    assert firmware.connector()["contactor"]
    firmware.rfid("CARD1")
    firmware.wait_status(1, "Finishing")
    energy = firmware.connector()["energy_wh"]
    queued = firmware.status()["csms"]["queued"]
    csms.server.listen()
    stop = csms.expect("StopTransaction")
    assert (stop["transactionId"], stop["meterStop"]) == (1, energy)
    assert seconds_since(stop["timestamp"], csms) > 0
    values = csms.received("MeterValues", transactionId=1)
    times = [parse_time(value["meterValue"][0]["timestamp"]) for value in values]
    assert times == sorted(times) and len(set(times)) == len(times) >= 4
    assert len(times) >= queued, "the stop was queued, too, but a value had been told before"
    assert all(value.at < stop.at for value in values)
    csms.wait("Finishing", lambda: csms.statuses(1)[-1] == "Finishing")
    assert legal(csms.statuses(1)) == ["Available", "Preparing", "Charging", "Finishing"]
    firmware.wait("empty queue", lambda: firmware.status()["csms"]["queued"] == 0)
    assert len(csms.received("StopTransaction")) == 1


@pytest.mark.parametrize("action", ["StartTransaction", "MeterValues", "StopTransaction"])
def test_lost_while_a_transaction_message_is_open(csms, station, action):
    """3.7: it is sent again as it was until it is answered, and what follows waits for it."""
    firmware = station(MeterValueSampleInterval="1")
    csms.once(action, DROP)
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("CARD1")
    csms.wait("MeterValues", lambda: len(csms.received("MeterValues")) >= 2)
    firmware.rfid("CARD1")
    csms.wait("stop", lambda: csms.received("StopTransaction"))
    csms.wait("both tries", lambda: len(csms.received(action)) >= 2)
    firmware.wait("empty queue", lambda: firmware.status()["csms"]["queued"] == 0)
    first, again = csms.received(action)[:2]
    assert first == again
    assert len(csms.transactions) == 1
    stories = [
        c.action for c in csms.calls if c.action in ("StartTransaction", "MeterValues", "StopTransaction")
    ]
    order = sorted(stories, key=["StartTransaction", "MeterValues", "StopTransaction"].index)
    assert stories == order


def test_time_outs_use_up_no_attempts(csms, station):
    """3.7.1, J 3.3: only a reported failure counts for TransactionMessageAttempts; silence does not."""
    csms.strict.message_timeout = 1
    firmware = station(
        MessageTimeout="1", TransactionMessageAttempts="2", TransactionMessageRetryInterval="0"
    )
    csms.once("StartTransaction", SILENCE, SILENCE, SILENCE)
    firmware.plug()
    firmware.rfid("CARD1")
    starts = [csms.expect("StartTransaction", timeout=10) for _ in range(4)]
    assert all(start == starts[0] for start in starts)
    firmware.wait_for("transactionId", lambda state: state["transactionId"] == 1)


def test_a_message_that_fails_again_and_again_is_skipped(csms, station):
    """3.7.1: after TransactionMessageAttempts CALLERRORs the next message follows; the waits grow with each
    try. E 3.18: without a transactionId the stop carries -1."""
    firmware = station(TransactionMessageAttempts="3", TransactionMessageRetryInterval="1")
    csms.on("StartTransaction", CallError("InternalError", "cannot"))
    firmware.plug()
    firmware.rfid("CARD1")
    first, second, third = (csms.expect("StartTransaction") for _ in range(3))
    assert second.at - first.at > 0.5 and third.at - second.at > 1.5
    csms.default("StartTransaction")
    firmware.rfid("CARD1")
    assert csms.expect("StopTransaction")["transactionId"] == -1
    assert len(csms.received("StartTransaction")) == 3


def test_what_is_queued_survives_a_power_cut(csms, station):
    """3.7, 4.2: queued offline, cut off, and after the next BootNotification reported in order, each once."""
    firmware = charging(csms, station(MeterValueSampleInterval="1"))
    csms.server.stop_listening()
    csms.drop()
    firmware.wait("queued values", lambda: firmware.status()["csms"]["queued"] >= 3)
    firmware.rfid("CARD1")
    firmware.wait_status(1, "Finishing")
    queued = firmware.status()["csms"]["queued"]
    firmware.kill()
    seen = len(csms.calls)
    csms.server.listen()
    firmware.start()
    csms.expect("BootNotification", lambda boot: boot.connection == 2)
    assert csms.expect("StopTransaction")["transactionId"] == 1
    told = [call for call in csms.calls[seen:] if call.action in ("MeterValues", "StopTransaction")]
    assert len(told) == queued >= 4
    assert [call.action for call in told] == (queued - 1) * ["MeterValues"] + ["StopTransaction"]
    firmware.wait("empty queue", lambda: firmware.status()["csms"]["queued"] == 0)
