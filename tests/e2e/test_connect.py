"""How the charge point comes to a connection (OCPP-J 3, 6.2.2; design 3.2)."""

import pytest


def gaps(csms, count):
    """The pauses between the first attempts to connect, in seconds."""
    csms.wait(f"{count} attempts", lambda: len(csms.attempts) >= count, timeout=count * 6)
    return [later - earlier for earlier, later in zip(csms.attempts, csms.attempts[1:], strict=False)][
        : count - 1
    ]


@pytest.mark.parametrize(
    "handshake", [404, 401, 500, 302, "abort", "wrong accept", "wrong subprotocol", "no subprotocol"]
)
def test_a_server_that_does_not_let_it_in(csms, firmware, handshake):
    """J 3.4: retry with back-off; OCPP-J 3.2, RFC 6455 4.1: a handshake that went wrong is no connection. The
    waits grow from the first to the last of backoff_s, each with a random part, and end when the server comes
    to itself."""
    csms.server.handshake = handshake
    firmware.start(csms={"backoff_s": [1, 2]})
    pauses = gaps(csms, 4)
    assert all(0.4 < pause < 3 for pause in pauses)
    assert firmware.status()["csms"] == {"connected": False, "registration": None, "queued": 0}
    csms.server.handshake = "accept"
    csms.expect_boot()


def test_the_back_off_grows_and_is_jittered(csms, firmware):
    """Design 3.2 and 2: from backoff_s[0] to backoff_s[1]; charge points of one site do not return all at
    once."""
    csms.server.handshake = 503
    firmware.start(csms={"backoff_s": [1, 4]})
    pauses = gaps(csms, 6)
    assert pauses[0] < 1.9 < max(pauses[2:]) < 5
    assert len({round(pause, 2) for pause in pauses[2:]}) > 1


def test_a_refused_connection_is_tried_again(csms, firmware):
    """The charge point starts long before its central system."""
    csms.server.stop_listening()
    firmware.start()
    firmware.wait(
        "refusal", lambda: any("no connection" in line or "refused" in line for line in firmware.lines)
    )
    assert not firmware.status()["csms"]["connected"]
    firmware.plug()
    firmware.wait_status(1, "Preparing")
    csms.server.listen()
    csms.expect("BootNotification", timeout=5)
    csms.expect("StatusNotification", connectorId=1, status="Preparing")


def test_a_server_that_hangs_in_the_handshake(csms, firmware):
    """It is given up at last, and until then everything but OCPP works."""
    csms.server.handshake = "hang"
    firmware.start()
    csms.wait("attempt", lambda: csms.attempts)
    csms.server.handshake = "accept"
    firmware.plug()
    firmware.wait_status(1, "Preparing")
    csms.expect_boot(timeout=60)
    assert len(csms.attempts) == 2


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
