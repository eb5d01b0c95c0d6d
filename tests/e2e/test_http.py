"""The HTTP API: every field and every error (owner.md)."""

import json
import socket

import pytest
from limits import patient
from scenarios import charging


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_status_has_every_field(csms, station):
    """owner.md: the fields of GET /api/status with their types, idle."""
    firmware = station(connectors=2)
    firmware.wait("self-tests", lambda: all(connector["post"] for connector in firmware.status()["connectors"]))
    status = firmware.status()
    assert status["wifi"] is None and set(status["heap"]) <= {"least", "booted", "connected"}
    assert status["charge_point"] == "upoint-e2e"
    assert isinstance(status["firmware"], str) and status["firmware"]
    for name in ("uptime_s", "heap_free", "tick_max_ms"):
        assert is_number(status[name]), name
    assert status["heap_free"] > 0
    assert status["csms"] == {"connected": True, "registration": "Accepted", "queued": 0}
    assert [connector["id"] for connector in status["connectors"]] == [1, 2]
    for connector in status["connectors"]:
        power = {name: connector.pop(name) for name in ("limit_a", "power_w", "energy_wh", "current_a")}
        assert connector == {
            "id": connector["id"],
            "status": "Available",
            "error": "NoError",
            "transactionId": None,
            "idTag": None,
            "state": connector["state"],
            "pwmOn": False,
            "contactor": False,
            "post": connector["post"],
            "temperature_c": 25,
        }
        assert connector["state"][0] == "A"
        assert connector["post"].startswith("contactor=ok residual=") and "failed" not in connector["post"]
        assert is_number(power["limit_a"])
        assert power["current_a"] == [0, 0, 0] and power["power_w"] == 0
        assert power["energy_wh"] == 0  # energy starts at 0 on an empty store


def test_status_while_charging(csms, firmware, station):
    """owner.md: a connector in the middle of a transaction; state and pwmOn as in IEC 61851-1."""
    firmware.config["web"]["password"] = "shows idTags"
    station()
    firmware.plug()
    assert firmware.wait_for("state B", lambda state: state["state"][0] == "B")["pwmOn"] is False
    charging(csms, firmware, max_current=6)
    state = firmware.wait_for("current", lambda state: state["power_w"] > 0)
    assert state["state"] == "C2" and state["pwmOn"] is True and state["contactor"] is True
    assert state["transactionId"] == 1 and state["idTag"] == "CARD1" and state["status"] == "Charging"
    assert state["limit_a"] == 32 and state["current_a"] == [6, 6, 6]
    assert isinstance(state["energy_wh"], int)


def test_uptime_counts(csms, station):
    """owner.md: uptime_s are seconds since the start."""
    firmware = station()
    first = firmware.status()["uptime_s"]
    firmware.wait("a later second", lambda: firmware.status()["uptime_s"] >= first + 1)
    assert first < patient(1)


@pytest.mark.parametrize(
    "code, within",
    [("GroundFailure", 0.5), ("OtherError", 0.5), ("ConnectorLockFailure", 5), ("HighTemperature", 5)],
)
def test_a_fault_opens_the_contactor_and_is_reported(csms, station, code, within):
    """4.9 C9: Faulted with the errorCode; owner.md: null clears it and I1-I8 leads back."""
    firmware = charging(csms, station())
    firmware.fault(code)
    firmware.wait_for("open contactor", lambda state: not state["contactor"], timeout=within)
    state = firmware.wait_status(1, "Faulted")
    assert state["error"] == code
    csms.expect("StatusNotification", connectorId=1, status="Faulted", errorCode=code)
    firmware.fault(None)
    firmware.wait_for("recovery", lambda state: state["error"] == "NoError" and state["status"] != "Faulted")
    csms.expect("StatusNotification", lambda s: s["status"] != "Faulted", connectorId=1, errorCode="NoError")


SIM = "/api/sim/connectors/1/"


@pytest.mark.parametrize(
    "method, path, body, status",
    [
        ("GET", "/api/nothing", None, 404),
        ("GET", "/", None, (200, 404)),
        ("POST", "/api/sim/nothing", {}, 404),
        ("POST", "/api/sim/connectors/1/nothing", {}, 404),
        ("POST", "/api/sim/connectors/2/plug", {"state": "plugged"}, 404),
        ("POST", "/api/sim/connectors/0/plug", {"state": "plugged"}, 404),
        ("POST", "/api/sim/connectors/-1/plug", {"state": "plugged"}, 404),
        ("POST", "/api/sim/connectors/one/plug", {"state": "plugged"}, 404),
        ("POST", "/api/sim/connectors/99999999999999999999/plug", {"state": "plugged"}, 404),
        ("POST", "/api/status", {}, 405),
        ("DELETE", "/api/status", None, 405),
        ("GET", SIM + "plug", None, 405),
        ("GET", "/api/sim/rfid", None, 405),
        ("POST", SIM + "plug", {"state": "half"}, 400),
        ("POST", SIM + "plug", {"state": 1}, 400),
        ("POST", SIM + "plug", {}, 400),
        ("POST", SIM + "plug", {"state": "plugged", "colour": "red"}, 400),
        ("POST", SIM + "plug", ["plugged"], 400),
        ("POST", SIM + "ev", {"state": "G"}, 400),
        ("POST", SIM + "ev", {"state": "C", "max_current": "32"}, 400),
        ("POST", SIM + "ev", {"state": "C", "max_current": -1}, 400),
        ("POST", SIM + "ev", {"state": "C", "phases": 7}, 400),
        ("POST", SIM + "ev", {"state": "C", "diode": "yes"}, 400),
        ("POST", SIM + "ev", {"max_current": 16}, 400),
        ("POST", SIM + "fault", {"errorCode": "Gremlins"}, 400),
        ("POST", SIM + "fault", {"errorCode": 5}, 400),
        ("POST", SIM + "fault", {}, 400),
        ("POST", SIM + "meter", {"energy_wh": "many"}, 400),
        ("POST", SIM + "meter", {"energy_wh": -1}, 400),
        ("POST", SIM + "meter", {"energy_wh": 1.5}, 400),
        ("POST", "/api/sim/rfid", {"idTag": 7}, 400),
        ("POST", "/api/sim/rfid", {"idTag": ""}, 400),
        ("POST", "/api/sim/rfid", {"idTag": 21 * "x"}, 400),
        ("POST", "/api/sim/rfid", {"connector": 1}, 400),
        ("POST", "/api/sim/rfid", {"idTag": "A", "connector": "1"}, (400, 404)),
        ("POST", "/api/sim/rfid", {"idTag": "A", "connector": 2}, (400, 404)),
        ("POST", "/api/sim/power", {"action": "more"}, 400),
        ("POST", "/api/sim/power", {}, 400),
    ],
)
def test_a_bad_request_is_refused_with_its_reason_and_changes_nothing(station, method, path, body, status):
    """owner.md: errors as {"error": "..."} with a fitting status."""
    firmware = station()
    firmware.wait_for("the self-test", lambda state: state["post"])
    before = firmware.status()["connectors"]
    answered, answer = firmware.request(method, path, body)
    assert answered in (status if isinstance(status, tuple) else (status,)), answer
    if answered != 200:
        assert list(answer) == ["error"] and isinstance(answer["error"], str) and answer["error"]
    assert firmware.status()["connectors"] == before


@pytest.mark.parametrize(
    "raw, status",
    [("", 400), ("{", 400), ("null", 400), ("\xff", 400), ('{"state": "plugged"', 400), ('{"state": "plugged",}', 400),
     (20000 * " ", 413)],
    ids=["empty", "cut", "null", "latin", "open", "comma", "too large"],
)
def test_a_body_that_is_no_json(station, raw, status):
    """owner.md: {"error"} and 400; every inbound size is bounded (architecture.md, Decisions): 413."""
    firmware = station()
    answered, answer = firmware.request("POST", SIM + "plug", raw=raw.encode("latin-1"))
    assert answered == status and list(answer) == ["error"]
    assert firmware.connector()["status"] == "Available"


def test_http_rubbish_does_no_harm(csms, station):
    """architecture.md, Decisions: a client that talks to the web port cannot stop the charge point."""
    firmware = station()
    rubbish = [
        b"\x00\xff\x16\x03\x01\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + 2000 * b"x",
        b"",
        9000 * b"A",
    ]
    lines = [socket.create_connection(("127.0.0.1", firmware.port), timeout=patient(1)) for _ in rubbish]
    for line, data in zip(lines, rubbish, strict=True):
        line.sendall(data)
    assert firmware.status()["csms"]["connected"]
    for line in lines:
        line.close()
    charging(csms, firmware)


def test_many_requests_at_once(station):
    """Status requests on as many open connections as a browser has are all answered."""
    firmware = station()
    lines = [socket.create_connection(("127.0.0.1", firmware.port), timeout=patient(1)) for _ in range(4)]
    for line in lines:
        line.sendall(b"GET /api/status HTTP/1.0\r\n\r\n")
    for line in lines:
        with line, line.makefile("rb") as stream:
            answer = stream.read()
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["charge_point"] == "upoint-e2e"
