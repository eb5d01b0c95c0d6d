"""Connections that idle, that a proxy ends, that are refused for a while or sent elsewhere, and peers that do not
read (OCPP-J 5.3, 5.4, 7; RFC 9110 10.2.2, 10.2.3)."""

import json
import re

import pytest
from raw_server import RawServer


def answered(status, *fields):
    """An HTTP answer without a body."""
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "Content-Length: 0", "", ""]).encode()


@pytest.fixture
def refused(make_firmware):
    """refused(answer, **csms): a firmware whose connections are all answered with these bytes; (firmware, server)."""
    servers = []

    def start(answer, **csms):
        servers.append(RawServer(answer))
        return make_firmware().start(csms={"url": servers[-1].url, **csms}), servers[-1]

    yield start
    for server in servers:
        server.close()


def test_heartbeats_due_while_offline_are_sent_at_once(csms, station):
    """One Heartbeat on reconnection, not one an interval later, nor all that were due."""
    csms.interval = interval = 5
    firmware = station()
    csms.expect("Heartbeat")
    csms.server.stop_listening()
    csms.drop()
    seen = len(csms.received("Heartbeat"))
    began = firmware.status()["uptime_s"]
    firmware.wait("more than an interval", lambda: firmware.status()["uptime_s"] >= began + 6)
    csms.interval = 3600
    csms.server.listen()
    csms.wait_connected(2)
    csms.wait("Heartbeat", lambda: len(csms.received("Heartbeat")) > seen)
    assert csms.received("Heartbeat")[-1].at - csms.attempts[-1] < interval
    csms.expect_none("Heartbeat", during=2)


def test_an_answered_ping_sets_the_back_off_back(csms, station):
    """A proxy that ends an idle connection again and again: the waits stay those of the first time."""
    firmware = station(WebSocketPingInterval="1")
    firmware.restart(csms={"backoff_s": [1, 64]})
    csms.expect_boot()
    for count in range(3, 8):
        seen = csms.pings
        csms.wait("two pings", lambda seen=seen: csms.pings >= seen + 2)
        csms.drop()
        csms.wait_connected(count)
    waits = re.findall(r"next try in (\d+\.\d) s", "\n".join(firmware.lines))
    assert len(waits) >= 5 and max(map(float, waits)) <= 1


def test_retry_after_is_honoured(refused):
    """A 503 with Retry-After 3, where the back-off would have been up to 1 s."""
    firmware, server = refused(answered("503 Service Unavailable", "Retry-After: 3"), backoff_s=[1, 20])
    firmware.wait("three tries", lambda: len(server.requests) >= 3)
    assert all(gap > 2.9 for gap in server.gaps()), server.gaps()


def test_retry_after_is_bounded(refused):
    """An hour is more than backoff_s allows."""
    firmware, server = refused(answered("503 Service Unavailable", "Retry-After: 3600"), backoff_s=[1, 2])
    firmware.wait("three tries", lambda: len(server.requests) >= 3)
    assert all(gap > 1.9 for gap in server.gaps()), server.gaps()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_logged_and_not_followed(refused, status):
    """The password is for one host; the owner is informed where the central system has gone."""
    other = RawServer(answered("404 Not Found"))
    target = f"Location: {other.url}/ocpp/upoint-e2e"
    key = "0123456789abcdef"
    firmware, server = refused(answered(f"{status} Moved", target), authorization_key=key)
    firmware.wait("two tries", lambda: len(server.requests) >= 2)
    assert any(f"{status} Moved, not followed to {other.url}" in line for line in firmware.lines)
    assert other.requests == []
    other.close()


def test_a_peer_that_sends_and_never_reads(csms, station):
    """Its CALLs are no sign of life: the pings it does not read are not answered."""
    firmware = station(WebSocketPingInterval="1")
    csms.wait("ping", lambda: csms.pings)
    csms.server.freeze()
    for number in range(100):
        csms.server.run(csms.server.send(json.dumps([2, f"q{number}", "GetConfiguration", {"key": ["x"]}])))
        if csms.connections >= 2:
            break
        firmware.wait("next moment", lambda: firmware.status(), timeout=5)
    csms.wait_connected(2, timeout=10)
    assert any("a ping was not answered in" in line for line in firmware.lines)
    assert csms.call("GetConfiguration", {"key": ["x"]})


def test_a_send_that_does_not_finish(csms, firmware, station):
    """Without pings: the answers fill what the two machines hold, the next one stays, and after MessageTimeout the
    connection is given up."""
    firmware.heap = "400wK"  # else the answers leave in pieces, and most CALLs are refused before two machines are full
    station(WebSocketPingInterval="0", MessageTimeout="2")
    csms.server.freeze()
    for number in range(4000):
        csms.server.run(csms.server.send(json.dumps([2, f"q{number}", "GetConfiguration", {}])))
        if csms.connections >= 2:
            break
    csms.wait_connected(2, timeout=20)
    assert any(re.search(r"a frame could not be sent in \d s", line) for line in firmware.lines)
    assert csms.call("GetConfiguration", {"key": ["x"]})
