"""What a WebSocket receives (RFC 6455 5.2, 5.4): text and binary messages, lengths, fragments."""

import asyncio

from websocket_stream import BINARY, CLOSE, PING, PONG, TEXT, closed, frame, let_run, run


def test_receives_text_and_binary():
    async def test(socket, stream):
        stream.feed(frame(TEXT, "\u20ac"), frame(BINARY, b"\xff\x00"), frame(TEXT))
        assert await socket.receive() == "\u20ac".encode() and not socket.last_binary
        assert await socket.receive() == b"\xff\x00" and socket.last_binary
        assert await socket.receive() == b"" and not socket.last_binary

    run(test)
    run(test, chunk=1)


def test_receives_every_size_of_length():
    async def test(socket, stream):
        for length in (125, 126, 300, 65535, 65536):
            stream.feed(frame(BINARY, b"x" * length))
            assert await socket.receive() == b"x" * length

    run(test, max_message=70000)


def test_fragments_with_a_ping_between():
    async def test(socket, stream):
        stream.feed(frame(TEXT, b"a\xe2", False), frame(PING, b"p"), frame(0, b"\x82", False))
        stream.feed(frame(0, b"", False), frame(0, b"\xacb"), frame(TEXT, b"next"))
        assert await socket.receive() == "a\u20acb".encode()
        assert await socket.receive() == b"next"
        assert await stream.sent(1) == [(PONG, b"p")]

    run(test)
    run(test, chunk=1)


def test_a_length_in_more_bytes_than_it_needs():
    """RFC 6455 5.2: the minimal number of bytes must be used, and the most significant bit of 64 is 0."""
    for length in (
        b"\x7e\x00\x00",
        b"\x7e\x00\x7d",
        b"\x7f\x00\x00\x00\x00\x00\x00\x00\x01",
        b"\x7f\x00\x00\x00\x00\x00\x00\xff\xff",
        b"\x7f\x80\x00\x00\x00\x00\x00\x00\x00",
        b"\x7f\x80\x00\x00\x00\x00\x01\x00\x00",
        b"\x7f\xff\xff\xff\xff\xff\xff\xff\xff",
    ):
        for opcode in (TEXT, BINARY):

            async def test(socket, stream, head=bytes((0x80 | opcode,)) + length):
                stream.feed(head, b"x" * 125)
                sent = await stream.sent(1)
                assert (sent[0][0], sent[0][1][:2]) == (CLOSE, b"\x03\xea")
                stream.end()
                assert (await closed(socket.receive())).code == 1002

            run(test)


def test_a_length_in_as_few_bytes_as_it_needs():
    for length in (125, 126, 65535, 65536):

        async def test(socket, stream, length=length):
            stream.feed(frame(BINARY, b"x" * length), frame(TEXT, b"next"))
            assert len(await socket.receive()) == length
            assert await socket.receive() == b"next"

        run(test, max_message=70000)


def test_cancelled_receive_loses_nothing():
    async def test(socket, stream):
        task = asyncio.create_task(socket.receive())
        stream.feed(frame(TEXT, b"whole")[:4])
        await let_run()
        task.cancel()
        await let_run()
        stream.feed(frame(TEXT, b"whole")[4:])
        assert await socket.receive() == b"whole"

    run(test)


def test_no_more_than_one_message_is_read_ahead():
    async def test(socket, stream):
        stream.feed(*[frame(TEXT, b"%d" % n) for n in range(5)])
        await let_run()
        # One waits for receive(), the next one for its place.
        assert len(stream.incoming) == 3 * len(frame(TEXT, b"0"))
        for n in range(5):
            assert await socket.receive() == b"%d" % n

    run(test)
