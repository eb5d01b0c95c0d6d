"""WebSocket client (RFC 6455) on asyncio streams; no extensions.

Each socket has one reader task and one writer task of its own, so a task that waits in receive() or send() may be
cancelled without harm to the connection.
"""

import asyncio
import time

from micropython import const

from ocpp.websocket.frames import ConnectionClosed, MessageTooLarge, encode
from ocpp.websocket.reading import Reading
import memory

_TEXT = const(1)
_BINARY = const(2)
_PING = const(9)
_PONG = const(10)

_MAX_QUEUE = const(8)
_SKIP = const(256)


async def connect(
    host,
    port,
    path,
    *,
    address=None,
    tls=None,
    headers=(),
    protocol="ocpp1.6",
    max_message=4096,
    on_message=None,
    on_tls=None,
):
    """Open a WebSocket and return it, or raise HandshakeError; no socket stays open then or when cancelled.

    `path` begins with a slash; `address` is that of `host`, None has the system look it up; `tls` is a Guard of
    ocpp/link/secure.py or None; `headers` are lines "Name: value", str or bytes; `protocol` is the sub-protocol the
    server must agree to, or None; `max_message` is in bytes;
    `on_message(buffer, is_binary, loss)` takes each message at once, in the place of receive(); `loss` is 0, or says
    why `buffer` is but its head: frames.TOO_LARGE or NO_MEMORY. `on_tls`: see ocpp/link.
    """
    from ocpp.websocket.handshake import open_stream

    try:
        stream = await open_stream(host, port, path, tls, headers, protocol, address, on_tls)
        return WebSocket(stream, max_message, on_message)
    finally:
        # While the connection lasts nobody needs this code, and memory is short then.
        memory.forget("ocpp.websocket.handshake")


class WebSocket(Reading):
    """One open connection.

    `pings`: ticks_ms of the pings that are not answered yet, the oldest first; `answered_ping`: whether one was.
    `sending`: ticks_ms since when the socket has been taking a frame, None while there is none to send.
    `last_binary`: whether the message that receive() returned last was a binary one.
    """

    def __init__(self, stream, max_message, on_message=None):
        """`stream`: a MicroPython asyncio stream behind the opening handshake; needs a running event loop."""
        super().__init__(stream, max_message, on_message)
        self.sending = None
        self.last_binary = False
        self._frames = []
        self._queued = self._written = 0
        self._resting = False  # the writer has nothing to do
        self._work = asyncio.Event()  # now it has
        self.reason = ""
        self._ended = False
        self.watch = None
        self.streaming = False  # a message leaves in fragments
        self._writer = asyncio.create_task(self._write())
        self._reader = asyncio.create_task(self._read())

    async def receive(self):
        """Return the next message as a bytearray; text is valid UTF-8.

        Raises MessageTooLarge, after which the next one can be received, and ConnectionClosed.
        """
        while self._received is None:
            await self._wait()
        message, self.last_binary, loss = self._received
        self._received = None
        self.notify()
        if loss:
            raise MessageTooLarge(message)
        return message

    def send(self, data, binary=False):
        """Awaited, send `data` (str, bytes-like, a list of bytes-like pieces, or a generator of such) as one message;
        returns when the socket has taken it. A generator makes each piece when the ones before have left.

        Raises ConnectionClosed.
        """
        return self._send(_BINARY if binary else _TEXT, data)

    def ping(self):
        """Awaited, send a ping, which is in `pings` until it is answered. Raises ConnectionClosed."""
        now = time.ticks_ms()
        self.pings.append(now)
        return self._send(_PING, now.to_bytes(8, "big"))  # type: ignore[attr-defined]

    async def close(self, code=1000, reason=""):
        """Close with a handshake of at most 5 s, then the socket; `reason` has at most 123 bytes."""
        from ocpp.websocket import close

        close.start_close(self, code, reason)
        while not self._ended:
            await self._change.wait()

    def abort(self):
        """Close the socket at once; tasks that wait get ConnectionClosed."""
        self.end("aborted")

    async def _wait(self):
        # For the next change of anything; every waiter looks whether it was the one it waits for.
        if self._ended:
            raise ConnectionClosed(self.code, self.reason)
        await self._change.wait()

    async def _answer_ping(self, payload):
        # Once the connection is closing this ends the reading of frames, which nobody wants any more.
        await self._room()
        self._put(_PONG, payload)

    async def _room(self):
        while self.code is None and len(self._frames) >= _MAX_QUEUE:
            await self._wait()

    def _put(self, opcode, data):
        if self.code is not None:
            raise ConnectionClosed(self.code, self.reason)
        try:
            frames = (encode(opcode, data),)
        except MemoryError:
            memory.unload()
            from ocpp.websocket import fragments

            frames = fragments.split(opcode, data)
        self._queued += len(frames)
        if self._resting and len(frames) == 1:
            self._write_now(frames[0])
        else:
            self.queue(frames)
        return self._queued

    def queue(self, frames):
        self._resting = False
        self._frames.extend(frames)
        self._work.set()

    def _write_now(self, frame):
        # Straight to the socket saves two changes of task; what it does not take at once is left to the writer.
        try:
            self._stream.write(memoryview(frame))
        except (OSError, ValueError, MemoryError) as error:  # part of it may have left
            self.end(str(error))
        if self._stream.out_buf:
            self.queue((b"",))
        else:
            self._written += 1

    async def _send(self, opcode, data):
        while self.streaming and opcode <= _BINARY:
            await self._wait()  # between the fragments of a message there may only be control frames (RFC 6455 5.4)
        if hasattr(data, "send"):
            from ocpp.websocket import fragments

            await fragments.stream(self, opcode, data)
            return
        if len(self._frames) >= _MAX_QUEUE:
            await self._room()
        await self._taken(self._put(opcode, data))

    async def _taken(self, number):
        while self._written < number or self._ended:
            await self._wait()

    async def send_frame(self, frame):
        """Send one frame of a message in fragments. Raises ConnectionClosed."""
        if self.code is not None:
            raise ConnectionClosed(self.code, self.reason)
        self._queued += 1
        self.queue((frame,))
        await self._taken(self._queued)

    async def _write(self):
        try:
            while True:
                while not self._frames:
                    self._resting = True
                    self.sending = None
                    self._work.clear()
                    await self._work.wait()
                self._resting = False
                self.sending = time.ticks_ms()
                # A view: the stream would copy what the socket does not take at once, and more than once.
                self._stream.write(memoryview(self._frames.pop(0)))
                await self._stream.drain()
                self._written += 1
                self.notify()
        except (OSError, ValueError, MemoryError) as error:
            self.end(str(error))
        finally:
            self.end("the writer stopped")

    def end(self, reason):
        if self._ended:
            return
        self._ended = True
        if self.code is None:
            self.code = 1006
            self.reason = reason
        # Before the socket is closed: a task that waits for it has to be off the poll list by then.
        for task in (self._reader, self._writer, self.watch):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        self._stream.s.close()
        self._frames.clear()
        self.notify()

    async def _read(self):
        try:
            try:
                while True:
                    await self._read_frame()
            except ConnectionClosed as closed:
                import ocpp.websocket.close

                ocpp.websocket.close.start_close(self, closed.code, closed.reason)
            # It is the server that closes the socket first (RFC 6455 7.1.1).
            rest = bytearray(_SKIP)
            while await self._stream.readinto(rest) != 0:
                pass
        except (OSError, EOFError, ValueError, MemoryError) as error:
            self.end(str(error) or "closed by the peer")
        finally:
            self.end("the reader stopped")
