"""CALL, CALLRESULT and CALLERROR (OCPP-J 4): one open CALL in each direction, whatever the peer sends."""

import asyncio
import json
import sys

from charging import until

from helpers import finish

from ocpp import log
from ocpp.errors import CallError, OcppError, Offline
from ocpp.rpc import Rpc, refusing
from ocpp.schema import Schema

NOW = "2026-01-01T00:00:00Z"
ODD = (b"", b"[", b"nonsense", b"{}", b"[]", b"null", b"7", b'"x"', b"[2]", b"[3]", b"[9,1,2]", b'[3,"other",{}]',
       b"[2,7,{}]", b'[2.0,"a","Reset",{}]', b'[2e0,"a","Reset",{}]', b'[true,"a","Reset",{}]', b'[3,null,{}]',
       b'[3.0,"a",{}]', b'[2.0,"a","Reset",{', b'[[2],"a","b",{}]', b'[4,"other","x"]', b'["2","a","Reset",{}]')


class Peer:
    """A link that never fails, unless it is `down`, and a charge point that answers as `serve` does."""

    def __init__(self, serve=None, timeout=10):
        self.sent = []
        self.down = False
        self.served = []
        self.serve = serve
        self.rpc = Rpc(self.send, self._serve, Schema("schemas/ocpp16.tbl"), lambda: timeout)

    async def send(self, frame):
        if self.down:
            raise Offline
        await asyncio.sleep_ms(0)
        self.sent.append(json.loads(b"".join(frame) if isinstance(frame, list) else frame))

    def _serve(self, action, payload):
        self.served.append((action, payload))
        answer = self.serve(action, payload)
        return None if answer is None else self._handle(answer)

    async def _handle(self, answer):
        return await answer if hasattr(answer, "send") else answer

    def receive(self, *message):
        self.rpc.receive(bytearray(json.dumps(message).encode()))

    async def frames(self, count):
        await until(lambda: len(self.sent) >= count)
        return self.sent[:count]


def play(story, *args, **options):
    """Run `story(peer)` with a Peer(*args, **options) that answers CALLs."""
    if sys.implementation.name == "micropython":
        asyncio.new_event_loop()
    log.configure("error")

    async def main():
        peer = Peer(*args, **options)
        task = asyncio.create_task(peer.rpc.run())
        await finish(story(peer))
        task.cancel()

    asyncio.run(main())


async def outcome(call):
    try:
        return await call
    except (CallError, Offline, OcppError) as error:
        return error


async def answered(peer, make):
    """What becomes of a Heartbeat that is answered with `make(messageId)`."""
    call = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {})))
    count = len(peer.sent)
    frame = (await peer.frames(count + 1))[-1]
    assert frame[:1] + frame[2:] == [2, "Heartbeat", {}] and len(frame[1]) <= 36
    peer.receive(*make(frame[1]))
    return await call


def test_an_answer():
    async def story(peer):
        assert await answered(peer, lambda identity: (3, identity, {"currentTime": NOW})) == {"currentTime": NOW}
        identities = [frame[1] for frame in peer.sent]
        await answered(peer, lambda identity: (3, identity, {"currentTime": NOW}))
        assert peer.sent[-1][1] not in identities

    play(story)


def test_an_error_in_answer():
    async def story(peer):
        for parts, args in (
            (("GenericError", "no", {}), ("GenericError", "no")),
            (("GenericError",), ("GenericError", "")),
            ((7, None, None), ("7", "None")),
        ):
            error = await answered(peer, lambda identity, parts=parts: (4, identity) + parts)
            assert isinstance(error, CallError) and error.args == args

    play(story)


def test_what_can_be_used_of_an_answer_that_breaks_the_schema():
    """J 3.3: only a CALLERROR says that the message has failed; see test_odd_answers.py."""

    async def story(peer):
        log.configure("error")
        for payload in ({}, {"currentTime": "noon"}, [], None, "x"):
            assert await answered(peer, lambda identity, payload=payload: (3, identity, payload)) == {}, payload
        for frame in ((3, {"currentTime": NOW, "more": 1}), (3, {"currentTime": NOW}, 7, 8)):
            good = await answered(peer, lambda identity, frame=frame: frame[:1] + (identity,) + frame[1:])
            assert good == {"currentTime": NOW}, frame
        assert await answered(peer, lambda identity: (3, identity)) == {}
        error = await answered(peer, lambda identity: (4, identity))
        assert isinstance(error, CallError) and error.args == ("", "")

    play(story)


def test_an_answer_that_is_too_long_or_no_json_is_one_without_content():
    """What its first bytes tell is enough, for the central system has the message; an answer for which there was no
    memory may come again."""

    async def story(peer):
        for kind, code in ((3, "OccurenceConstraintViolation"), (4, "OccurenceConstraintViolation")):
            call = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {})))
            identity = (await peer.frames(len(peer.sent) + 1))[-1][1]
            refusing.refuse(peer.rpc, bytearray(b'[3,"other",{"currentTime":"20'), OcppError(code, "long"))
            head = bytearray(b'[3,"%s",{}' % identity.encode())
            refusing.refuse(peer.rpc, head, OcppError("InternalError", "no memory"))
            await asyncio.sleep_ms(5)
            assert not call.done()
            head = b'[%d,"%s",{"currentTime":"20' % (kind, identity.encode())
            refusing.refuse(peer.rpc, bytearray(head), OcppError(code, "long"))
            answer = await call
            assert answer == {} if kind == 3 else isinstance(answer, CallError)
        assert await answered(peer, lambda identity: (3, identity, {"currentTime": NOW}))

    play(story)


def test_a_late_answer_counts_for_a_message_that_is_sent_again():
    """J 3.1: under the same messageId, so it does not matter whether it comes between two tries or within one, or while
    another message is open."""

    async def story(peer):
        for within in (False, True):
            peer.sent.clear()
            assert isinstance(await outcome(peer.rpc.call("Heartbeat", {}, "mine")), Offline)
            other = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {})))
            frames = await peer.frames(2)
            if within:
                peer.receive(3, frames[1][1], {"currentTime": NOW})
                await other
                again = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {}, "mine")))
                await peer.frames(3)
                peer.receive(3, "mine", {"currentTime": NOW})
                assert await again == {"currentTime": NOW} and len(peer.sent) == 3
                continue
            peer.receive(3, "mine", {"currentTime": "2027-01-01T00:00:00Z"})
            peer.receive(3, frames[1][1], {"currentTime": NOW})
            assert await other == {"currentTime": NOW}
            assert await outcome(peer.rpc.call("Heartbeat", {}, "mine")) == {"currentTime": "2027-01-01T00:00:00Z"}
            assert len(peer.sent) == 2, "it was not sent again"

    play(story, timeout=0.1)


def test_a_late_answer_of_a_lost_connection_does_not_count():
    async def story(peer):
        assert isinstance(await outcome(peer.rpc.call("Heartbeat", {}, "mine")), Offline)
        peer.rpc.connection_lost()
        peer.receive(3, "mine", {"currentTime": NOW})
        assert isinstance(await outcome(peer.rpc.call("Heartbeat", {}, "mine")), Offline)
        assert len(peer.sent) == 2

    play(story, timeout=0.1)


def test_silence_is_logged_once_until_there_is_an_answer():
    async def story(peer):
        lines = []
        log.warning = lambda text, *args: lines.append(text % args)
        for count in (1, 2):
            for _ in range(3):
                await outcome(peer.rpc.call("Heartbeat", {}))
            assert len(lines) == count and "Heartbeat" in lines[0], lines
            await answered(peer, lambda identity: (3, identity, {"currentTime": NOW}))

    warning = log.warning
    try:
        play(story, timeout=0.1)
    finally:
        log.warning = warning


def test_nothing_wrong_is_sent():
    async def story(peer):
        error = await outcome(peer.rpc.call("Authorize", {"idTag": "x" * 21}))
        assert error.code == "PropertyConstraintViolation" and peer.sent == []
        assert await answered(peer, lambda identity: (3, identity, {"currentTime": NOW}))

    play(story)


def test_one_call_at_a_time():
    """OCPP-J 4.1.1: the next leaves when the first is answered."""

    async def story(peer):
        calls = [asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {}))) for _ in range(3)]
        for number in range(1, 4):
            await peer.frames(number)
            await asyncio.sleep_ms(5)
            assert len(peer.sent) == number
            peer.receive(3, peer.sent[-1][1], {"currentTime": NOW})
        for call in calls:
            assert await call == {"currentTime": NOW}

    play(story)


def test_silence_ends_with_the_time_out_and_a_late_answer_is_ignored():
    async def story(peer):
        assert isinstance(await outcome(peer.rpc.call("Heartbeat", {})), Offline)
        late = peer.sent[0][1]
        call = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {})))
        frames = await peer.frames(2)
        peer.receive(3, late, {"currentTime": "2020-01-01T00:00:00Z"})
        peer.receive(3, frames[1][1], {"currentTime": NOW})
        assert await call == {"currentTime": NOW}

    play(story, timeout=0.1)


def test_a_lost_connection_ends_the_call():
    async def story(peer):
        call = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {})))
        await peer.frames(1)
        peer.rpc.connection_lost()
        assert isinstance(await call, Offline)
        peer.down = True
        assert isinstance(await outcome(peer.rpc.call("Heartbeat", {})), Offline)
        peer.down = False
        assert await answered(peer, lambda identity: (3, identity, {"currentTime": NOW}))

    play(story)


def test_a_given_message_id_is_used():
    async def story(peer):
        asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {}, "mine")))
        assert (await peer.frames(1))[0][1] == "mine"
        peer.rpc.connection_lost()

    play(story)


def test_answers_of_the_charge_point():
    def serve(action, payload):
        if action == "Refused":
            raise OcppError("NotSupported", "d" * 300)
        if action == "Broken":
            raise ZeroDivisionError
        return {"ClearCache": {"status": "Accepted"}, "Pieces": [b'{"a"', b":1}"], "Silent": None}.get(action, {"x": 1})

    async def story(peer):
        errors = []
        log.exception = lambda text, error: errors.append(error)
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

    play(story, serve)


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
        assert (await peer.frames(1))[0][:2] == [4, "a"]
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
