"""One connection to the central system: the only place that connects, and connects again (OCPP-J 3, 5.4)."""

import asyncio
import time

from . import log, websocket
from .errors import Offline
from .on_demand import load

_CONNECTING = "ocpp.connecting"
MAX_MESSAGE = 8192


class Link:
    """`rpc` and `on_up()` are set by the engine; `connected` tells whether a WebSocket is open."""

    def __init__(self, csms, identity, keys):
        """`csms`: the section of config.json."""
        self.address = load("ocpp.address").resolve(csms, identity)
        self._backoff_s = csms["backoff_s"]
        self._step_s = 0
        self._keys = keys
        self._socket = None
        self.rpc = None
        self.on_up = None

    @property
    def connected(self):
        return self._socket is not None

    def send(self, text):
        """A coroutine that hands one text message to the socket; Offline when there is none or it breaks."""
        if self._socket is None:
            raise Offline
        return self._socket.send(text)

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
            self._socket = await load(_CONNECTING).connect(self.address, self._take)
            if self._socket is not None:
                await self._serve()
            self._step_s = await load(_CONNECTING).back_off(self._step_s, self._backoff_s)

    async def _serve(self):
        """Until the connection ends."""
        socket = self._socket
        log.info("connected")
        self.on_up()
        self._pinged = time.ticks_ms()
        try:
            await socket.receive()  # gives nothing, for _take() gets it all, but raises at the end
        except websocket.ConnectionClosed as closed:
            log.warning("disconnected: %s", closed)
        finally:
            self._socket = None
            socket.abort()
            self.rpc.connection_lost()

    def _take(self, message, is_binary, is_too_large):
        """One message of the central system; nothing that goes wrong with it may end the reading of others."""
        self._step_s = 0
        try:
            load("ocpp.arrivals").take(self.rpc, message, is_binary, is_too_large)
        except Exception as error:
            log.exception("message ignored", error)

    def watch(self):
        """Called once a second. Ping every WebSocketPingInterval; a peer that has not been heard for two of them is
        dead (OCPP-J 5.3, 7)."""
        interval = self._keys["WebSocketPingInterval"] * 1000
        if not interval or self._socket is None:
            return
        now = time.ticks_ms()
        silent = time.ticks_diff(now, self._socket.last_heard)
        if silent > interval * 2:
            log.warning("nothing heard for %d s", silent // 1000)
            self._socket.abort()
        elif time.ticks_diff(now, self._pinged) >= interval:
            self._pinged = now
            asyncio.create_task(self._ping(self._socket))

    async def _ping(self, socket):
        try:
            await socket.ping()
        except websocket.ConnectionClosed:
            pass
