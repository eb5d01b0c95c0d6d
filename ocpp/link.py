"""One connection to the central system: the only place that connects, and connects again (OCPP-J 3, 5.4)."""

import asyncio
import binascii
import random
import time

from micropython import const

from . import log, websocket
from .errors import OccurenceConstraintViolation
from .rpc import Offline

_CONNECT_S = const(30)
_MAX_MESSAGE = const(8192)
_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"


def percent_encode(text):
    """`text` as one path segment of a URL (OCPP-J 3.1.1, RFC 3986 2.1)."""
    return "".join(c if c in _SAFE else "".join("%%%02X" % byte for byte in c.encode()) for c in text)


def split_url(url):
    """(is_tls, host, port, path) of a ws or wss URL."""
    scheme, rest = url.split("://", 1)
    tls = scheme.lower() == "wss"
    host, _, path = rest.partition("/")
    name, _, port = host.partition(":")
    return tls, name, int(port) if port else 443 if tls else 80, "/" + path.rstrip("/") if path else ""


def basic_authorization(identity, key):
    """The Authorization header; a key of 40 hexadecimal digits stands for its 20 bytes (OCPP-J 6.2.2)."""
    password = key.encode()
    if len(key) == 40:
        try:
            password = binascii.unhexlify(key)
        except ValueError:
            pass
    credentials = binascii.b2a_base64(identity.encode() + b":" + password).strip()
    return b"Authorization: Basic " + credentials


def tls_context(ca_cert):
    """A context that verifies the central system against the DER file `ca_cert`; MicroPython verifies nothing by itself."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_REQUIRED
    with open(ca_cert, "rb") as file:
        context.load_verify_locations(cadata=file.read())
    return context


class Backoff:
    """Seconds to wait before the next try: doubling from `first` to `last`, each with a random part so that the points
    of a site do not come back all at once."""

    def __init__(self, first, last):
        self._first = first
        self._last = last
        self.reset()

    def reset(self):
        self._next = self._first

    def next_ms(self):
        """Between half the step and the whole step, in milliseconds."""
        step = self._next * 1000
        self._next = min(self._last, self._next * 2)
        return step // 2 + random.getrandbits(16) * (step - step // 2) // 65535


class Link:
    """`rpc` and `on_up()` are set by the engine; `connected` tells whether a WebSocket is open."""

    def __init__(self, csms, identity, keys):
        """`csms`: the section of config.json."""
        self._tls, self._host, self._port, path = split_url(csms["url"])
        self._path = path + "/" + percent_encode(identity)
        self._ca_cert = csms["ca_cert"]
        key = csms["authorization_key"]
        self._headers = (basic_authorization(identity, key),) if key else ()
        self._backoff = Backoff(*csms["backoff_s"])
        self._keys = keys
        self._socket = None
        self._context = None
        self.rpc = None
        self.on_up = None

    @property
    def connected(self):
        return self._socket is not None

    async def send(self, text):
        """Hand one text message to the socket; Offline when there is none or it breaks."""
        if self._socket is None:
            raise Offline
        try:
            await self._socket.send(text)
        except websocket.ConnectionClosed:
            raise Offline

    def drop(self):
        """Close the connection at once; the next one is opened after the back-off."""
        if self._socket is not None:
            self._socket.abort()

    async def close(self):
        """The closing handshake, before a reboot."""
        if self._socket is not None:
            await self._socket.close(1001, "reboot")

    async def run(self):
        """Stay connected, for ever."""
        while True:
            try:
                self._socket = await asyncio.wait_for(self._connect(), _CONNECT_S)
            except websocket.HandshakeError as error:
                log.warning("no connection to %s:%d: %s", self._host, self._port, error)
            except (OSError, EOFError, asyncio.TimeoutError) as error:
                log.warning("no connection to %s:%d: %r", self._host, self._port, error)
            if self._socket is not None:
                await self._serve()
            wait = self._backoff.next_ms()
            log.info("next try in %d.%d s", wait // 1000, wait // 100 % 10)
            await asyncio.sleep_ms(wait)

    async def _connect(self):
        log.info("connecting to %s:%d%s", self._host, self._port, self._path)
        if self._tls and self._context is None:
            self._context = tls_context(self._ca_cert)
        return await websocket.connect(
            self._host, self._port, self._path, tls=self._context, headers=self._headers, max_message=_MAX_MESSAGE
        )

    async def _serve(self):
        """Read until the connection ends; the only reader of the socket."""
        socket = self._socket
        log.info("connected")
        self.on_up()
        watch = asyncio.create_task(self._watch(socket))
        try:
            while True:
                await self._receive(socket)
        except websocket.ConnectionClosed as closed:
            log.warning("disconnected: %s", closed)
        finally:
            watch.cancel()
            self._socket = None
            socket.abort()
            self.rpc.connection_lost()

    async def _receive(self, socket):
        try:
            message = await socket.receive()
        except websocket.MessageTooLarge as large:
            await self.rpc.refuse(large.head, OccurenceConstraintViolation("longer than %d bytes" % _MAX_MESSAGE))
            return
        self._backoff.reset()
        if socket.last_binary:
            log.warning("binary message ignored")
            return
        await self.rpc.receive(message)

    async def _watch(self, socket):
        """Ping every WebSocketPingInterval; a peer that has not been heard for two of them is dead (OCPP-J 5.3, 7)."""
        while True:
            interval = self._keys["WebSocketPingInterval"]
            await asyncio.sleep(interval or 5)
            if not interval:
                continue
            silent = time.ticks_diff(time.ticks_ms(), socket.last_heard)
            if silent > interval * 2000:
                log.warning("nothing heard for %d s", silent // 1000)
                socket.abort()
                return
            try:
                await socket.ping()
            except websocket.ConnectionClosed:
                return
