"""The closing handshake, by either side (RFC 6455 7.1)."""

import asyncio

from websocket_stream import CLOSE, PING, TEXT, close_frame, closed, frame, let_run, run, with_sleep


def test_close_by_the_peer():
    async def test(socket, stream):
        stream.feed(frame(TEXT, b"last"), close_frame(1001, b"bye"))
        assert await stream.sent(1) == [(CLOSE, b"\x03\xe9bye")]
        assert not stream.s.closed
        stream.end()
        await let_run()
        assert stream.s.closed
        assert await socket.receive() == b"last"
        error = await closed(socket.receive())
        assert (error.code, error.reason, str(error)) == (1001, "bye", "1001 bye")

    run(test)


def test_close_without_a_code():
    async def test(socket, stream):
        stream.feed(frame(CLOSE))
        assert await stream.sent(1) == [(CLOSE, b"")]
        stream.end()
        assert (await closed(socket.receive())).code == 1005

    run(test)


def test_close_by_us():
    async def test(socket, stream):
        receiving = asyncio.create_task(closed(socket.receive()))
        closing = [asyncio.create_task(socket.close(1001, "reboot")) for _ in range(2)]
        assert await stream.sent(1) == [(CLOSE, b"\x03\xe9reboot")]
        assert (await closed(socket.send("too late"))).code == 1001
        stream.feed(frame(TEXT, b"crossed it"), frame(PING), frame(TEXT, b"and this"))
        stream.feed(close_frame(1001, b"reboot"))
        await let_run()
        assert not stream.s.closed
        stream.end()
        for task in closing:
            await task
        assert stream.s.closed
        assert (await receiving).code == 1001
        await socket.close()
        assert len(stream.frames) == 1

    run(test)


def test_close_while_messages_wait():
    async def test(socket, stream):
        stream.feed(*[frame(TEXT, b"%d" % n) for n in range(4)])
        await let_run()
        closing = asyncio.create_task(socket.close())
        await stream.sent(1)
        stream.feed(close_frame(1000))
        stream.end()
        await closing

    # The limit of the closing handshake never comes.
    with_sleep(lambda ms: asyncio.Event().wait(), run, test)


def test_close_comes_after_what_was_sent_before():
    async def test(socket, stream):
        stream.block()
        sending = [asyncio.create_task(socket.send("%d" % n)) for n in range(3)]
        await let_run()
        closing = asyncio.create_task(socket.close())
        await let_run()
        stream.unblock()
        for task in sending:
            await task
        assert [opcode for opcode, _ in await stream.sent(4)] == [TEXT, TEXT, TEXT, CLOSE]
        stream.end()
        await closing

    run(test)


def test_closing_handshake_takes_no_longer_than_5_s():
    real = asyncio.sleep_ms
    waited = []

    def short(ms):
        waited.append(ms)
        return real(1)

    async def silent_peer(socket, stream):
        await socket.close()
        assert stream.s.closed

    async def peer_that_reads_nothing(socket, stream):
        stream.block()
        sending = asyncio.create_task(closed(socket.send("x")))
        await let_run()
        await socket.close()
        assert stream.s.closed
        await sending

    async def peer_that_leaves_its_socket_open(socket, stream):
        stream.feed(close_frame(1000))
        assert (await closed(socket.receive())).code == 1000
        assert stream.s.closed

    for test in (silent_peer, peer_that_reads_nothing, peer_that_leaves_its_socket_open):
        with_sleep(short, run, test)
    assert waited == [5000] * 3


def test_abort_wakes_all():
    async def test(socket, stream):
        stream.block()
        waiting = [asyncio.create_task(closed(socket.receive()))]
        waiting += [asyncio.create_task(closed(socket.send("x"))) for _ in range(12)]
        await let_run()
        socket.abort()
        assert stream.s.closed
        for task in waiting:
            assert (await task).code == 1006
        assert socket._reader.done() and socket._writer.done()
        socket.abort()
        await socket.close()

    run(test)
