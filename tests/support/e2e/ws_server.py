"""A WebSocket server in a thread of its own that can be asked to misbehave; what it carries is its owner's
affair."""

import asyncio
import contextlib
import http
import logging
import socket
import threading

from limits import patient
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import Opcode

logging.getLogger("websockets").setLevel(logging.CRITICAL)
_PROTOCOL_ERRORS = (1002, 1007, 1009, 1010)


class _Connection(ServerConnection):
    """Tells of pings, which `websockets` answers by itself."""

    def __init__(self, on_ping, *args, **named):
        super().__init__(*args, **named)
        self._on_ping = on_ping

    def process_event(self, event):
        if getattr(event, "opcode", None) == Opcode.PING:
            self._on_ping()
        super().process_event(event)


class WsServer:
    """`handshake` says how a connection is met: "accept", an HTTP status, "hang", "abort", "wrong accept",
    "no subprotocol", "wrong subprotocol".

    The owner's methods are called in the server's thread: `on_request(request)` returns what is wrong with
    the request or None, `on_open()` an object for the connection, `await on_message(that, data)`,
    `on_ping()`, `on_close(that)`, `on_violation(text)` when the other side breaks RFC 6455."""

    def __init__(self, owner, tls=None):
        """`tls`: an ssl context, for wss."""
        self._tls = tls
        self.scheme, self.host = ("wss", "localhost") if tls else ("ws", "127.0.0.1")
        self.handshake = "accept"
        self.socket = None
        self.frozen = False
        self._hanging = set()
        self._owner = owner
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="csms", daemon=True)
        self._thread.start()
        # Bound but not listening: the port stays ours while the server is down.
        self._reserved = socket.socket()
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.bind(("127.0.0.1", 0))
        self.port = self._reserved.getsockname()[1]
        self._server = None
        self.listen()

    # Called by tests

    def run(self, coroutine):
        """The result of `coroutine`, run in the server's thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(patient(2))

    def listen(self):
        """Accept connections (again), on the same port."""

        async def listen():
            self._server = await serve(
                self._handle, "127.0.0.1", self.port, subprotocols=["ocpp1.6"], process_request=self._request,
                process_response=self._response, open_timeout=None, ping_interval=None, close_timeout=1,
                compression=None, max_size=None, ssl=self._tls,
                create_connection=lambda *args, **named: _Connection(self._owner.on_ping, *args, **named),
            )  # fmt: skip

        self.run(listen())

    def stop_listening(self):
        """Refuse new connections; an open one stays."""

        async def stop():
            self._server.close(close_connections=False)

        self.run(stop())

    def drop(self):
        """Cut the connection as if the central system had died, and those that hang in their handshake."""

        async def drop():
            for connection in {self.socket, *self._hanging} - {None}:
                connection.transport.abort()

        self.run(drop())

    def freeze(self):
        """Keep the connection, if there is one, open, but read nothing any more: a dead peer behind a living
        TCP."""

        async def freeze():
            if self.socket is not None:
                self.socket.transport.pause_reading()
                self.frozen = True

        self.run(freeze())

    def ping(self, timeout=1):
        """Ping, and wait for the pong. `timeout`: seconds that a quiet machine needs at most, see limits.py."""

        async def ping():
            await asyncio.wait_for(await self.socket.ping(), patient(timeout))

        self.run(ping())

    def close(self):
        """Cut everything and end the thread."""

        async def close():
            self._server.close(close_connections=False)
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.drop()
        self.run(close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._reserved.close()

    # In the server's thread

    async def send(self, data):
        """Send to the connected client; no error is raised if that fails."""
        with contextlib.suppress(ConnectionClosed, AttributeError):
            await self.socket.send(data)

    async def _request(self, connection, request):
        problem = self._owner.on_request(request)
        if problem:
            self._owner.on_violation(problem)
            return connection.respond(http.HTTPStatus.NOT_FOUND, problem)
        if isinstance(self.handshake, int):
            return connection.respond(http.HTTPStatus(self.handshake), "not now\n")
        if self.handshake == "abort":
            connection.transport.abort()
        if self.handshake == "hang":
            self._hanging.add(connection)
            await asyncio.wait([connection.connection_lost_waiter])
            self._hanging.discard(connection)

    def _response(self, connection, request, response):
        wrong = {
            "wrong accept": ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            "wrong subprotocol": ("Sec-WebSocket-Protocol", "ocpp2.0.1"),
            "no subprotocol": ("Sec-WebSocket-Protocol", None),
            "unnamed subprotocol": ("Sec-WebSocket-Protocol", None),
        }
        if self.handshake in wrong:
            name, value = wrong[self.handshake]
            del response.headers[name]
            if value:
                response.headers[name] = value
        return response

    async def _handle(self, connection):
        if self.handshake == "no subprotocol":
            await connection.close()  # as OCPP-J 3.2 tells the server that does not agree
        elif self.handshake in ("accept", "unnamed subprotocol"):
            await self._serve(connection)
        else:
            with contextlib.suppress(ConnectionClosed):
                data = await connection.recv()
                self._owner.on_violation(f"speaks after a {self.handshake} (RFC 6455 4.1): {data!r}")

    async def _serve(self, connection):
        if self.socket is not None:
            self.socket.transport.abort()
        self.socket = connection
        opened = self._owner.on_open()
        try:
            async for data in connection:
                await self._owner.on_message(opened, data)
        except ConnectionClosed as closed:
            if closed.sent and closed.sent.code in _PROTOCOL_ERRORS and not closed.rcvd_then_sent:
                self._owner.on_violation(f"not WebSocket as RFC 6455 has it: {closed.sent}")
        finally:
            if self.socket is connection:
                self.socket = None
            self._owner.on_close(opened)
