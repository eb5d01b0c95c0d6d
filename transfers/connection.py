"""One TCP connection of a transfer, with or without TLS, that never blocks and has one buffer.

It asks its socket again and again instead of waiting in asyncio's poll: there each time limit makes two tasks, a socket
that breaks can end the whole poll, and a name is looked up while everything else stops. After an error nothing is read
or sent any more.
"""

import asyncio
import select
import socket
import time
from errno import EINPROGRESS

from micropython import const

from transfers.failure import failed
from x509 import CertificateError

# Bytes of ESP-IDF's memory that a connection takes at its peak: with what was received and is not read yet, one that
# only has commands and replies, the handshake of TLS.
PLAIN_NEEDS = const(6000)
CONTROL_NEEDS = const(2000)
TLS_NEEDS = const(34000)
PIECE = const(1024)  # bytes of the buffer
SILENCE_S = const(30)
_CHECK_MS = const(10)


async def connect(host, port, options, context=None, address=None, size=PIECE):
    """An open Connection to `host`; with TLS if `context` is given. `options`: see files.py; `address` is that of
    `host` if it is known; `size` of the buffer. TransferError."""
    room = options.get("room")
    if room:
        await room(TLS_NEEDS if context else PLAIN_NEEDS if size == PIECE else CONTROL_NEEDS)
    if address is None:
        address = await _look_up(host, options.get("lookup"))
    connection = Connection(host, port, options, size)
    is_open = False
    try:
        await connection.open(address, context)
        is_open = True
        return connection
    finally:
        if not is_open:
            connection.close()


async def _look_up(host, lookup):
    """The address of `host` as text; without the coroutine `lookup` its name, which the system then looks up."""
    if not lookup:
        return host
    try:
        address = await lookup(host)
    except OSError as error:
        raise failed("name", "look-up of %s: %s" % (host, error))
    if not address:
        raise failed("name", "there is no address of %s" % host)
    return address


class Connection:
    """`step`: what is under way, for the texts of errors; `view`: the buffer, which is free for what is to be sent
    while nothing is `unread`; `address`: IPv4 address or name that it was opened to."""

    def __init__(self, host, port, options, size):
        self.address = None
        self.step = "connect"
        self._peer = "%s:%d" % (host, port)
        self._host, self._port = host, port
        self._patience_ms = int(options.get("timeout_s", SILENCE_S) * 1000)
        self._on_tls = options.get("on_tls")
        self._in_handshake = False
        self._socket = self._tls_socket = self._io = None  # the last is the one of the two to read and write
        self._buffer = bytearray(size)
        self.view = memoryview(self._buffer)
        self._start = self._end = 0

    async def open(self, address, context):
        """Connect, and begin the handshake of TLS: the server is verified before the first send(), which ends it."""
        try:
            where = socket.getaddrinfo(address, self._port, socket.AF_INET, socket.SOCK_STREAM)[0][-1]
        except OSError as error:
            raise failed("name", "there is no address of %s: %s" % (self._host, error))
        self.address = address
        try:
            self._socket = self._io = socket.socket()
            self._socket.setblocking(False)
            self._socket.connect(where)
        except OSError as error:
            if error.errno != EINPROGRESS:
                raise self.failed("connection", error)
        poller = select.poll()
        poller.register(self._socket, select.POLLOUT)
        begun = time.ticks_ms()
        while not poller.poll(0):
            await self._pause(begun)
        if context:
            from transfers import certificates

            guard = certificates.Guard(context)
            self._wrap(context)
            await self._verify(guard)

    async def _verify(self, guard):
        """Go on with the handshake until the certificate of the server is verified, and check whose it is."""
        begun = time.ticks_ms()
        while guard.seen is None:
            # A read begins the handshake; no server speaks before it is asked.
            if self._attempt(self._io.readinto, self.view[:1]) is not None:
                raise self.failed("connection", "the server has closed the connection")
            if guard.seen is None:
                await self._pause(begun)
        try:
            guard.check(self._host)
        except CertificateError as error:
            raise self.failed("certificate", error)

    def _wrap(self, context):
        self._in_handshake = True
        if self._on_tls:
            self._on_tls(True)
        try:
            self._tls_socket = self._io = context.wrap_socket(
                self._socket, server_hostname=self._host, do_handshake_on_connect=False
            )
        except (OSError, ValueError) as error:
            raise self.failed("connection", error)

    def _handshake_is_over(self):
        if self._in_handshake:
            self._in_handshake = False
            if self._on_tls:
                self._on_tls(False)

    def close(self):
        """Close the socket at once; again does no harm."""
        self._handshake_is_over()
        # After an error the socket of TLS closes, but not the one below.
        for one in (self._tls_socket, self._socket):
            if one is not None:
                one.close()
        self._socket = self._tls_socket = self._io = None

    def failed(self, reason, what, again=None):
        """The TransferError to raise for `what` went wrong in this `step`."""
        step = "handshake of TLS" if self._in_handshake else self.step
        what = " ".join(str(what).split())  # what is wrong with a certificate has lines
        return failed(reason, "%s, %s: %s" % (self._peer, step, what), again)

    @property
    def unread(self):
        """Whether the buffer has bytes that were received and not read yet."""
        return self._start < self._end

    async def send(self, data):
        """Send all of `data` (bytes-like)."""
        view, done, begun = memoryview(bytearray(data) if isinstance(data, bytes) else data), 0, time.ticks_ms()
        await asyncio.sleep_ms(0)
        while done < len(view):
            count = self._attempt(self._io.write, view[done:])
            if count:
                done += count
                begun = time.ticks_ms()
            else:
                await self._pause(begun)
        self._handshake_is_over()

    async def line(self, limit, longest=0):
        """The next line without its end, as bytes: the first `limit` of it. One of more than `longest` bytes (0: than
        `limit`) is an error, as is the end of the connection."""
        text, length = b"", 0
        while True:
            if not self.unread and not await self._fill():
                raise self.failed("truncated", "the server has closed the connection")
            at = self._buffer.find(b"\n", self._start, self._end)
            stop = self._end if at < 0 else at
            length += stop - self._start
            if length > (longest or limit):
                raise self.failed("protocol", "a line of more than %d bytes" % (longest or limit))
            text += bytes(self.view[self._start : min(stop, self._start + limit - len(text))])
            self._start = stop if at < 0 else at + 1
            if at >= 0:
                return text.rstrip(b"\r")

    async def piece(self, limit=None):
        """The next bytes, `limit` at most: a view that is valid until the next call; empty at the end."""
        if not self.unread and not await self._fill():
            return self.view[:0]
        stop = self._end if limit is None else min(self._end, self._start + limit)
        view = self.view[self._start : stop]
        self._start = stop
        return view

    async def arrives(self, patience_ms):
        """Whether something arrives within `patience_ms`, if only the end of the connection."""
        begun = time.ticks_ms()
        while not self.unread:
            count = self._attempt(self._io.readinto, self.view)
            if count is not None:
                self._start, self._end = 0, count
                return True
            if time.ticks_diff(time.ticks_ms(), begun) >= patience_ms:
                return False
            await asyncio.sleep_ms(_CHECK_MS)
        return True

    async def _fill(self):
        """Receive into the buffer, all of which has been read; False at the end."""
        begun = time.ticks_ms()
        await asyncio.sleep_ms(0)
        while True:
            count = self._attempt(self._io.readinto, self.view)
            if count is not None:
                self._start, self._end = 0, count
                return count > 0
            await self._pause(begun)

    def _attempt(self, operation, view):
        """The result of `operation(view)` of the socket: a count of bytes, or None when it would have to wait."""
        try:
            return operation(view)
        except ValueError as error:  # how MicroPython says what is wrong with a certificate
            raise self.failed("certificate", error)
        except OSError as error:
            raise self.failed("connection", error)

    async def _pause(self, begun):
        if time.ticks_diff(time.ticks_ms(), begun) >= self._patience_ms:
            raise self.failed("silent", "nothing for %d s" % (self._patience_ms // 1000))
        await asyncio.sleep_ms(_CHECK_MS)
