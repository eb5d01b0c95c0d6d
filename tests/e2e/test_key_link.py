"""The configuration keys that only the wire can show: a test for each, named after it (1.6 9.1, OCPP-J 7)."""

from answers import SILENCE


def change(csms, key, value):
    """The status of ChangeConfiguration.conf."""
    return csms.call("ChangeConfiguration", {"key": key, "value": value})["status"]


def shown(csms, key):
    """(value, readonly) in GetConfiguration.conf."""
    (element,) = csms.call("GetConfiguration", {"key": [key]})["configurationKey"]
    return element["value"], element["readonly"]


def test_WebSocketPingInterval(csms, station):
    """9.1.34, OCPP-J 7: seconds between pings, 0 for none; a change counts at once and over a restart."""
    firmware = station()
    assert shown(csms, "WebSocketPingInterval") == ("25", False)
    assert csms.pings == 0
    assert change(csms, "WebSocketPingInterval", "1") == "Accepted"
    csms.wait("two pings", lambda: csms.pings >= 2)
    for value in ("-1", "", "soon", "1.5"):
        assert change(csms, "WebSocketPingInterval", value) == "Rejected"
    assert change(csms, "WebSocketPingInterval", "0") == "Accepted"
    seen = csms.pings
    csms.expect_none(during=2.2)
    assert csms.pings <= seen + 1 and csms.connections == 1
    assert change(csms, "WebSocketPingInterval", "1") == "Accepted"
    firmware.restart()
    csms.expect_boot()
    assert shown(csms, "WebSocketPingInterval") == ("1", False)
    seen = csms.pings
    csms.wait("a ping after the restart", lambda: csms.pings > seen)


def test_MessageTimeout(csms, station):
    """E 3.83: a CALL is given up after so long, and the next may leave. A change counts at once and over a restart."""

    def times_out():
        csms.once("Authorize", SILENCE)
        firmware.rfid("CARD1")
        asked = csms.expect("Authorize")
        firmware.plug()
        told = csms.expect("StatusNotification", connectorId=1, status="Preparing")
        assert told.at - asked.at > 0.5, "one CALL may be open (OCPP-J 4.1.1)"

    csms.strict.message_timeout = 1
    firmware = station()
    assert shown(csms, "MessageTimeout") == ("30", False)
    for value in ("0", "-1", "", "soon"):
        assert change(csms, "MessageTimeout", value) == "Rejected"
    assert change(csms, "MessageTimeout", "1") == "Accepted"
    times_out()
    assert csms.connections == 1, "a time-out is no reason to disconnect"
    firmware.restart()
    csms.expect_boot()
    assert shown(csms, "MessageTimeout") == ("1", False)
    times_out()
