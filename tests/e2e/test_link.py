"""The ends of a connection (OCPP-J 5.3, 5.4, 7; architecture.md, Decisions)."""

from answers import DROP


def test_an_idle_connection_comes_back(csms, station):
    """Within backoff_s (owner.md, config.json), and OCPP-J 5.4: without BootNotification, which the harness watches."""
    station()
    for count in (2, 3):
        csms.drop()
        csms.wait_connected(count)
        assert csms.call("GetConfiguration", {"key": ["x"]})
    csms.expect_none(during=0.5)
    assert csms.statuses(1) == ["Available"]  # 4.9: only what has changed while offline


def test_the_present_status_is_sent_after_being_offline(csms, station):
    """4.9: the current status if it changed while offline, and not the history."""
    firmware = station()
    csms.server.stop_listening()
    csms.drop()
    firmware.plug()
    firmware.wait_status(1, "Preparing")
    firmware.unplug()
    firmware.wait_status(1, "Available")
    firmware.plug()
    firmware.wait_status(1, "Preparing")
    csms.server.listen()
    csms.expect("StatusNotification", connectorId=1, status="Preparing")
    csms.expect_none(during=0.5)
    assert csms.statuses(1) == ["Available", "Preparing"]
    assert csms.statuses(0) == ["Available"]


def test_lost_before_the_boot_is_answered(csms, firmware):
    """4.2: BootNotification has not been answered, so it is sent again on the next connection."""
    csms.once("BootNotification", DROP, DROP)
    firmware.start()
    for _ in range(2):
        csms.expect("BootNotification")
    csms.expect_boot()
    assert csms.connections == 3


def test_lost_in_the_middle_of_any_call(csms, station):
    """OCPP-J 4.1.1: the CALL has no answer and will get none; the line is free on the next connection."""
    csms.interval = 1
    firmware = station()
    csms.once("Heartbeat", DROP)
    csms.expect("Heartbeat")
    csms.wait_connected(2)
    csms.expect("Heartbeat")
    csms.once("StatusNotification", DROP)
    firmware.plug()
    csms.wait_connected(3)
    csms.wait("status", lambda: len(csms.received("StatusNotification", status="Preparing")) >= 2)


def test_a_dead_peer_is_found(csms, station):
    """OCPP-J 5.3, J 3.11: TCP is open, nobody is there; pings without pongs tell, and a new connection is
    made."""
    station(WebSocketPingInterval="1")
    csms.wait("ping", lambda: csms.pings)
    csms.server.freeze()
    csms.wait_connected(2)
    assert csms.call("GetConfiguration", {"key": ["x"]})



def test_the_servers_pings_are_answered(csms, station):
    """RFC 6455 5.5.3, OCPP-J 7: the server may ping, too."""
    station(WebSocketPingInterval="0")
    for _ in range(3):
        csms.server.ping()
