"""tools/csms.py as a process: a charge point that speaks raw frames, commands on standard input."""

import asyncio
import json
import signal
import subprocess
import sys

import pytest
from limits import patient
from support import TOOLS, CentralSystem
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

STAMP = "2026-01-01T00:00:00Z"


@pytest.fixture
def csms():
    with CentralSystem() as system:
        yield system


class ChargePoint:
    """The other end: CALLs out, CALLs in, as raw frames."""

    def __init__(self, socket):
        self.socket = socket
        self.count = 0

    async def call(self, action, **payload):
        self.count += 1
        await self.socket.send(json.dumps([2, str(self.count), action, payload]))
        return await self.receive()

    async def receive(self):
        return json.loads(await asyncio.wait_for(self.socket.recv(), patient(2)))

    async def send(self, *message):
        await self.socket.send(json.dumps(message))


def session(system, talk, identity="cp1", **options):
    """Run talk(charge_point) over one connection."""
    async def run():
        async with connect(system.url(identity), subprotocols=["ocpp1.6"], **options) as socket:
            return await talk(ChargePoint(socket))
    return asyncio.run(run())


def test_everything_sensible_is_accepted(csms):
    async def talk(cp):
        sample = {"timestamp": STAMP, "sampledValue": [{"value": "1"}]}
        boot = await cp.call("BootNotification", chargePointVendor="v", chargePointModel="m")
        assert boot[2]["status"] == "Accepted" and boot[2]["interval"] == 60
        assert "currentTime" in (await cp.call("Heartbeat"))[2]
        assert (await cp.call("Authorize", idTag="T"))[2] == {"idTagInfo": {"status": "Accepted"}}
        assert (await cp.call("DataTransfer", vendorId="v"))[2] == {"status": "UnknownVendorId"}
        for action, payload in (
            ("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"}),
            ("MeterValues", {"connectorId": 0, "meterValue": [sample]}),
            ("FirmwareStatusNotification", {"status": "Idle"}),
            ("DiagnosticsStatusNotification", {"status": "Idle"}),
            ("SecurityEventNotification", {"type": "StartupOfTheDevice", "timestamp": STAMP}),
            ("LogStatusNotification", {"status": "Idle"}),
            ("SignedFirmwareStatusNotification", {"status": "Idle"}),
        ):
            assert await cp.call(action, **payload) == [3, str(cp.count), {}]
    session(csms, talk)
    csms.wait_text("disconnected")
    assert not [event for event in csms.events if event["event"] == "problem"]


def test_transactions_count_up_and_are_checked(csms):
    async def talk(cp):
        for number in (1, 2):
            begin = await cp.call("StartTransaction", connectorId=number, idTag="T", meterStart=10,
                                  timestamp=STAMP)
            assert begin[2] == {"transactionId": number, "idTagInfo": {"status": "Accepted"}}
        end = await cp.call("StopTransaction", transactionId=1, meterStop=30, timestamp=STAMP)
        assert end[2]["idTagInfo"]["status"] == "Accepted"
        await cp.call("StopTransaction", transactionId=2, meterStop=5, timestamp=STAMP)
    session(csms, talk)
    assert csms.wait_text("transaction 1 at 30 Wh, 20 Wh used")["faults"] == 0
    assert csms.wait_text("meterStop 5 Wh is less than")["event"] == "problem"


def test_what_is_not_ocpp_gets_the_right_error(csms):
    async def talk(cp):
        assert (await cp.call("Nonsense"))[:3] == [4, "1", "NotImplemented"]
        assert (await cp.call("Reset", type="Soft"))[:3] == [4, "2", "NotSupported"]
        assert (await cp.call("Heartbeat", odd=1))[:3] == [4, "3", "FormationViolation"]
        await cp.socket.send("no json")
        assert (await cp.call("Heartbeat"))[0] == 3
    session(csms, talk)
    assert csms.wait_text("no json")["event"] == "problem"


def test_a_command_becomes_a_call_and_its_answer_a_line(csms):
    async def talk(cp):
        csms.type("get HeartbeatInterval Odd")
        request = await cp.receive()
        assert request[2:] == ["GetConfiguration", {"key": ["HeartbeatInterval", "Odd"]}]
        key = {"key": "HeartbeatInterval", "readonly": False, "value": "60"}
        await cp.send(3, request[1], {"configurationKey": [key], "unknownKey": ["Odd"]})
        csms.type("reset hard")
        request = await cp.receive()
        await cp.send(4, request[1], "InternalError", "no", {})
        await asyncio.to_thread(csms.wait_text, "Reset answered with InternalError: no")
        csms.type("unlock 1")
        request = await cp.receive()
        await cp.send(3, request[1], {"status": "Perhaps"})
        await asyncio.to_thread(csms.wait_text, "breaks the schema")
    session(csms, talk)
    assert "HeartbeatInterval = 60" in csms.wait_text("1 keys")["text"]


def test_commands_wait_for_each_other_and_block_nothing(csms):
    async def talk(cp):
        csms.type("reset", 'call Odd {"a": 1}')
        first = await cp.receive()
        assert (await cp.call("Heartbeat"))[0] == 3, "the open command must not hold up an answer"
        await cp.send(3, first[1], {"status": "Accepted"})
        assert (await cp.receive())[2:] == ["Odd", {"a": 1}]
    session(csms, talk)
    csms.wait_text("disconnected before Odd was answered")


def test_bad_input_is_answered_and_list_and_quit_work(csms):
    async def talk(cp):
        await cp.call("StatusNotification", connectorId=1, errorCode="NoError", status="Charging")
        csms.type("", "fly", "list")
        await asyncio.to_thread(csms.wait_text, "1 connected")
    session(csms, talk)
    assert "cp1" in csms.wait_text("1 connected")["text"]
    assert "connector 1: Charging" in csms.wait_text("1 connected")["text"]
    assert "help" in csms.wait_text("unknown command 'fly'")["text"]
    csms.type("quit")
    assert csms.process.wait(5) == 0


def test_the_end_of_input_does_not_end_it(csms):
    csms.process.stdin.close()

    async def talk(cp):
        return await cp.call("Heartbeat")
    assert session(csms, talk)[0] == 3
    csms.process.send_signal(signal.SIGINT)
    assert csms.process.wait(5) == 0


def test_another_subprotocol_is_refused_after_the_handshake(csms):
    async def run():
        for offered in (["ocpp2.0.1"], None):
            async with connect(csms.url(), subprotocols=offered) as socket:
                assert socket.subprotocol is None
                with pytest.raises(ConnectionClosed) as caught:
                    await asyncio.wait_for(socket.recv(), patient(2))
                assert caught.value.rcvd.code == 1002 and "ocpp1.6" in caught.value.rcvd.reason
    asyncio.run(run())
    csms.wait_text("refused: subprotocol ocpp2.0.1")


def test_a_newer_connection_replaces_the_older(csms):
    async def run():
        async with connect(csms.url(), subprotocols=["ocpp1.6"]) as old:
            async with connect(csms.url(), subprotocols=["ocpp1.6"]) as new:
                with pytest.raises(ConnectionClosed):
                    await asyncio.wait_for(old.recv(), patient(2))
                csms.type("reset")
                assert json.loads(await asyncio.wait_for(new.recv(), patient(2)))[2] == "Reset"
    asyncio.run(run())


def test_a_tag_can_be_rejected_and_a_password_asked_for():
    with CentralSystem("--reject", "Bad", "--user", "cp1", "--password", "0123456789abcdef") as system:
        async def talk(cp):
            return await cp.call("Authorize", idTag="BAD")
        right = "ws://cp1:0123456789abcdef@127.0.0.1:%d/cp1" % system.port
        system.url = lambda identity: right
        assert session(system, talk)[2] == {"idTagInfo": {"status": "Invalid"}}
        for url, status in ((right.replace("def@", "deg@"), 401), (right[:-3], 404)):
            system.url = lambda identity, url=url: url
            with pytest.raises(InvalidStatus) as caught:
                session(system, talk)
            assert caught.value.response.status_code == status


def test_a_port_in_use_is_one_clear_line(csms):
    command = [sys.executable, str(TOOLS / "csms.py"), "--port", str(csms.port)]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=patient(2))
    assert result.returncode == 1
    line = "csms: cannot listen on 127.0.0.1 port %d: Address already in use" % csms.port
    assert result.stderr.splitlines() == [line]
