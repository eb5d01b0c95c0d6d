"""The longest message that is received; a longer one is skipped, and the next one received."""

from websocket_stream import CLOSE, PING, TEXT, closed, frame, run

from ocpp import websocket
from ocpp.websocket import reading


async def too_large(socket):
    try:
        await socket.receive()
    except websocket.MessageTooLarge as error:
        return bytes(error.head)
    raise AssertionError("MessageTooLarge not raised")


def test_longest_message():
    async def test(socket, stream):
        stream.feed(frame(TEXT, b"x" * 1000), frame(TEXT, b"y" * 600, False), frame(0, b"y" * 400))
        assert await socket.receive() == b"x" * 1000
        assert await socket.receive() == b"y" * 1000

    run(test, max_message=1000)


def test_too_large_message_is_skipped():
    async def test(socket, stream):
        stream.feed(frame(TEXT, b"h" * 128 + b"x" * 873), frame(TEXT, b"next"))
        assert await too_large(socket) == b"h" * 128
        assert await socket.receive() == b"next"

    run(test, max_message=1000)
    run(test, chunk=7, max_message=1000)


def test_too_large_fragments_are_skipped():
    async def test(socket, stream):
        for cuts in ((600, 401), (100, 901), (1001, 0), (50, 50, 50, 900), (1, 2000), (0, 1001)):
            parts = [b"".join(b"%c" % (48 + (n & 7)) for n in range(size)) for size in cuts]
            sent = [frame(0 if n else TEXT, part, False) for n, part in enumerate(parts)]
            stream.feed(*sent, frame(PING), frame(0), frame(TEXT, b"next"))
            assert await too_large(socket) == b"".join(parts)[:128], cuts
            assert await socket.receive() == b"next"

    run(test, max_message=1000)


def run_with(scarce, test):
    """run(test) with `scarce` in the place of bytearray() where messages are put together."""
    reading.bytearray = scarce
    try:
        run(test)
    finally:
        del reading.bytearray


def test_message_without_memory_is_skipped():
    def scarce(size=0):
        if size == 501:
            raise MemoryError
        return bytearray(size)

    async def test(socket, stream):
        stream.feed(frame(TEXT, b"a" * 501), frame(TEXT, b"b" * 400, False), frame(0, b"b" * 101, False))
        stream.feed(frame(0, b"b" * 10), frame(TEXT, b"c" * 502))
        assert await too_large(socket) == b"a" * 128
        assert await too_large(socket) == b"b" * 128
        assert await socket.receive() == b"c" * 502

    run_with(scarce, test)


def test_a_long_message_waits_for_a_piece_of_memory():
    tries = []

    def scarce(size=0):
        if size in (1501, 1502):
            tries.append(size)
            if size == 1502 or len(tries) < 3:
                raise MemoryError
        return bytearray(size)

    async def test(socket, stream):
        stream.feed(frame(TEXT, b"a" * 1501), frame(TEXT, b"b" * 1502), frame(TEXT, b"c" * 1503))
        assert await socket.receive() == b"a" * 1501
        assert await too_large(socket) == b"b" * 128
        assert await socket.receive() == b"c" * 1503

    run_with(scarce, test)
    assert tries[:3] == [1501] * 3 and 1502 in tries


def test_more_than_a_mebibyte_is_refused():
    async def test(socket, stream):
        stream.feed(b"\x81\x7f\x00\x00\x00\x00\x00\x10\x00\x01")
        assert await stream.sent(1) == [(CLOSE, b"\x03\xf1message too large")]
        stream.end()
        assert (await closed(socket.receive())).code == 1009

    run(test)
