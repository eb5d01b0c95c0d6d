"""One connection after another (OCPP-J 3.4, 5.3, 5.4, 7): the real Link, and sockets that do as they are told."""

import asyncio
import sys
import time

from charging import until

from helpers import finish

from ocpp import connecting, link, log, websocket
from ocpp.errors import Offline
from ocpp.link import Link

SECTION = {"url": "ws://central.example:9/ocpp", "authorization_key": "k", "ca_cert": "", "backoff_s": [1, 120]}


class Socket:
    """An open WebSocket; `end(error)` is what its peer does. It is heard until `last_heard` is set."""

    def __init__(self, on_message):
        self.on_message = on_message
        self.last_heard = time.ticks_add(time.ticks_ms(), 60000)
        self.sent, self.pings, self.closing, self.aborted = [], 0, None, False
        self.error = None
        self.ended = asyncio.Event()

    def end(self, error=None):
        self.error = error or websocket.ConnectionClosed(1006, "gone")
        self.ended.set()

    async def receive(self):
        await self.ended.wait()
        raise self.error

    async def send(self, text):
        if self.error:
            raise self.error
        self.sent.append(text)

    async def ping(self):
        self.pings += 1
        if self.error:
            raise self.error

    async def close(self, code, reason):
        self.closing = (code, reason)

    def abort(self):
        self.aborted = True
        self.end()


class Net:
    """Stands in for the module websocket: `script` tells what becomes of each connect()."""

    HandshakeError = websocket.HandshakeError
    ConnectionClosed = websocket.ConnectionClosed

    def __init__(self, script):
        self.script = script
        self.asked, self.sockets = [], []

    async def connect(self, *address, **options):
        self.asked.append((address, options))
        outcome = self.script.pop(0) if self.script else None
        if outcome:
            raise outcome
        self.sockets.append(Socket(options["on_message"]))
        return self.sockets[-1]


class Keys(dict):
    """The keys that the link reads."""

    def __init__(self, interval):
        super().__init__()
        self["WebSocketPingInterval"] = interval

    def watch(self, name, call):
        self.changed = call


class Rpc:
    """What the link tells the RPC layer."""

    def __init__(self):
        self.events = []

    def receive(self, message):
        self.events.append(("receive", bytes(message)))
        if message == b"poison":
            raise ZeroDivisionError

    def refuse(self, head, error):
        self.events.append(("refuse", head, error.code))

    def connection_lost(self):
        self.events.append("lost")


class Pauses:
    """asyncio, with sleep_ms() a thousand times as fast; `waits` lists what it was asked for."""

    TimeoutError = asyncio.TimeoutError
    Event = asyncio.Event
    create_task = staticmethod(asyncio.create_task)
    sleep = staticmethod(asyncio.sleep)
    wait_for = staticmethod(asyncio.wait_for)

    def __init__(self, waits):
        self.waits = waits

    def sleep_ms(self, milliseconds):
        self.waits.append(milliseconds)
        return asyncio.sleep_ms(milliseconds // 1000)


def play(story, script=(), interval=0):
    """Run `story(link, net)` with a Link that runs; `link.waits` lists its pauses, `link.ups` its connections."""
    if sys.implementation.name == "micropython":
        asyncio.new_event_loop()
    log.configure("error")

    async def main():
        net = link.websocket = connecting.websocket = Net(list(script))
        made = Link(SECTION, "RDAM|1", Keys(interval))
        made.rpc, made.ups, made.waits = Rpc(), [], []
        made.on_up = lambda: made.ups.append(made.connected)
        link.asyncio = connecting.asyncio = Pauses(made.waits)
        task = asyncio.create_task(made.run())
        await finish(story(made, net))
        task.cancel()

    try:
        asyncio.run(main())
    finally:
        for module in (link, connecting):
            module.websocket, module.asyncio = websocket, asyncio


async def offline(made):
    """Whether send() says so, at once or when awaited."""
    try:
        await made.send("x")
    except Offline:
        return True
    return False


def test_a_connection_with_all_it_needs():
    async def story(made, net):
        assert not made.connected and await offline(made)
        await until(lambda: made.connected)
        address, options = net.asked[0]
        assert address == ("central.example", 9, "/ocpp/RDAM%7C1")
        assert options["tls"] is None and options["headers"][0].startswith(b"Authorization: Basic ")
        assert made.ups == [True]
        await made.send("x")
        assert net.sockets[0].sent == ["x"]
        await made.close()
        assert net.sockets[0].closing == (1001, "reboot")

    play(story)


def test_messages_reach_the_rpc_layer():
    async def story(made, net):
        await until(lambda: made.connected)
        errors = []
        real, log.exception = log.exception, lambda text, error: errors.append(error)
        take = net.sockets[0].on_message
        take(b"text", False, False)
        take(b"binary", True, False)
        take(b"head", False, True)
        take(b"poison", False, False)
        take(b"more", False, False)
        log.exception = real
        assert made.rpc.events == [
            ("receive", b"text"),
            ("refuse", b"head", "OccurenceConstraintViolation"),
            ("receive", b"poison"),
            ("receive", b"more"),
        ]
        assert made.connected and isinstance(errors[0], ZeroDivisionError)

    play(story)


def test_what_breaks_is_opened_again():
    async def story(made, net):
        for number in range(1, 4):
            await until(lambda number=number: len(net.sockets) == number and made.connected)
            socket = net.sockets[-1]
            socket.end()
            assert await offline(made)
            await until(lambda number=number: len(net.sockets) == number + 1)
            assert socket.aborted and made.rpc.events == ["lost"] * number
        made.drop()
        await until(lambda: len(net.sockets) == 5)

    play(story)


def test_each_failure_to_connect_is_survived():
    errors = [websocket.HandshakeError(401, "no"), OSError(111), EOFError(), asyncio.TimeoutError()]

    async def story(made, net):
        await until(lambda: made.connected)
        assert len(net.asked) == len(errors) + 1 and made.ups == [True]

    play(story, errors)


def test_the_pause_doubles_up_to_the_longest_less_a_random_part():
    async def story(made, net):
        await until(lambda: made.connected)
        longest = [1000, 2000, 4000, 8000, 16000, 32000, 64000, 120000, 120000, 120000]
        assert len(made.waits) == len(longest)
        for wait, step in zip(made.waits, longest):
            assert step // 2 <= wait <= step, made.waits
        assert len(set([wait * 1000 // step for wait, step in zip(made.waits, longest)])) > 3

    play(story, [OSError(111)] * 10)


def test_J_3_4_http_404_is_tried_again_with_back_off():
    async def story(made, net):
        await until(lambda: made.connected)
        assert len(net.asked) == 9 and len(made.waits) == 8
        for wait, step in zip(made.waits, (1000, 2000, 4000, 8000, 16000, 32000, 64000, 120000)):
            assert step // 2 <= wait <= step, made.waits

    play(story, [websocket.HandshakeError(404, "Not Found")] * 8)


def test_a_message_sets_the_pause_back_and_a_mere_connection_does_not():
    """A central system that accepts and closes at once is not stormed."""

    async def story(made, net):
        await until(lambda: made.connected)
        net.sockets[0].end()
        await until(lambda: len(net.sockets) == 2 and made.connected)
        assert 4000 <= made.waits[3] <= 8000
        net.sockets[1].on_message(b"x", False, False)
        net.sockets[1].end()
        await until(lambda: len(net.sockets) == 3)
        assert 500 <= made.waits[4] <= 1000

    play(story, [OSError(111)] * 3)


async def watched(made, condition):
    """Until `condition()`, with a look at the connection every ms, as the engine has one every second."""
    while not condition():
        made.watch()
        await asyncio.sleep_ms(1)


def test_pings_and_a_peer_that_is_not_heard():
    """Twice WebSocketPingInterval without a sign of the peer, and the connection is given up."""

    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        await watched(made, lambda: socket.pings > 2)
        socket.last_heard = time.ticks_add(time.ticks_ms(), -1000)
        await watched(made, lambda: socket.aborted)
        await until(lambda: len(net.sockets) == 2)

    play(story, interval=0.01)


def test_a_ping_on_a_socket_that_breaks_is_no_error():
    async def story(made, net):
        await until(lambda: made.connected)
        net.sockets[0].error = websocket.ConnectionClosed(1006, "gone")
        await watched(made, lambda: net.sockets[0].pings)

    play(story, interval=0.01)


def test_a_changed_ping_interval_counts_at_once():
    async def story(made, net):
        await until(lambda: made.connected)
        made.watch()
        assert net.sockets[0].pings == 0
        made._keys["WebSocketPingInterval"] = 0.01
        await watched(made, lambda: net.sockets[0].pings)
        made._keys["WebSocketPingInterval"] = 0
        await asyncio.sleep_ms(20)
        count = net.sockets[0].pings
        made.watch()
        await asyncio.sleep_ms(5)
        assert net.sockets[0].pings == count

    play(story, interval=86400)
