"""An answer that is sent while it is made: in fragments, with nothing but control frames between (RFC 6455 5.4)."""

import asyncio
import json

from helpers import finish
from websocket_stream import PING, PONG, TEXT, closed, frame, let_run, run

from ocpp.websocket.frames import ConnectionClosed
from ocpp.rpc import Rpc

_FRAGMENT = 512


def sent(stream):
    """[(opcode, final, payload)] of what has been sent."""
    found, data = [], stream.outgoing
    while data:
        length, start = data[1] & 0x7F, 2
        if length == 126:
            start = 4
            length = int.from_bytes(data[2:4], "big")
        key, payload = data[start : start + 4], data[start + 4 : start + 4 + length]
        payload = bytes([byte ^ key[i & 3] for i, byte in enumerate(payload)])
        found.append((data[0] & 15, data[0] >= 128, payload))
        data = data[start + 4 + length :]
    return found


def pieces(count, made=None):
    for number in range(count):
        if made is not None:
            made.append(number)
        yield b"%04d" % number * 25


def test_what_is_short_is_one_frame():
    async def test(socket, stream):
        await socket.send(pieces(3))
        assert sent(stream) == [(TEXT, True, b"".join(pieces(3)))]

    run(test)


def test_what_is_long_comes_in_fragments():
    async def test(socket, stream):
        await socket.send(pieces(100))
        frames = sent(stream)
        assert [opcode for opcode, _, _ in frames] == [TEXT] + [0] * (len(frames) - 1)
        assert [final for _, final, _ in frames] == [False] * (len(frames) - 1) + [True]
        assert len(frames) == 20 and max([len(payload) for _, _, payload in frames]) <= _FRAGMENT
        assert b"".join([payload for _, _, payload in frames]) == b"".join(pieces(100))

    run(test)


def test_no_piece_is_made_before_the_ones_before_have_left():
    async def test(socket, stream):
        made = []
        stream.block()
        sending = asyncio.create_task(socket.send(pieces(100, made)))
        await let_run()
        assert len(made) == 6, "those of a fragment, and the first of the next"
        stream.unblock()
        await sending
        assert len(made) == 100

    run(test)


def test_other_messages_wait_and_a_ping_is_answered_between():
    async def test(socket, stream):
        stream.block()
        sending = asyncio.create_task(socket.send(pieces(30)))
        await let_run()
        others = [asyncio.create_task(socket.send(text)) for text in ("a", "b")]
        second = asyncio.create_task(socket.send(pieces(11)))
        await let_run()
        stream.feed(frame(PING, b"!"))
        await let_run()
        stream.unblock()
        for task in [sending, second] + others:
            await task
        frames = sent(stream)
        assert (PONG, True, b"!") in frames[1:3], "between the fragments"
        data = [one for one in frames if one[0] != PONG]
        heads = [at for at, one in enumerate(data) if one[0] == TEXT]
        assert len(heads) == 4
        for at in heads[1:]:
            assert data[at - 1][1], "the message before has ended"
        texts = b"".join([payload for _, _, payload in data])
        assert len(texts) == 4100 + 2

    run(test)


def failing(count):
    for piece in pieces(count):
        yield piece
    raise MemoryError


async def fail(socket, count):
    try:
        await socket.send(failing(count))
    except MemoryError:
        return
    raise AssertionError("MemoryError not raised")


def test_what_fails_before_it_begins_leaves_the_connection():
    async def test(socket, stream):
        await fail(socket, 5)
        await socket.send("x")
        assert sent(stream) == [(TEXT, True, b"x")]

    run(test)


class Unchecked:
    """The schema of those who check nothing."""

    check = None


def test_an_answer_that_cannot_be_made_is_an_InternalError():
    async def main():
        frames = []

        async def send(frame):
            frames.append(frame if isinstance(frame, str) else b"".join(frame))

        async def handle():
            return failing(5)

        rpc = Rpc(send, lambda action, payload: handle(), Unchecked(), lambda: 5)
        task = asyncio.create_task(rpc.run())
        rpc.receive(bytearray(b'[2,"1","GetCompositeSchedule",{}]'))
        while not frames:
            await asyncio.sleep_ms(1)
        task.cancel()
        assert json.loads(frames[0])[:3] == [4, "1", "InternalError"]

    asyncio.run(finish(main()))


def test_what_cannot_be_finished_ends_the_connection():
    """Nothing else could follow half a message."""

    async def test(socket, stream):
        await fail(socket, 20)
        assert isinstance(await closed(socket.send("x")), ConnectionClosed)
        assert [final for _, final, _ in sent(stream)] == [False] * 3

    run(test)


def test_one_who_is_cancelled_ends_the_connection():
    async def test(socket, stream):
        stream.block()
        sending = asyncio.create_task(socket.send(pieces(100)))
        await let_run()
        sending.cancel()
        await let_run()
        assert isinstance(await closed(socket.send("x")), ConnectionClosed)

    run(test)


def test_a_connection_that_breaks_meanwhile():
    async def test(socket, stream):
        stream.block()
        sending = asyncio.create_task(closed(socket.send(pieces(100))))
        await let_run()
        stream.unblock(OSError(104))
        assert isinstance(await sending, ConnectionClosed)

    run(test)
