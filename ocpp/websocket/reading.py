"""The receiving half of a WebSocket: frames from the stream, checked and put together (RFC 6455 5)."""

import asyncio

from micropython import const

from ocpp.websocket.frames import NO_MEMORY, TOO_LARGE, ConnectionClosed, check_utf8
import memory

_TEXT = const(1)
_BINARY = const(2)
_CLOSE = const(8)
_PING = const(9)
_PONG = const(10)
_SKIP = const(256)
_EAGER = const(255)
_HEAD = const(128)
_MAX_SKIPPED = const(1048576)
# Beside the code, the objects made of a larger message take up to three times its bytes on a PC.
_LARGE = const(1024)
_CODE = const(16000)
_LOOKS = const(5)  # for a piece of memory that is large enough
_PAUSE_MS = const(100)


class Message:
    """The message that is coming in: `opcode`, 0 if there is none, and `buffer`, what is kept of it."""

    def __init__(self, limit):
        """`limit`: the longest message that is kept whole, in bytes."""
        self._limit = limit
        self._spare = None
        self.begin()

    def begin(self):
        self.opcode = self._size = self._utf8 = 0
        self.buffer = bytearray()
        self._is_starved = False

    @property
    def loss(self):
        """Why only the head is kept: TOO_LARGE, NO_MEMORY, or 0 if all is."""
        if len(self.buffer) == self._size:
            return 0
        return NO_MEMORY if self._is_starved and self._size <= self._limit else TOO_LARGE

    def finds_room(self, length):
        """Whether make_room() will have memory for `length` more bytes, as far as it is known."""
        size = self._size + length
        if self.loss or not _LARGE < size <= self._limit:
            return True
        memory.make_room(4 * size + _CODE)
        try:
            self._spare = bytearray(size)
        except MemoryError:
            memory.unload()
        return self._spare is not None

    def make_room(self, length):
        """Return the part of the buffer that `length` more bytes fill, and how many of them to skip after it.

        Of a message that is longer than the limit, or that there is no memory for, the head is kept.
        """
        old = self.buffer
        start = len(old)
        cut = self.loss
        self._size = size = self._size + length
        if size > _MAX_SKIPPED:
            raise ConnectionClosed(1009, "message too large")
        if cut or size > self._limit:
            size = min(size, _HEAD)
        self.buffer = self._buffer(size)
        if not start:
            return memoryview(self.buffer), length - len(self.buffer)
        start = min(start, len(self.buffer))
        self.buffer[:start] = memoryview(old)[:start]
        kept = len(self.buffer) - start
        return memoryview(self.buffer)[start:], length - kept

    def _buffer(self, count):
        """A buffer of `count` bytes, or, when not even the code that can be imported again makes room for it, of the
        head."""
        spare, self._spare = self._spare, None
        if spare is not None and len(spare) == count:
            return spare
        try:
            return bytearray(count)
        except MemoryError:
            memory.unload()
        try:
            return bytearray(count)
        except MemoryError:
            self._is_starved = True
            return bytearray(min(count, _HEAD))

    def check(self, view, start, end):
        """Check what has come into `view[start:end]`; ConnectionClosed 1007 for text that is not UTF-8."""
        if self.opcode == _TEXT:
            self._utf8 = check_utf8(self._utf8, view, start, end)

    def finish(self):
        """Check that text does not end within a character; ConnectionClosed 1007."""
        if self._utf8 and not self.loss:
            raise ConnectionClosed(1007, "invalid UTF-8")


class Reading:
    """The receiving half of a WebSocket, which has the sending half. `code`: of the closing handshake, once that has
    begun; `pings`, `answered_ping`: see WebSocket."""

    def __init__(self, stream, max_message, on_message):
        self._stream = stream
        self._header = memoryview(bytearray(8))
        self._incoming = Message(max_message)
        self._received = None
        self._on_message = on_message
        self._change = asyncio.Event()
        self.code = None
        self.pings = []  # type: list
        self.answered_ping = False

    def notify(self):
        self._change.set()
        self._change.clear()

    async def _answer_ping(self, payload):
        """Send a pong."""
        raise NotImplementedError

    async def _fill(self, view, message=None, begun=True):
        # The rest of a frame that has begun is taken without a round of the event loop if it is there, once; between
        # frames, and in long ones, others get their turn.
        at = 0
        count = self._stream.s.readinto(view) if begun and len(view) <= _EAGER else None
        while at < len(view):
            if count is None:
                count = await self._stream.readinto(view[at:])
                continue
            if count == 0:
                raise EOFError
            if message:
                message.check(view, at, at + count)
            at += count
            count = None

    async def _read_frame(self):
        header = self._header
        await self._fill(header[:2], begun=False)
        opcode = header[0] & 0x0F
        final = header[0] & 0x80
        length = header[1]
        if header[0] & 0x70 or length > 127:
            raise ConnectionClosed(1002, "reserved bit or masked frame")
        if opcode & 8:
            if opcode > _PONG or not final or length > 125:
                raise ConnectionClosed(1002, "invalid control frame")
            await self._read_control(opcode, length)
            return
        if opcode > _BINARY or (opcode == 0) != (self._incoming.opcode != 0):
            raise ConnectionClosed(1002, "unexpected opcode")
        if length > 125:
            size = 2 if length == 126 else 8
            await self._fill(header[:size])
            length = int.from_bytes(header[:size], "big")
            if length < (126 if size == 2 else 65536) or size == 8 and header[0] & 0x80:
                raise ConnectionClosed(1002, "length in too many bytes")
        await self._read_data(opcode, length)
        if final:
            self._incoming.finish()
            if self._on_message is None:
                await self._deliver()
            elif self.code is None:
                message = self._incoming
                self._on_message(message.buffer, message.opcode == _BINARY, message.loss)
            self._incoming.begin()

    async def _read_control(self, opcode, length):
        payload = bytearray(length)
        await self._fill(memoryview(payload))
        if opcode == _CLOSE:
            from ocpp.websocket import close

            raise close.decode_close(payload)
        if opcode == _PING:
            await self._answer_ping(payload)
        else:
            self._take_pong(int.from_bytes(payload, "big"))

    def _take_pong(self, sent_at):
        # It may answer the newest ping only, and one that no ping has asked for means nothing (RFC 6455 5.5.3).
        if sent_at in self.pings:
            del self.pings[: self.pings.index(sent_at) + 1]
            self.answered_ping = True

    async def _read_data(self, opcode, length):
        message = self._incoming
        message.opcode = message.opcode or opcode
        for _ in range(_LOOKS):
            if message.finds_room(length):
                break
            # Small things that are made again and again, as the values of a meter, move to the front meanwhile.
            await asyncio.sleep_ms(_PAUSE_MS)
        view, skipped = message.make_room(length)
        await self._fill(view, message)
        rest = skipped and memoryview(bytearray(min(skipped, _SKIP)))
        while skipped:
            await self._fill(rest[:skipped])
            skipped -= min(skipped, _SKIP)

    async def _deliver(self):
        message = self._incoming
        while self._received is not None and self.code is None:
            await self._change.wait()
        if self.code is None:
            self._received = (message.buffer, message.opcode == _BINARY, message.loss)
            self.notify()
