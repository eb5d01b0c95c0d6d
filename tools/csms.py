"""A small central system (CSMS) for development: OCPP-J 1.6, commands on standard input; `help` lists them.

python tools/csms.py [--host 127.0.0.1] [--port 9000] [--json] ...
"""

import argparse
import asyncio
import http
import logging
import os
import signal
import sys
import threading
from urllib.parse import unquote

import csms_commands as commands
from csms_book import Book
from csms_report import Report
from csms_station import Station
from websockets.asyncio.server import basic_auth, serve
from websockets.exceptions import ConnectionClosed

_SUBPROTOCOL = "ocpp1.6"


class CentralSystem:
    """Takes connections of charge points and commands of the user."""

    def __init__(self, options, report):
        self.options = options
        self.report = report
        self.book = Book()
        self.stations = {}
        self.statuses = {}
        self.stop = asyncio.Event()
        self._authenticate = None
        if options.password is not None:
            self._authenticate = basic_auth(realm="upoint", credentials=(options.user, options.password))

    async def serve(self):
        """Serve until self.stop is set; raises OSError when the port cannot be had."""
        async with serve(self._connected, self.options.host, self.options.port, subprotocols=[_SUBPROTOCOL],
                         select_subprotocol=_select, process_request=self._admit, close_timeout=1) as server:
            port = server.sockets[0].getsockname()[1]
            url = "ws://%s:%d" % (self.options.host, port)
            hint = "; help lists the commands" if os.isatty(0) else ""
            self.report.event("listening", None, "central system at %s%s" % (url, hint), port=port)
            loop = asyncio.get_running_loop()
            threading.Thread(target=self._read_commands, args=(loop,), daemon=True).start()
            await self.stop.wait()
        self.report.event("note", None, "stopped")

    async def _admit(self, connection, request):
        """Refuse a path without an id, or the wrong password (OCPP-J 3.2, 6.2.2), before the handshake."""
        if not _identity(request.path):
            self.report.event("refused", None, "refused: the URL ends without the id of a charge point")
            return connection.respond(http.HTTPStatus.NOT_FOUND, "The URL must end with an id.\n")
        response = self._authenticate and await self._authenticate(connection, request)
        if response:
            self.report.event("refused", _identity(request.path), "refused: wrong user or password")
        return response

    async def _connected(self, connection):
        identity = _identity(connection.request.path)
        if connection.subprotocol is None:
            offered = " ".join(connection.request.headers.get_all("Sec-WebSocket-Protocol")) or "none"
            text = "refused: subprotocol %s, not %s" % (offered, _SUBPROTOCOL)
            self.report.event("refused", identity, text)
            await connection.close(1002, "this central system speaks %s" % _SUBPROTOCOL)
            return
        statuses = self.statuses.setdefault(identity, {})
        station = Station(identity, connection, self.book, self.report, self.options, statuses)
        older, self.stations[identity] = self.stations.get(identity), station
        station.tell("connected", "connected from %s" % connection.remote_address[0])
        if older:
            older.replaced()
        await self._run(station)

    async def _run(self, station):
        try:
            await station.start()
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else "without a close frame"
            station.tell("disconnected", "disconnected (%s)" % code)
        finally:
            if self.stations.get(station.id) is station:
                del self.stations[station.id]
            await station.disconnected()

    def _read_commands(self, loop):
        """Thread: lines of standard input; os.read holds no lock that would block the end of the program."""
        text = b""
        try:
            while chunk := os.read(0, 4096):
                *lines, text = (text + chunk).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(self._do, line.decode("utf-8", "replace").strip())
            if os.isatty(0):
                loop.call_soon_threadsafe(self.report.event, "note", None, "end of input; Ctrl-C stops")
        except (OSError, RuntimeError):
            pass  # no standard input at all, or the loop has ended

    def _do(self, line):
        """Carry out one command line."""
        name = line.split(None, 1)[0] if line else ""
        if name == "quit":
            self.stop.set()
        elif name == "help":
            self.report.event("note", None, commands.help_text())
        elif name == "list":
            self.report.event("note", None, "\n".join(self._list()))
        elif name:
            try:
                identity, action, payload = commands.parse(line, self.stations, self.book)
            except commands.CommandError as error:
                self.report.event("problem", None, error.args[0])
            else:
                self.stations[identity].command(action, payload)

    def _list(self):
        yield "%d connected" % len(self.stations)
        for identity, station in sorted(self.stations.items()):
            yield "%s  %s" % (identity, station.model)
            for connector, status in sorted(station.statuses.items()):
                yield "  connector %d: %s" % (connector, status)
            for t in self.book.running(identity):
                details = (t.id, t.connector, t.id_tag, t.energy)
                yield "  transaction %d: connector %d, %s, %d Wh so far" % details


def _identity(path):
    """The last segment of the URL's path, without percent-encoding (OCPP-J 3.1.1)."""
    return unquote(path.split("?")[0].rsplit("/", 1)[-1])


def _select(connection, offered):
    """ocpp1.6 or nothing; without it the handshake is completed and the connection closed (OCPP-J 3.2)."""
    return _SUBPROTOCOL if _SUBPROTOCOL in offered else None


def _options():
    parser = argparse.ArgumentParser(description="A small OCPP 1.6 central system for development.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=9000, help="0 takes a free one (default %(default)s)")
    parser.add_argument("--user", help="basic authentication: the charge point's id")
    parser.add_argument("--password", help="basic authentication: its AuthorizationKey")
    parser.add_argument("--heartbeat", type=int, default=60, metavar="S",
                        help="interval in s (default %(default)s)")
    parser.add_argument("--reject", action="append", default=[], metavar="TAG", help="a tag that is Invalid")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    if (options.user is None) != (options.password is None):
        parser.error("--user and --password go together")
    options.rejected = {tag.lower() for tag in options.reject}
    return options


async def _main(options, report):
    system = CentralSystem(options, report)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, system.stop.set)
    try:
        await system.serve()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        sys.exit("csms: cannot listen on %s port %d: %s" % (options.host, options.port, reason))


if __name__ == "__main__":
    logging.getLogger("websockets.server").addFilter(lambda record: "handshake" not in record.getMessage())
    chosen = _options()
    asyncio.run(_main(chosen, Report(chosen.json)))
