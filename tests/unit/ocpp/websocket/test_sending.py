"""What a WebSocket sends: whole frames, in order, from a queue with a bound."""

import asyncio

from websocket_stream import BINARY, PING, TEXT, closed, let_run, run


def test_sends_text_binary_and_ping():
    async def test(socket, stream):
        await socket.send("\u20ac")
        await socket.send(b"bytes")
        await socket.send(bytearray(b"\xff"), True)
        await socket.ping()
        assert stream.frames[:3] == [(TEXT, b"\xe2\x82\xac"), (TEXT, b"bytes"), (BINARY, b"\xff")]
        assert stream.frames[3][0] == PING

    run(test)


def test_queue_is_bounded_and_in_order():
    async def test(socket, stream):
        stream.block()
        sending = [asyncio.create_task(socket.send("%02d" % n)) for n in range(30)]
        await let_run()
        assert 0 < len(socket._frames) <= 8
        stream.unblock()
        for task in sending:
            await task
        assert sorted(stream.frames) == [(TEXT, b"%02d" % n) for n in range(30)]

    run(test)


def test_cancelled_send_sends_whole_frames():
    async def test(socket, stream):
        stream.block()
        task = asyncio.create_task(socket.send("first"))
        await let_run()
        task.cancel()
        second = asyncio.create_task(socket.send("second"))
        await let_run()
        stream.unblock()
        await second
        assert stream.frames == [(TEXT, b"first"), (TEXT, b"second")]

    run(test)


def test_broken_socket_ends_every_sender():
    for error in (OSError(104), ValueError("TLS record")):

        async def test(socket, stream, error=error):
            stream.block()
            sending = [asyncio.create_task(closed(socket.send("x"))) for _ in range(12)]
            await let_run()
            stream.unblock(error)
            for task in sending:
                assert (await task).code == 1006
            stopped = await closed(socket.receive())
            assert (stopped.code, stopped.reason) == (1006, str(error))

        run(test)
