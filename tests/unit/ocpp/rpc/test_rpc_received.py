"""CALLs of the central system and what answers them, and frames that are no message (OCPP-J 4.1.3, 4.2.3)."""

import asyncio

from rpc_peer import NOW, outcome, play

from ocpp import log
from ocpp.errors import OcppError
from ocpp.rpc import refusing

ODD = (b"", b"[", b"nonsense", b"{}", b"[]", b"null", b"7", b'"x"', b"[2]", b"[3]", b"[9,1,2]", b'[3,"other",{}]',
       b"[2,7,{}]", b'[2.0,"a","Reset",{}]', b'[2e0,"a","Reset",{}]', b'[true,"a","Reset",{}]', b'[3,null,{}]',
       b'[3.0,"a",{}]', b'[2.0,"a","Reset",{', b'[[2],"a","b",{}]', b'[4,"other","x"]', b'["2","a","Reset",{}]')


def test_answers_of_the_charge_point():
    def serve(action, payload):
        if action == "Refused":
            raise OcppError("NotSupported", "d" * 300)
        if action == "Broken":
            raise ZeroDivisionError
        return {"ClearCache": {"status": "Accepted"}, "Pieces": [b'{"a"', b":1}"], "Silent": None}.get(action, {"x": 1})

    errors = []

    async def story(peer):
        for action, answer in (
            ("ClearCache", [3, "1", {"status": "Accepted"}]),
            ("Pieces", [3, "1", {"a": 1}]),
            ("Refused", [4, "1", "NotSupported", "d" * 255, {}]),
        ):
            peer.receive(2, "1", action, {})
            assert (await peer.frames(1)) == [answer], action
            del peer.sent[:]
        for action, code in (("Broken", "InternalError"), ("Reset", "ProtocolError")):
            peer.receive(2, "1", action, {})
            assert (await peer.frames(1))[0][:3] == [4, "1", code]
            del peer.sent[:]
        assert isinstance(errors[0], ZeroDivisionError)
        peer.receive(2, "1", "Silent", {})
        peer.receive(2, "2", "ClearCache", None)
        assert (await peer.frames(1))[0][1] == "2" and peer.served[-1] == ("ClearCache", {})

    exception = log.exception
    log.exception = lambda text, error: errors.append(error)
    try:
        play(story, serve)
    finally:
        log.exception = exception


def test_calls_that_are_none():
    async def story(peer):
        long = "i" * 37
        for message, answer in (
            ((2, "a"), [4, "a", "FormationViolation"]),
            ((2, "a", "Reset"), [4, "a", "FormationViolation"]),
            ((2, "a", 7, {}), [4, "a", "FormationViolation"]),
            ((2, "a", "Reset", {}, 1), [4, "a", "FormationViolation"]),
            ((2, long, "Reset", {}), [4, long, "PropertyConstraintViolation"]),
            ((2, long * 50, "Reset", {}), [4, long * 50, "PropertyConstraintViolation"]),
        ):
            peer.receive(*message)
            assert (await peer.frames(1))[0][:3] == answer
            del peer.sent[:]
        assert peer.served == []

    play(story)


def test_a_message_type_is_an_integer():
    """OCPP-J 4.1.3: 3.0 is not 3, whatever messageId it has; no other number of the wire is taken for another type."""

    async def story(peer):
        for kind in ("3.0", "3e0", "30e-1", '"3"', "true", "[3]"):
            call = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {})))
            identity = (await peer.frames(len(peer.sent) + 1))[-1][1]
            peer.rpc.receive(bytearray(('[%s,"%s",{"currentTime":"%s"}]' % (kind, identity, NOW)).encode()))
            await asyncio.sleep_ms(2)
            assert not call.done(), kind
            peer.receive(3, identity, {"currentTime": NOW})
            await call

    play(story)


def test_a_frame_that_cannot_be_read_is_refused_by_its_head():
    async def story(peer):
        peer.rpc.receive(bytearray(b'[2,"a","Reset",{"type":]'))
        assert (await peer.frames(1))[0][:4] == [4, "a", "FormationViolation", "not JSON at byte 23"]
        long = OcppError("OccurenceConstraintViolation", "long")
        refusing.refuse(peer.rpc, bytearray(b'[2,"b","DataTransfer",{"data":"xxxxx'), long)
        assert (await peer.frames(2))[1][:4] == [4, "b", "OccurenceConstraintViolation", "long"]
        peer.rpc.receive(bytearray(b'[2,"%s","Reset",{"type":]' % (b"i" * 500)))
        assert (await peer.frames(3))[2][:3] == [4, "i" * 500, "FormationViolation"], "the id is echoed whole"

    play(story)


def test_what_cannot_be_answered_is_ignored():
    """OCPP-J 4.1.3, 4.2.3."""

    async def story(peer):
        for frame in ODD:
            peer.rpc.receive(bytearray(frame))
        await asyncio.sleep_ms(10)
        assert peer.sent == [] and peer.served == []
        peer.receive(2, "z", "ClearCache", {})
        assert (await peer.frames(1))[0][1] == "z"

    play(story, lambda action, payload: {"status": "Accepted"})
