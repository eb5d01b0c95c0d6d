"""Free charging: everybody who plugs in charges on the idTag of the owner (config.json, "free")."""

import pytest


@pytest.fixture
def free(csms, firmware):
    """A charge point with a free connector, and one that is not."""
    firmware.config["connectors"] = [{"free": True, "free_id_tag": "OWNER"}, {}]
    firmware.start()
    csms.expect_boot(2)
    return firmware


def test_plugging_in_charges(csms, free):
    """No Authorize; RemoteStop ends it until the next car; the other connector needs a card."""
    free.plug(2)
    free.plug(1)
    free.ev("C", 1)
    start = csms.expect("StartTransaction", connectorId=1, idTag="OWNER")
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    assert csms.statuses(1) == ["Available", "Preparing", "Charging"] and not csms.received("Authorize")
    stop = csms.call("RemoteStopTransaction", {"transactionId": start.answer["transactionId"]})
    assert stop == {"status": "Accepted"}
    csms.expect("StopTransaction", reason="Remote")
    csms.expect("StatusNotification", connectorId=1, status="Finishing")
    csms.expect_none("StartTransaction", during=2)
    free.unplug(1)
    csms.expect("StatusNotification", connectorId=1, status="Available", match=lambda call: call.at > start.at)
    free.plug(1)
    csms.expect("StartTransaction", connectorId=1, idTag="OWNER")
    assert not csms.received("StartTransaction", connectorId=2)


def test_a_card_goes_first(csms, free):
    free.rfid("CARD1", 1)
    csms.expect("Authorize", idTag="CARD1")
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    free.plug(1)
    assert csms.expect("StartTransaction")["idTag"] == "CARD1"
