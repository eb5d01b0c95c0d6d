"""Who the charge point says it is when it connects (OCPP-J 3.1.1, 6.2.2)."""

import pytest


@pytest.mark.parametrize(
    "key, password",
    [
        ("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF", bytes(range(8)) + 12 * b"\xff"),
        ("a-secret-of-16-b", b"a-secret-of-16-b"),
        ("Пароль-длиной-16", "Пароль-длиной-16".encode()),
        (40 * "g", 40 * b"g"),
    ],
)
def test_basic_authentication(csms, firmware, key, password):
    """OCPP-J 6.2.2: 40 hexadecimal digits are 20 bytes; any other text is itself. A00.FR.203: on every
    connection."""
    csms.password = password
    firmware.start(csms={"authorization_key": key})
    csms.expect_boot()
    csms.drop()
    csms.wait_connected(2)
    assert not [line for line in firmware.lines if key in line]  # A01.FR.12


@pytest.mark.parametrize("identity", ["RDAM 123", "a/b?c#d%20", "Ladesäule-7", "plain-._~"])
def test_the_identity_is_percent_encoded(make_csms, make_firmware, identity):
    """OCPP-J 3.1.1: appended to the endpoint's path after a slash, encoded as RFC 3986 has it."""
    csms = make_csms(identity=identity, path="/ocpp/v16")
    firmware = make_firmware(csms).start()
    csms.expect_boot()
    assert firmware.status()["charge_point"] == identity
