"""The web server of the charge point (owner.md). The code for a request is loaded when one arrives, and unloaded when
memory is short."""

import asyncio
import sys

from micropython import const

from ocpp import log
import heap
import memory

_MAX_CONNECTIONS = const(4)  # connections; a further one ends the oldest
_MAX_TRIES = const(20)  # to find room for a request, one in 100 ms
_TIMEOUT_S = const(10)  # for a request to arrive, and for its answer to leave
_WORD = 2 if sys.maxsize > 0x7FFFFFFF else 1
_REQUEST_BYTES = _WORD * 8000  # bytes of heap for a request
_REQUEST_BYTES_ON_BOARD = 16000  # for what the central system asks meanwhile, too: there the heap must not grow
_AMPLE_BYTES = const(24000)  # with less a request waits until nothing else has happened for a while
_CALM = const(5)  # looks, one in 100 ms
_MAX_HEAD = const(2048)  # bytes
_PIECE = const(64)
_CLOSE_S = const(1)  # for the client to close
# As web/connection.py would answer, without that.
_REFUSAL = b"""HTTP/1.0 503 N/A\r
Content-Type: application/json\r
Content-Length: 36\r
Cache-Control: no-store\r
X-Content-Type-Options: nosniff\r
\r
{"error": "no memory at the moment"}"""


def _end():
    """A power cut, on a PC."""
    sys.exit(1)


def _connection(reader):
    from web.connection import Connection

    return Connection(reader)


def _log():
    from ocpp.log import read

    return read.newest(log.kept)


async def _turn_away(stream):
    """Answer 503 to a request, which takes next to no memory."""
    end, read = b"", 0
    while b"\n\r\n" not in end and read < _MAX_HEAD:
        piece = await stream.read(_PIECE)
        if not piece:
            return
        end, read = end[-3:] + piece, read + len(piece)
    await stream.awrite(bytearray(_REFUSAL))  # a copy, see in_place.py


async def _let_close(stream):
    """On a board, wait until the client has closed the connection. Who closes first has to remember it for two minutes:
    with a page that is polled that was 4 kB of ESP-IDF's memory, without which no handshake of TLS succeeded."""
    if heap.esp32 is None:
        return
    try:
        await asyncio.wait_for(stream.read(_PIECE), _CLOSE_S)
    except (OSError, asyncio.TimeoutError):
        pass


class WebServer:
    """Serves the status of `point`, a ChargePoint, and the levers of its simulated board."""

    def __init__(self, point):
        self._point = point
        self._open = []  # tasks
        self._seen = {}  # of web/passwords.py

    async def serve(self):
        """Listen; each connection is a task of its own."""
        host, port = self._point.web["host"], self._point.web["port"]
        try:
            await asyncio.start_server(self._connected, host, port)
        except OSError as error:
            log.error("web.port %d cannot be opened (%s); going on without", port, error)
        else:
            log.info("http://%s:%d/api/status", host, port)

    async def _connected(self, reader, writer):
        task = asyncio.current_task()
        connection = None
        try:
            self._open.append(task)
            if len(self._open) > _MAX_CONNECTIONS:
                self._open.pop(0).cancel()
            await self._room()
            memory.hold("web.connection", 1)
            try:
                connection = _connection(reader)
                await self._respond(connection, reader)
            finally:
                memory.hold("web.connection", -1)
        except MemoryError:
            await self._no_memory(reader, connection)
        except (OSError, EOFError, asyncio.TimeoutError) as error:
            log.debug("HTTP: %r", error)
        finally:
            if task in self._open:
                self._open.remove(task)
            await writer.aclose()

    async def _room(self):
        """Wait until there is room for a request; MemoryError if there is none for long."""
        if not heap.esp32:
            return memory.make_room(_REQUEST_BYTES)
        calm = 0  # looks in a row at which there was nothing else to do
        for _ in range(_MAX_TRIES):
            if memory.managed() and self._point.engine.link.opening:
                raise MemoryError  # at once, for the socket takes memory, too
            calm = 0 if self._busy() else calm + 1
            if calm:  # or the code that answers the CALL would be unloaded
                memory.make_room(_REQUEST_BYTES)
                left = memory.free()
                if left >= (_AMPLE_BYTES if calm < _CALM else _REQUEST_BYTES_ON_BOARD) and not memory.grown():
                    return
                memory.look()
            await asyncio.sleep_ms(100)
        raise MemoryError

    def _busy(self):
        """Whether there is something to do with the central system, on a board that has no memory to spare for the page
        meanwhile: a CALL of either, or a message that bills, or the connection is being opened."""
        if not heap.esp32 or not memory.managed():
            return False
        link, rpc = self._point.engine.link, self._point.engine.rpc
        queued = link.connected and self._point.engine.outbox.queued
        return bool(link.opening or rpc.waiting or rpc.open_id or queued)

    async def _respond(self, connection, reader):
        if await asyncio.wait_for(connection.request(), _TIMEOUT_S):
            for _ in range(_MAX_TRIES):
                if not self._busy() and await self._handled(connection):
                    break
                await asyncio.sleep_ms(100)
            else:
                connection.no_memory()
            await asyncio.wait_for(connection.answer(), _TIMEOUT_S)
            await _let_close(reader)

    async def _no_memory(self, reader, connection):
        """There was no room to read the request of `connection`, None if it has not been read at all, or to send its
        answer."""
        try:
            if connection:
                memory.unload()
            await asyncio.wait_for(connection.give_up() if connection else _turn_away(reader), _TIMEOUT_S)
            await _let_close(reader)
        except (OSError, MemoryError, asyncio.TimeoutError) as error:
            log.debug("HTTP: %r", error)

    async def _handled(self, connection):
        """Answer a request; False if memory was short. Nothing in it waits, so no other task runs meanwhile."""
        memory.make_room(_REQUEST_BYTES)
        section = self._point.web
        try:
            from web import api

            lever = self._pull if self._point.board else None
            kept = _log if section["password"] else None
            clock = self._point.engine.clock
            api.respond(connection, self._status, lever, kept, log, section, self._seen, clock)
            return True
        except MemoryError:
            memory.unload()
            connection.rewind()
            return False

    def _status(self):
        from app import snapshot

        return snapshot.snapshot(self._point, self._point.web["password"])

    def _pull(self, path, body):
        from web import simulation

        return simulation.pull(self._point.board, path, body, self._point.reset or _end)
