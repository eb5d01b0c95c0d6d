"""How the charge point comes to a connection (OCPP-J 3; owner.md, config.json)."""

import pytest


def gaps(csms, count):
    """The pauses between the first attempts to connect, in seconds."""
    csms.wait(f"{count} attempts", lambda: len(csms.attempts) >= count, timeout=count * 4)
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
    pauses = gaps(csms, 3)
    assert all(pause > 0.4 for pause in pauses)
    away = {"connected": False, "registration": None, "queued": 0}
    if handshake == "no subprotocol":  # there is a connection until the server ends it
        firmware.wait("no connection", lambda: firmware.status()["csms"] == away)
    assert handshake == "no subprotocol" or firmware.status()["csms"] == away
    csms.server.handshake = "accept"
    csms.expect_boot()


def test_a_server_that_does_not_name_the_subprotocol(csms, firmware):
    """OCPP-J 3.1.2 wants it named, but a server that stays without doing so is used; one warning says it."""
    csms.server.handshake = "unnamed subprotocol"
    firmware.start()
    csms.expect_boot()
    assert len([line for line in firmware.lines if "WARNING" in line and "sub-protocol" in line]) == 1


@pytest.mark.parametrize(
    "url, path",
    [
        ("/ocpp/{id}/", "/ocpp/CP%201/"),
        ("/ocpp/", "/ocpp/CP%201"),
        ("/{id}/v16?token=a%20b&x=", "/CP%201/v16?token=a%20b&x="),
        ("/ocpp?token=secret", "/ocpp/CP%201?token=secret"),
        ("?cp={id}", "/?cp=CP%201"),
    ],
)
def test_where_the_identity_stands(csms, firmware, url, path):
    """OCPP-J 3.1.1 appends it; other servers want a slash behind it, or have it in a query, which is not logged."""
    csms.request_path = path
    firmware.start(charge_point={"id": "CP 1"}, csms={"url": csms.url + url})
    csms.expect_boot()
    assert not [line for line in firmware.lines if "secret" in line]


def test_the_back_off_grows_and_is_jittered(csms, firmware):
    """owner.md, config.json: from backoff_s[0] to backoff_s[1]; charge points of one site do not return all at
    once."""
    csms.server.handshake = 503
    firmware.start(csms={"backoff_s": [1, 4]})
    pauses = gaps(csms, 6)
    assert max(pauses[2:]) > max(1.9, pauses[0])
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
    csms.expect("BootNotification")
    csms.expect("StatusNotification", connectorId=1, status="Preparing")


def test_a_server_that_hangs_in_the_handshake(csms, firmware):
    """It is given up at last, and until then everything but OCPP works."""
    csms.server.handshake = "hang"
    firmware.start()
    csms.wait("attempt", lambda: csms.attempts)
    csms.server.handshake = "accept"
    firmware.plug()
    firmware.wait_status(1, "Preparing")
    csms.expect_boot(timeout=30)
    assert len(csms.attempts) == 2
