"""One connection to the central system: the only place that connects, and connects again (OCPP-J 3, 5.4)."""

import asyncio
import time

from micropython import const

from ocpp import log, websocket
from ocpp.errors import Offline
import memory

# What a board has room for, beside all that it does, with whatever is in the message: its bytes are in memory up to
# four times while it is read.
MAX_MESSAGE = 4096
_STUCK_MS = const(5000)
_STAYED_MS = const(30000)
# A ping leaves before the interval is over: a proxy may end the connection when it is (9.1.34). watch() looks once a
# second, late by half a second at most.
_EARLY_MS = const(1500)


class Link:
    """The engine sets `rpc` and `on_up()`. `connected`: whether a WebSocket is open. `net`: a lookup.Net where names
    have to be looked up here; None where the system does it. `on_tls`, if set, is called with True before a handshake
    of TLS and with False after it. `opening`: whether a connection with TLS is being opened, which on a board takes
    nearly all of ESP-IDF's memory. `paused`: a transfer needs its memory and has closed it; it is not opened meanwhile.
    `dead`: tries in a row that failed because of the network or the memory of this board. `ways`, `tries`, `on_trial`,
    the way on trial that this connection has taken or None: see ways.py. `told`: the text of the last security event
    since there was a connection. `root` and `client`: names of the root that has verified the central system, and of
    the certificate of the charge point; `refused`: of one that the central system has refused."""

    def __init__(self, csms, identity, keys):
        """`csms`: the section of config.json."""
        self.csms, self.identity, self.keys = csms, identity, keys
        self.ways = []  # type: list
        self.on_trial = self.told = self.root = self.client = self.refused = None
        self.on_tls = None
        self.dead = 0
        self.paused = self.opening = False
        self._opened = self._pinged = time.ticks_ms()
        self._backoff_s = csms["backoff_s"]
        self._step_s = 0
        self._socket = None
        self.rpc = None
        self.on_up = None
        self.net = None

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

    async def close(self, why="reboot"):
        """The closing handshake."""
        if self._socket is not None:
            await self._socket.close(1001, why)

    async def run(self):
        """Stay connected, for ever."""
        while True:
            while self.paused:
                await asyncio.sleep(1)
            retry_after_s = await self._open()
            if self._socket is not None:
                await self._serve()
            import ocpp.link.connecting

            self._step_s = await ocpp.link.connecting.back_off(self._step_s, self._backoff_s, retry_after_s)

    async def _open(self):
        """Try to connect; the seconds after which the server wants to be asked again. Apart, for what a frame that
        never ends has once held stays in memory."""
        memory.unload()  # with TLS the code for a connection takes 16 kB

        from ocpp.link import connecting

        self.rpc.heard = False
        self._socket, retry_after_s = await connecting.connect(self, self.rpc.receive)
        return retry_after_s

    async def _serve(self):
        """Until the connection ends."""
        socket = self._socket
        log.info("connected")
        self.on_up()
        self._opened = self._pinged = time.ticks_ms()
        self.rpc.send = socket.send
        try:
            await socket.receive()  # gives nothing, for the rpc receives each message, but raises at the end
        except websocket.ConnectionClosed as closed:
            log.warning("disconnected: %s", closed)
        finally:
            self._socket = None
            self.rpc.send = self.send
            if self.rpc.heard:
                self._step_s = 0
            socket.abort()
            if self.on_trial:
                self._settle()
            self.rpc.connection_lost()

    def _settle(self):
        from ocpp.link import ways

        ways.settle(self)

    def watch(self):
        """Called once a second: ping every WebSocketPingInterval, give up a peer that does not answer (OCPP-J 5.3, 7).

        A connection that has answered a ping or has stayed for 30 s is a good one: the next back-off is the first."""
        socket = self._socket
        if socket is None:
            return
        now = time.ticks_ms()
        if socket.answered_ping or time.ticks_diff(now, self._opened) >= _STAYED_MS:
            self._step_s = 0
        interval_ms = self.keys["WebSocketPingInterval"] * 1000
        if self._is_dead(socket, now, interval_ms):
            socket.abort()
        elif interval_ms and time.ticks_diff(now, self._pinged) >= interval_ms - _EARLY_MS:
            self._pinged = now
            asyncio.create_task(self._ping(socket))

    def _is_dead(self, socket, now, interval_ms):
        """Whether the peer has not answered a ping in two intervals, or has not taken a frame in MessageTimeout.

        That it sends is no sign of life: what it does not read is lost."""
        waited = time.ticks_diff(now, socket.pings[0]) if interval_ms and socket.pings else 0
        if waited > interval_ms * 2:
            log.warning("a ping was not answered in %d s", waited // 1000)
            return True
        stuck = 0 if socket.sending is None else time.ticks_diff(now, socket.sending)
        if stuck > _STUCK_MS and memory.grown():
            # The heap has taken ESP-IDF's memory, so nothing will leave; without the connection it gives that back.
            log.warning("no memory to send a frame")
            return True
        if stuck > self.keys["MessageTimeout"] * 1000:
            log.warning("a frame could not be sent in %d s", stuck // 1000)
            return True
        return False

    async def _ping(self, socket):
        try:
            await socket.ping()
        except websocket.ConnectionClosed:
            pass
