import asyncio
import time

from helpers import finish, raises

from ocpp import websocket
from ocpp.websocket import close, frames, reading
from ocpp.websocket.frames import ConnectionClosed

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Socket:
    closed = False

    def __init__(self, stream):
        self.stream = stream

    def readinto(self, view):
        """What is there, None if nothing is."""
        return self.stream.take(view) if self.stream.incoming or self.stream.eof else None

    def close(self):
        self.closed = True


class Stream:
    """The client's end of a connection: `feed` is what the peer sends, `frames` what the client has sent."""

    def __init__(self, chunk=1000):
        self.s = Socket(self)
        self.out_buf = b""
        self.chunk = chunk
        self.incoming = b""
        self.eof = False
        self.outgoing = b""
        self.open = True  # whether the peer takes what is sent
        self.error = None
        self.changed = asyncio.Event()

    def notify(self):
        self.changed.set()
        self.changed.clear()

    def feed(self, *parts):
        self.incoming += b"".join(parts)
        self.notify()

    def end(self):
        self.eof = True
        self.notify()

    async def readinto(self, view):
        while not self.incoming and not self.eof:
            await self.changed.wait()
        return self.take(view)

    def take(self, view):
        part = self.incoming[: min(len(view), self.chunk)]
        self.incoming = self.incoming[len(part) :]
        view[: len(part)] = part
        return len(part)

    def write(self, data):
        if self.open and not self.error:
            self.outgoing += bytes(data)
            self.notify()
        else:
            self.out_buf += bytes(data)

    async def drain(self):
        while not self.open:
            await self.changed.wait()
        if self.error:
            raise self.error
        self.outgoing += self.out_buf
        self.out_buf = b""
        self.notify()
        await asyncio.sleep(0)

    def block(self):
        self.open = False

    def unblock(self, error=None):
        self.open = True
        self.error = error
        self.notify()

    @property
    def frames(self):
        return decode(self.outgoing)

    async def sent(self, count):
        while len(self.frames) < count:
            await self.changed.wait()
        return self.frames[:count]


def decode(data):
    """[(first byte without the final bit, payload)] of masked frames."""
    found = []
    while data:
        assert data[0] & 0x80 and data[1] & 0x80
        length, start = data[1] & 0x7F, 2
        if length > 125:
            start = 4 if length == 126 else 10
            length = int.from_bytes(data[2:start], "big")
        key, payload = data[start : start + 4], data[start + 4 : start + 4 + length]
        assert len(payload) == length
        found.append((data[0] & 0x7F, bytes(byte ^ key[i & 3] for i, byte in enumerate(payload))))
        data = data[start + 4 + length :]
    return found


def frame(opcode, payload=b"", final=True):
    """A frame as a server sends it."""
    if isinstance(payload, str):
        payload = payload.encode()
    length = len(payload)
    first = bytes((opcode | (0x80 if final else 0),))
    if length < 126:
        return first + bytes((length,)) + payload
    size = 2 if length < 65536 else 8
    return first + bytes((126 if size == 2 else 127,)) + length.to_bytes(size, "big") + payload


def close_frame(code, reason=b""):
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


def run(test, chunk=1000, max_message=8192):
    """Run `test(socket, stream)`, which may leave the connection open."""

    async def main():
        stream = Stream(chunk)
        socket = websocket.WebSocket(stream, max_message)
        try:
            await test(socket, stream)
        finally:
            socket.abort()
        assert stream.s.closed

    asyncio.run(finish(main()))


async def closed(awaitable):
    """The ConnectionClosed that `awaitable` raises."""
    try:
        await awaitable
    except ConnectionClosed as error:
        return error
    raise AssertionError("ConnectionClosed not raised")


async def let_run():
    for _ in range(20):
        await asyncio.sleep(0)


def with_sleep(replacement, test, *args):
    """Run `test` while asyncio.sleep_ms is `replacement`."""
    original = asyncio.sleep_ms
    asyncio.sleep_ms = replacement
    try:
        test(*args)
    finally:
        asyncio.sleep_ms = original


# Frames


def test_encoded_lengths():
    for length, head in (
        (0, b"\x81\x80"),
        (125, b"\x81\xfd"),
        (126, b"\x81\xfe\x00\x7e"),
        (65535, b"\x81\xfe\xff\xff"),
        (65536, b"\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00"),
    ):
        payload = b"a" * length
        encoded = bytes(frames.encode(TEXT, payload))
        assert encoded.startswith(head), length
        assert decode(encoded) == [(TEXT, payload)]


def test_each_frame_has_a_key_of_its_own():
    assert len({bytes(frames.encode(TEXT, b"")[2:6]) for _ in range(20)}) > 15


def test_str_is_encoded_as_utf8():
    assert decode(bytes(frames.encode(TEXT, "\u20ac"))) == [(TEXT, b"\xe2\x82\xac")]


def test_close_codes():
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1014, 3000, 4999):
        error = close.decode_close(code.to_bytes(2, "big") + b"why")
        assert (error.code, error.reason) == (code, "why")
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535):
        assert raises(ConnectionClosed, close.decode_close, code.to_bytes(2, "big")).code == 1002
    assert close.decode_close(b"").code == 1005
    assert raises(ConnectionClosed, close.decode_close, b"\x03").code == 1002
    assert raises(ConnectionClosed, close.decode_close, b"\x03\xe8\xff").code == 1007
    assert raises(ConnectionClosed, close.decode_close, b"\x03\xe8\xc3").code == 1007


# Receiving


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


# Sizes


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

    reading.bytearray = scarce
    try:
        run(test)
    finally:
        del reading.bytearray


def test_more_than_a_mebibyte_is_refused():
    async def test(socket, stream):
        stream.feed(b"\x81\x7f\x00\x00\x00\x00\x00\x10\x00\x01")
        assert await stream.sent(1) == [(CLOSE, b"\x03\xf1message too large")]
        stream.end()
        assert (await closed(socket.receive())).code == 1009

    run(test)


# Errors of the peer


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


# Closing


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


# Sending


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
