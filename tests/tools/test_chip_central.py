"""The central system of tools/chip.py: transactions, lost calls, messages, certificates."""

import asyncio
import json
import re
import ssl
from pathlib import Path

import pytest
from chip_modules import central_system, certificates, messages, trial
from ocpp.messages import Call, validate_payload
from support import TOOLS
from websockets.sync.client import connect

KEYS = {"SendLocalListMaxLength": "25", "ChargingScheduleMaxPeriods": "24", "ChargeProfileMaxStackLevel": "20"}
# Actions that an issue to come adds to the table with its profile.
TO_COME = set()


@pytest.fixture
def central():
    with central_system.Central() as running:
        yield running


class BoardEnd:
    """The board's end of a connection."""

    def __init__(self, socket):
        self.socket = socket
        self._count = 0

    def send(self, action, payload):
        """The answer to a CALL."""
        self._count += 1
        self.socket.send(json.dumps([2, str(self._count), action, payload]))
        frame = json.loads(self.socket.recv(timeout=10))
        assert frame[:2] == [3, str(self._count)]
        return frame[2]


@pytest.fixture
def board(central):
    with connect("ws://127.0.0.1:%d/chip" % central.port, subprotocols=["ocpp1.6"]) as socket:
        yield BoardEnd(socket)


START = {"connectorId": 1, "idTag": "CARD", "meterStart": 0, "timestamp": "2030-01-01T00:00:00Z"}
STOP = {"transactionId": 1, "meterStop": 9, "timestamp": "2030-01-01T00:01:00Z"}


def test_the_book_takes_a_repeated_start_for_one(central, board):
    assert [board.send("StartTransaction", START)["transactionId"] for _ in range(2)] == [1, 1]
    board.send("StopTransaction", STOP)
    assert central.problems == [] and len(central.book.transactions) == 1


def test_a_start_that_is_doubled_with_another_time_is_a_problem(central, board):
    board.send("StartTransaction", START)
    board.send("StartTransaction", {**START, "timestamp": "2030-01-01T00:00:05Z"})
    assert central.problems == ["connector 1 already runs transaction 1"]


def test_a_stop_below_the_last_value_of_the_meter_is_a_problem(central, board):
    board.send("StartTransaction", START)
    value = {"timestamp": "2030-01-01T00:00:30Z", "sampledValue": [{"value": "12"}]}
    board.send("MeterValues", {"connectorId": 1, "transactionId": 1, "meterValue": [value]})
    board.send("StopTransaction", STOP)
    assert central.problems == ["meterStop 9 Wh is less than the last meter value, 12 Wh"]


def test_a_call_that_gets_no_answer_is_lost(central, board):
    board.send("Heartbeat", {})
    with pytest.raises(central_system.Lost, match="ClearCache: no answer"):
        central.call("ClearCache", {}, lambda: False)


def test_a_call_on_a_connection_that_breaks_is_lost(central, board):
    board.send("Heartbeat", {})
    board.socket.close()
    with pytest.raises(central_system.Lost):
        central.call("ClearCache", {}, lambda: True)


def test_what_came_before_the_mark_is_not_waited_for(central, board):
    board.send("Heartbeat", {})
    mark = central.mark()
    with pytest.raises(central_system.Lost, match="no Heartbeat"):
        central.expect("Heartbeat", mark, lambda: False)
    assert central.expect("Heartbeat", mark - 1, lambda: False) == {}


def table():
    return [*messages.WHEN_AVAILABLE, *messages.WHILE_CHARGING, *messages.LATER, *messages.AFTER_LOG,
            *[("Reset", {"type": kind}, ()) for kind in messages.RESETS],
            ("RemoteStopTransaction", {"transactionId": 1}, ())]


def test_every_message_that_the_firmware_has_is_in_the_table():
    files = (TOOLS.parent / "profiles").glob("*/calls/*.py")
    stems = {path.stem for path in files if "async def handle(" in path.read_text()}
    sent = {re.sub(r"(?<!^)([A-Z])", r"_\1", action).lower() for action, _, _ in table()}
    assert stems and stems - sent - TO_COME == set()


@pytest.mark.parametrize("row", table(), ids=lambda row: row[0])
def test_the_payloads_are_as_the_schema_has_them(row):
    action, payload, _ = row
    asyncio.run(validate_payload(Call("1", action, payload(KEYS) if callable(payload) else payload), "1.6"))


def test_the_largest_messages_are_as_large_as_the_keys_allow():
    largest = {action: payload(KEYS) for action, payload, _ in table() if callable(payload)}
    assert len(largest["SendLocalList"]["localAuthorizationList"]) == 25
    schedule = largest["SetChargingProfile"]["csChargingProfiles"]["chargingSchedule"]
    assert len(schedule["chargingSchedulePeriod"]) == 24
    assert {len(entry["idTag"]) for entry in largest["SendLocalList"]["localAuthorizationList"]} == {20}


@pytest.mark.parametrize("kind", certificates.KINDS)
def test_the_certificates_are_good_for_the_address_the_board_calls(tmp_path, kind):
    chain, key, authority, _ = certificates.make_certificates(tmp_path, kind, "192.168.4.2")
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(chain, key)
    client.load_verify_locations(cadata=Path(authority).read_bytes())
    assert shake_hands(server, client, "192.168.4.2")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, client, "192.168.4.3")


def shake_hands(server, client, name):
    """Whether both ends have agreed, without a network."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(to_client, to_server, server_hostname=name),
            server.wrap_bio(to_server, to_client, server_side=True)]
    waiting = ends
    for _ in range(10):
        waiting = [end for end in waiting if not goes_on(end)]
    return not waiting


def goes_on(end):
    try:
        end.do_handshake()
        return True
    except ssl.SSLWantReadError:
        return False


def test_the_board_gets_the_address_of_the_central_system(central):
    config = trial.default_config(central, web={"port": 0})
    assert config["csms"]["url"] == "ws://192.168.4.2:%d" % central.port
    assert config["web"] == {"port": 0}
