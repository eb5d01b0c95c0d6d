"""Sessions that the operator starts and stops (1.6 5.11, 5.12)."""

import pytest
from answers import CallError
from scenarios import charging


def test_remote_start_with_connector(csms, station):
    """5.11: Accepted, then a transaction for the given idTag; AuthorizeRemoteTxRequests false: no Authorize
    before."""
    firmware = station(AuthorizeRemoteTxRequests="false")
    firmware.plug()
    firmware.ev("C")
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    request = {"idTag": "REMOTE", "connectorId": 1}
    assert csms.call("RemoteStartTransaction", request) == {"status": "Accepted"}
    start = csms.expect("StartTransaction")
    assert (start["idTag"], start["connectorId"]) == ("REMOTE", 1)
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    assert not csms.received("Authorize")


def test_remote_start_is_authorized_first_if_so_configured(csms, station):
    """5.11, 9.1.3: with AuthorizeRemoteTxRequests the idTag is authorized like a local one."""
    firmware = station(AuthorizeRemoteTxRequests="true")
    firmware.plug()
    csms.once("Authorize", {"idTagInfo": {"status": "Blocked"}})
    csms.call("RemoteStartTransaction", {"idTag": "BAD", "connectorId": 1})
    csms.expect("Authorize", idTag="BAD")
    csms.expect_none("StartTransaction", during=0.5)
    assert csms.call("RemoteStartTransaction", {"idTag": "GOOD", "connectorId": 1}) == {"status": "Accepted"}
    csms.expect("Authorize", idTag="GOOD")
    assert csms.expect("StartTransaction")["idTag"] == "GOOD"



def test_remote_start_where_it_cannot_be(csms, firmware, station):
    """5.11: Rejected on a busy connector, whose transaction goes on; a connector that does not exist is
    refused."""
    firmware.config["web"]["password"] = "shows idTags"
    charging(csms, station(AuthorizeRemoteTxRequests="false"))
    assert csms.call("RemoteStartTransaction", {"idTag": "B", "connectorId": 1}) == {"status": "Rejected"}
    assert csms.call("RemoteStartTransaction", {"idTag": "B"}) == {"status": "Rejected"}
    for connector in (0, 2):
        try:
            assert csms.call("RemoteStartTransaction", {"idTag": "B", "connectorId": connector}) == {
                "status": "Rejected"
            }
        except CallError as error:
            assert error.code == "PropertyConstraintViolation"
    assert firmware.connector()["idTag"] == "CARD1"
    assert len(csms.received("StartTransaction")) == 1


def test_remote_stop(csms, station):
    """5.12: Accepted for a transaction that is ongoing, which then stops with Remote; else Rejected."""
    firmware = charging(csms, station())
    assert csms.call("RemoteStopTransaction", {"transactionId": 4711}) == {"status": "Rejected"}
    assert firmware.connector()["contactor"]
    assert csms.call("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Accepted"}
    stop = csms.expect("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (1, "Remote")
    csms.expect("StatusNotification", connectorId=1, status="Finishing")
    assert not firmware.connector()["contactor"]
    assert csms.call("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Rejected"}


@pytest.mark.parametrize("transaction_id", [0, -7, 2**31 - 1])
def test_any_integer_is_a_transaction_id(csms, station, transaction_id):
    """E 3.54: zero and negative numbers mean nothing special."""
    answer = {"transactionId": transaction_id, "idTagInfo": {"status": "Accepted"}}
    csms.on("StartTransaction", answer)
    firmware = charging(csms, station(MeterValueSampleInterval="1"))
    firmware.wait_for("transactionId", lambda state: state["transactionId"] == transaction_id)
    assert csms.expect("MeterValues")["transactionId"] == transaction_id
    assert csms.call("RemoteStopTransaction", {"transactionId": transaction_id}) == {"status": "Accepted"}
    assert csms.expect("StopTransaction")["transactionId"] == transaction_id
