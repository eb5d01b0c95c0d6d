"""A central system that refuses all MeterValues gets starts and stops in time (1.6 3.7.1, J 3.3)."""

import time

import pytest
from answers import CallError
from limits import patient
from scenarios import charging

CODES = ("InternalError", "GenericError", "NotImplemented", "NotSupported", "FormationViolation")


@pytest.mark.parametrize("code", CODES)
def test_refused_values_do_not_delay_sessions(csms, station, code):
    """With the default TransactionMessageAttempts and TransactionMessageRetryInterval, 180 s for a message."""
    csms.on("MeterValues", CallError(code, "not here"))
    firmware = charging(csms, station(2, MeterValueSampleInterval="1"))
    csms.expect("MeterValues")
    asked = time.monotonic()
    firmware.plug(2)
    firmware.rfid("CARD2", 2)
    csms.expect("StartTransaction", lambda start: start["connectorId"] == 2, timeout=15)
    firmware.rfid("CARD1", 1)
    stop = csms.expect("StopTransaction", timeout=15)
    assert stop["transactionId"] == 1 and time.monotonic() - asked < patient(5)
    firmware.rfid("CARD2", 2)
    csms.expect("StopTransaction", timeout=15)
    order = [call.action for call in csms.received() if call.get("transactionId") == 1]
    assert order[-1] == "StopTransaction", order
    if code[:3] == "Not":
        values = [str(call) for call in csms.received("MeterValues")]
        assert len(values) == len(set(values)), "each is sent once"
