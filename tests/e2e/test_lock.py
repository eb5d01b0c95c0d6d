"""The lock of a socket: before a transaction and after it (1.6 5.18, 7.6, OCA TC_024)."""

import time

import pytest
from scenarios import charging, legal

PATIENCE_S = 15  # of UnlockConnector with a lock that might still move


def lock(firmware, state):
    assert firmware.request("POST", "/api/sim/connectors/1/lock", {"state": state})[0] == 200


@pytest.mark.parametrize("remote", [False, True])
def test_a_jammed_lock_starts_nothing_until_it_moves(csms, station, remote):
    """OCA TC_024: ConnectorLockFailure, no transaction, no PWM; freed within ConnectionTimeOut it starts."""
    firmware = station()
    lock(firmware, "jammed")
    firmware.plug()
    firmware.ev("C")
    csms.expect("StatusNotification", status="Preparing")
    if remote:
        assert csms.call("RemoteStartTransaction", {"idTag": "CARD1"}) == {"status": "Accepted"}
    else:
        firmware.rfid("CARD1", 1)
    csms.expect("StatusNotification", status="Faulted", errorCode="ConnectorLockFailure")
    csms.expect_none("StartTransaction", during=1)
    state = firmware.connector()
    assert not state["pwmOn"] and not state["contactor"]
    lock(firmware, "good")
    csms.expect("StartTransaction", idTag="CARD1", timeout=30)
    csms.expect("StatusNotification", status="Charging")
    legal(csms.statuses(1))


def test_unlockConnector_answers_when_the_failure_is_known(csms, station):
    """Not after the patience for a lock that might still move."""
    firmware = charging(csms, station())
    lock(firmware, "jammed")
    asked = time.monotonic()
    assert csms.call("UnlockConnector", {"connectorId": 1}) == {"status": "UnlockFailed"}
    assert time.monotonic() - asked < PATIENCE_S
    assert csms.expect("StopTransaction")["reason"] == "UnlockCommand"
    csms.expect("StatusNotification", status="Faulted", errorCode="ConnectorLockFailure")
    lock(firmware, "good")
    assert csms.call("UnlockConnector", {"connectorId": 1}) == {"status": "Unlocked"}
