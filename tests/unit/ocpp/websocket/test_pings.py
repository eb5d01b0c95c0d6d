"""Pings and pongs in both directions (RFC 6455 5.5.2, 5.5.3), and how long a frame waits in the socket."""

import asyncio
import time

from websocket_stream import PING, PONG, TEXT, frame, let_run, run


def test_pings_are_answered_in_order():
    async def test(socket, stream):
        stream.feed(*[frame(PING, b"%d" % n) for n in range(20)])
        assert await stream.sent(20) == [(PONG, b"%d" % n) for n in range(20)]

    run(test)


def test_pongs_are_taken():
    async def test(socket, stream):
        stream.feed(frame(PONG, b"?"), frame(TEXT, b"x"))
        assert await socket.receive() == b"x"
        assert stream.frames == []

    run(test)


def test_a_ping_waits_for_its_answer():
    """RFC 6455 5.5.3: the pong brings back what the ping held; nothing else the peer sends shows that it reads."""

    async def test(socket, stream):
        await socket.ping()
        (first,) = [data for opcode, data in stream.frames if opcode == PING]
        assert len(socket.pings) == 1 and not socket.answered_ping
        stream.feed(frame(TEXT, b"x"), frame(PING, first), frame(PONG), frame(PONG, b"?"), frame(PONG, 125 * b"x"))
        assert await socket.receive() == b"x"
        await stream.sent(2)
        await let_run()
        assert len(socket.pings) == 1 and not socket.answered_ping
        stream.feed(frame(PONG, first))
        await let_run()
        assert socket.pings == [] and socket.answered_ping

    run(test)


def test_a_pong_may_answer_several_pings():
    """RFC 6455 5.5.3: a peer may answer the newest ping only; the answer to an older one leaves the newer open."""

    async def test(socket, stream):
        for _ in range(4):
            await socket.ping()
            await asyncio.sleep_ms(2)
        sent = [data for opcode, data in stream.frames]
        assert len(set(sent)) == 4
        stream.feed(frame(PONG, sent[1]))
        await let_run()
        assert len(socket.pings) == 2
        stream.feed(frame(PONG, sent[3]))
        await let_run()
        assert socket.pings == []

    run(test)


def test_how_long_the_socket_takes_for_a_frame():
    """A peer that never reads fills the socket; since when is known, and None when all has left."""

    async def test(socket, stream):
        await socket.send("a")
        await let_run()
        assert socket.sending is None
        stream.block()
        task = asyncio.create_task(socket.send("b"))
        await let_run()
        began = socket.sending
        assert 0 <= time.ticks_diff(time.ticks_ms(), began) < 5000
        other = asyncio.create_task(socket.send("c"))
        await asyncio.sleep_ms(5)
        assert socket.sending == began
        stream.unblock()
        await task
        await other
        await let_run()
        assert socket.sending is None

    run(test)
