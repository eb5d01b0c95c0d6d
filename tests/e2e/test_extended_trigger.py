"""ExtendedTriggerMessage from outside: each message of its list follows the answer (white paper 5.5, 6.16)."""

import pytest


@pytest.mark.parametrize("message, action, fields", [
    ("Heartbeat", "Heartbeat", {}),
    ("StatusNotification", "StatusNotification", {"connectorId": 1}),
    ("MeterValues", "MeterValues", {"connectorId": 1}),
    ("LogStatusNotification", "LogStatusNotification", {"status": "Idle"}),
    ("FirmwareStatusNotification", "SignedFirmwareStatusNotification", {"status": "Idle"}),
])
def test_the_message_follows_the_answer(csms, firmware, message, action, fields):
    firmware.start()
    csms.expect_boot()
    before = len(csms.received(action))
    answer = csms.call("ExtendedTriggerMessage", {"requestedMessage": message, "connectorId": 1})
    assert answer == {"status": "Accepted"}
    csms.wait(action, lambda: len(csms.received(action)) > before)
    assert fields.items() <= csms.received(action)[-1].items()
    assert "requestId" not in csms.received(action)[-1]


def test_a_boot_notification_is_not_repeated_on_a_connection(csms, firmware):
    firmware.start()
    csms.expect_boot()
    assert csms.call("ExtendedTriggerMessage", {"requestedMessage": "BootNotification"}) == {"status": "Rejected"}
    csms.drop()
    csms.wait_connected(2)
    answer = csms.call("ExtendedTriggerMessage", {"requestedMessage": "BootNotification"})
    assert answer == {"status": "Accepted"}
    csms.wait("BootNotification", lambda: len(csms.received("BootNotification")) == 2)
