"""The client's end of a WebSocket connection without a network: a test writes what the server sends, and reads the
frames that the client sent."""

import asyncio

from helpers import finish

from ocpp import websocket
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
