"""CALLs to the charge point that are wrong in what they ask (OCPP-J 4.2.3)."""

import pytest
from answers import CallError
from scenarios import alive, refused


@pytest.mark.parametrize(
    "action", ["MakeCoffee", "getConfiguration", "__init__", "status", "../Reset", "é" * 30]
)
def test_an_unknown_action(csms, station, action):
    """OCPP-J 4.2.3: NotImplemented: not known by the receiver; 4.2.1: actions are case-sensitive."""
    station()
    assert refused(csms, action, {}) == "NotImplemented"
    alive(csms)


@pytest.mark.parametrize(
    "action, payload",
    [
        ("GetDiagnostics", {"location": "ftp://127.0.0.1/"}),
        ("ClearChargingProfile", {}),
        ("BootNotification", {"chargePointVendor": "v", "chargePointModel": "m"}),
        (
            "StartTransaction",
            {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2030-01-01T00:00:00Z"},
        ),
    ],
)
def test_a_known_action_that_is_not_supported(csms, firmware, action, payload):
    """OCPP-J 4.2.3: NotSupported: recognized but not supported: profiles switched off, messages of the other
    side."""
    firmware.start(ocpp={"SupportedFeatureProfiles": "Core"})
    csms.expect_boot()
    assert refused(csms, action, payload) == "NotSupported"
    alive(csms)


@pytest.mark.parametrize(
    "action, payload, code",
    [
        ("ChangeConfiguration", {"key": "HeartbeatInterval"}, "ProtocolError"),
        ("ChangeConfiguration", {}, "ProtocolError"),
        ("Reset", {"type": "Soft", "when": "now"}, "FormationViolation"),
        ("GetConfiguration", {"keys": []}, "FormationViolation"),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": 7}, "TypeConstraintViolation"),
        ("GetConfiguration", {"key": "HeartbeatInterval"}, "TypeConstraintViolation"),
        ("GetConfiguration", {"key": [1]}, "TypeConstraintViolation"),
        ("RemoteStopTransaction", {"transactionId": "1"}, "TypeConstraintViolation"),
        ("RemoteStopTransaction", {"transactionId": 1.5}, "TypeConstraintViolation"),
        ("RemoteStopTransaction", {"transactionId": True}, "TypeConstraintViolation"),
        ("RemoteStopTransaction", {"transactionId": None}, "TypeConstraintViolation"),
        ("Reset", {"type": "Gentle"}, "PropertyConstraintViolation"),
        ("Reset", {"type": "soft"}, "PropertyConstraintViolation"),
        ("RemoteStartTransaction", {"idTag": 21 * "x"}, "PropertyConstraintViolation"),
        ("GetConfiguration", {"key": ["HeartbeatInterval", 51 * "x"]}, "PropertyConstraintViolation"),
        ("ChangeConfiguration", {"key": "x", "value": 501 * "x"}, "PropertyConstraintViolation"),
    ],
)
def test_a_payload_outside_its_schema(csms, station, action, payload, code):
    """OCPP-J 4.2.3: the code says what kind of mistake it was; nothing has been changed by it."""
    station()
    assert refused(csms, action, payload) == code
    alive(csms)


def test_too_many_keys_at_once(csms, station):
    """5.8: more keys than GetConfigurationMaxKeys MAY be refused; if so it is an
    OccurenceConstraintViolation."""
    station()
    (most,) = csms.call("GetConfiguration", {"key": ["GetConfigurationMaxKeys"]})["configurationKey"]
    few = ["HeartbeatInterval"] * int(most["value"])
    assert len(csms.call("GetConfiguration", {"key": few})["configurationKey"]) >= 1
    try:
        csms.call("GetConfiguration", {"key": [*few, "HeartbeatInterval"]})
    except CallError as error:
        assert error.code == "OccurenceConstraintViolation"
    alive(csms)
