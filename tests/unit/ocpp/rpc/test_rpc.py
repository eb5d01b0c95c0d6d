"""CALLs of the charge point and their answers (OCPP-J 4.1, 4.2, J 3.1, 3.3): one is open at a time, whatever comes."""

import asyncio

from rpc_peer import NOW, answered, outcome, play

from ocpp import log
from ocpp.errors import CallError, OcppError, Offline
from ocpp.rpc import refusing


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
