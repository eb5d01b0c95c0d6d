"""A server that breaks the protocol, and a connection that breaks (RFC 6455 5, 7.1.7, 8.1)."""

import asyncio

from websocket_stream import BINARY, CLOSE, TEXT, close_frame, closed, frame, let_run, run


def test_protocol_errors():
    for wrong in (
        b"\xc1\x00",  # reserved bits
        b"\xa1\x00",
        b"\x91\x00",
        b"\x81\x80\x00\x00\x00\x00",  # masked
        b"\x83\x00",  # reserved opcodes
        b"\x87\x00",
        b"\x8b\x00",
        b"\x8f\x00",
        b"\x89\x7e\x00\x7e",  # long control frame
        b"\x09\x00",  # control frame in fragments
        b"\x08\x00",
        b"\x80\x00",  # nothing to continue
        b"\x00\x00",
        frame(TEXT, b"a", False) + frame(TEXT, b"b"),  # not continued
        frame(TEXT, b"a", False) + frame(BINARY, b"b"),
        frame(TEXT, b"", False) + frame(TEXT, b"b"),
        close_frame(1005),
        frame(CLOSE, b"\x03"),
    ):

        async def test(socket, stream, wrong=wrong):
            stream.feed(wrong)
            opcode, payload = (await stream.sent(1))[0]
            assert opcode == CLOSE and payload[:2] == b"\x03\xea", wrong
            assert not stream.s.closed
            stream.feed(frame(TEXT, b"not read any more"))
            stream.end()
            assert (await closed(socket.receive())).code == 1002

        run(test)


def test_invalid_utf8_is_refused_before_the_frame_is_complete():
    for sent in (b"\x81\x7d\xff", b"\x01\x02ok\x80\x7da\xf4\x90", frame(TEXT, b"\xe2\x82")):

        async def test(socket, stream, sent=sent):
            stream.feed(sent)
            assert (await stream.sent(1))[0] == (CLOSE, b"\x03\xefinvalid UTF-8")
            stream.end()
            assert (await closed(socket.receive())).code == 1007

        run(test)


def test_broken_connection():
    async def test(socket, stream):
        waiting = asyncio.create_task(closed(socket.receive()))
        await let_run()
        stream.feed(b"\x81")
        stream.end()
        assert (await waiting).code == 1006
        assert stream.s.closed
        assert (await closed(socket.send("x"))).code == 1006
        assert (await closed(socket.receive())).code == 1006

    run(test)


def test_errors_of_the_stream_close():
    for error in (OSError(104), ValueError("TLS record")):

        async def test(socket, stream, error=error):
            def fail(view):
                raise error

            stream.readinto = stream.s.readinto = fail
            stream.feed(b"\x81\x00")
            stopped = await closed(socket.receive())
            assert stopped.code == 1006 and str(error) in stopped.reason

        run(test)
