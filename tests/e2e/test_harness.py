"""The central system of these tests catches what it is meant to catch; a charge point of a few lines plays
the sinner."""

import json

import pytest
from answers import CallError, Delayed
from central import Disconnected
from limits import patient
from protocol_rules import Violation
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

BOOT = {"chargePointVendor": "v", "chargePointModel": "m"}
AVAILABLE = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}


class Sinner:
    """Sends what it is asked to."""

    def __init__(self, socket):
        self.socket = socket
        self.count = 0

    def send(self, *frame):
        self.socket.send(json.dumps(frame))

    def call(self, action, payload):
        """The answering frame."""
        self.count += 1
        self.send(2, str(self.count), action, payload)
        return json.loads(self.socket.recv(patient(1)))

    def boot(self):
        self.call("BootNotification", BOOT)


def connection(csms, path="/upoint-e2e", protocol="ocpp1.6", **options):
    return connect(csms.url + path, subprotocols=[protocol], open_timeout=patient(1), close_timeout=1, **options)


@pytest.fixture
def sinner(csms):
    with connection(csms) as socket:
        yield Sinner(socket)


def confess(csms, match):
    """The violation that comes to light; cleared, so that the test's end does not meet it again."""
    with pytest.raises(Violation, match=match):
        csms.wait("violation", lambda: False)
    csms.forgive()


def test_a_decent_charge_point_passes(csms, sinner):
    answer = sinner.call("BootNotification", BOOT)
    assert answer[2]["status"] == "Accepted"
    assert sinner.call("StatusNotification", AVAILABLE) == [3, "2", {}]
    assert csms.expect("BootNotification") == BOOT
    assert csms.expect("StatusNotification", connectorId=1)["status"] == "Available"
    with pytest.raises(AssertionError, match="no StatusNotification"):
        csms.expect("StatusNotification", timeout=0.01)


def test_answers_can_be_scripted(csms, sinner):
    sinner.boot()
    csms.once("Heartbeat", CallError("GenericError", "not today"), Delayed(0.1, {"currentTime": "x"}))
    assert sinner.call("Heartbeat", {}) == [4, "2", "GenericError", "not today", {}]
    assert sinner.call("Heartbeat", {}) == [3, "3", {"currentTime": "x"}]
    assert "currentTime" in sinner.call("Heartbeat", {})[2]


def test_a_transaction_that_is_sent_again_keeps_its_id(csms, sinner):
    sinner.boot()
    start = {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2026-01-01T00:00:00Z"}
    ids = [
        sinner.call("StartTransaction", s)[2]["transactionId"] for s in (start, start, start | {"idTag": "B"})
    ]
    assert ids == [1, 1, 2]


@pytest.mark.parametrize(
    "text, match",
    [
        ("{", "not JSON"),
        ('[2,"x","Heartbeat",{"a":1,"a":2}]', "stands twice"),
        ('[2,"1","Heartbeat",NaN]', "NaN"),
        ('[2,"1","DataTransfer",{"vendorId":"\\ud800"}]', "not JSON in UTF-8"),
        ('{"a":1}', "not a JSON list"),
        ('[5,"1","Heartbeat",{}]', "no such message type"),
        ('[2,"1","Heartbeat"]', "not the shape"),
        ('[2,1,"Heartbeat",{}]', "not the shape"),
        ('[2,"1","Heartbeat",null]', "not the shape"),
        ('[2,"' + 37 * "x" + '","Heartbeat",{}]', "37 characters"),
        ('[2,"x","Heartbeat",{"a":1}]', "Additional properties"),
        ('[2,"x","Hello",{}]', "no action Hello"),
        ('[3,"1",{}]', "nobody asked"),
        (b"\x01", "binary"),
    ],
)
def test_a_malformed_frame_is_a_violation(csms, sinner, text, match):
    sinner.boot()
    sinner.socket.send(text)
    confess(csms, match)


@pytest.mark.parametrize(
    "action, payload, match",
    [
        ("StatusNotification", AVAILABLE | {"status": "Occupied"}, "Occupied"),
        ("StatusNotification", AVAILABLE | {"connectorId": 0, "status": "Charging"}, "connector 0"),
        ("StatusNotification", AVAILABLE | {"connectorId": 3}, "connector 3"),
        ("StatusNotification", AVAILABLE | {"timestamp": "2026-01-01 00:00:00"}, "date-time"),
        ("StatusNotification", AVAILABLE | {"timestamp": "2026-13-01T00:00:00Z"}, "date-time"),
        ("Authorize", {"idTag": 21 * "x"}, "too long"),
        (
            "MeterValues",
            {"connectorId": 1, "meterValue": [{"timestamp": "2026-01-01T00:00:00Z"}]},
            "required",
        ),
        (
            "MeterValues",
            {
                "connectorId": 1,
                "meterValue": [{"timestamp": "2026-01-01T00:00:00Z", "sampledValue": [{"value": "nan"}]}],
            },
            "no number",
        ),
        ("BootNotification", BOOT, "although it was Accepted"),
    ],
)
def test_a_payload_outside_the_specification_is_a_violation(csms, sinner, action, payload, match):
    csms.strict.connectors = 2
    sinner.boot()
    sinner.send(2, "x", action, payload)
    confess(csms, match)


def test_a_second_open_call_is_a_violation(csms, sinner):
    csms.once("Heartbeat", Delayed(5, {}))
    sinner.boot()
    sinner.send(2, "a", "Heartbeat", {})
    sinner.send(2, "b", "Heartbeat", {})
    confess(csms, "still open")


def test_a_message_id_with_another_content_is_a_violation(csms, sinner):
    sinner.boot()
    sinner.send(2, "a", "Authorize", {"idTag": "1"})
    sinner.send(2, "a", "Authorize", {"idTag": "1"})
    csms.wait("repeated message", lambda: len(csms.received("Authorize")) == 2)
    sinner.send(2, "a", "Authorize", {"idTag": "2"})
    confess(csms, "used twice")


@pytest.mark.parametrize("status", ["Pending", "Rejected", None])
def test_speaking_before_registration_is_a_violation(csms, sinner, status):
    csms.once("BootNotification", {"status": status, "currentTime": "2026-01-01T00:00:00Z", "interval": 0})
    sinner.boot()
    sinner.send(2, "x", "StatusNotification", AVAILABLE)
    confess(csms, f"registration is {status}")


def test_asking_again_too_early_is_a_violation(csms, sinner):
    csms.once("BootNotification", {"status": "Pending", "currentTime": "2026-01-01T00:00:00Z", "interval": 2})
    sinner.boot()
    sinner.send(2, "x", "BootNotification", BOOT)
    confess(csms, "before its interval")


def test_an_answer_while_rejected_is_a_violation(csms, sinner):
    csms.once(
        "BootNotification", {"status": "Rejected", "currentTime": "2026-01-01T00:00:00Z", "interval": 9}
    )
    sinner.boot()
    csms.send('[2,"q","ClearCache",{}]', "q", "ClearCache")
    sinner.send(3, "q", {"status": "Accepted"})
    confess(csms, "although it is Rejected")


def test_an_answer_outside_its_schema_is_a_violation(csms, sinner):
    sinner.boot()
    csms.send('[2,"q","ClearCache",{}]', "q", "ClearCache")
    sinner.send(3, "q", {"status": "Perhaps"})
    confess(csms, "Perhaps")


@pytest.mark.parametrize(
    "options, match",
    [
        ({"path": "/somebody"}, "instead of /upoint-e2e"),
        ({"protocol": "ocpp2.0.1"}, "subprotocols"),
        ({"additional_headers": {"Authorization": "x"}}, "instead of None"),
    ],
)
def test_a_wrong_request_for_a_connection_is_a_violation(csms, options, match):
    with pytest.raises(InvalidStatus, match="404"), connection(csms, **options):
        pass
    confess(csms, match)


def test_connections_come_and_go_as_the_script_says(csms, sinner):
    csms.server.ping()
    csms.server.freeze()
    with pytest.raises(TimeoutError):
        csms.server.ping(timeout=0.01)
    csms.server.stop_listening()
    with pytest.raises(ConnectionRefusedError), connection(csms):
        pass
    csms.drop()
    with pytest.raises(Disconnected):
        csms.call("ClearCache")
    csms.server.listen()
    with connection(csms):
        csms.wait_connected(2)


def test_a_cut_connection_ends_a_call(csms, sinner):
    sinner.boot()
    csms.send('[2,"q","ClearCache",{}]', "q", "ClearCache")
    sinner.socket.close()
    with pytest.raises(Disconnected):
        csms.call("ClearCache")
