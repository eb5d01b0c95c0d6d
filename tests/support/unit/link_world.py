"""The real Link on simulated sockets, in a time that passes when a test wants it to."""

import asyncio
import json
import sys
import time

from helpers import finish

from ocpp import link, log, rpc, websocket
from ocpp.link import connecting, ways
from ocpp.errors import Offline
from ocpp.link import Link

URLS = {"1": "", "2": "", "3": ""}


def section(url, key="", ca_cert="", backoff_s=(1, 120), **urls):
    """The section csms of config.json; `urls`: p1="ws://..." is csms.urls.1."""
    named = dict(URLS, **{name[1:]: one for name, one in urls.items()})
    return {"url": url, "urls": named, "authorization_key": key, "ca_cert": ca_cert, "backoff_s": backoff_s}


SECTION = section("ws://central.example:9/ocpp", "k")


class Socket:
    """An open WebSocket; `end(error)` is what its peer does. `asked`: the times of all pings, in ms; with `answers`
    each is answered at once."""

    answers = True

    def __init__(self, on_message):
        self.on_message = on_message
        self.sent, self.closing, self.aborted = [], None, False
        self.asked, self.pings, self.answered_ping, self.sending = [], [], False, None
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
        self.asked.append(link.time.ticks_ms())
        if self.error:
            raise self.error
        if self.answers:
            self.answered_ping = True
        else:
            self.pings.append(self.asked[-1])

    async def close(self, code, reason):
        self.closing = (code, reason)

    def abort(self):
        self.aborted = True
        self.end()


class Net:
    """Stands in for the module websocket: `script` tells what becomes of each connect()."""

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


class Ticks:
    """The time of the link, which passes when a story says so."""

    ms = 0

    def ticks_ms(self):
        return self.ms

    def ticks_diff(self, new, old):
        return new - old


class NoStore:
    """Nothing is on flash."""

    def load(self, name, default=None):
        return default


class Keys(dict):
    """The keys that the link reads, and what ways.py needs of keys."""

    def __init__(self, interval, store=None, **first):
        super().__init__()
        self["WebSocketPingInterval"] = interval
        self["MessageTimeout"] = 30
        self.store, self.keeper, self.values = store or NoStore(), None, {}
        self.first = {name.lower(): (name, text) for name, text in first.items()}

    def watch(self, name, call):
        self.changed = call


class Refusals:
    """CALLERRORs that are to be sent; one of them cannot be made."""

    def __init__(self, events):
        self.events = events

    def __len__(self):
        return 0

    def append(self, frame):
        _, identity, code = json.loads(frame)[:3]
        self.events.append(("refuse", identity, code))
        if identity == "poison":
            raise ZeroDivisionError


class Rpc(rpc.Rpc):
    """What becomes of messages in the RPC layer, which refuses each CALL."""

    def __init__(self):
        self.events = []
        self.refusals = Refusals(self.events)
        self.arrived = asyncio.Event()

    def fail(self, head, error):
        self.events.append(("fail", head, type(error)))

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
        ways.begin(made)
        made.rpc, made.ups, made.waits = Rpc(), [], []
        made.on_up = lambda: made.ups.append(made.connected)
        link.asyncio = connecting.asyncio = Pauses(made.waits)
        link.time = Ticks()
        task = asyncio.create_task(made.run())
        await finish(story(made, net))
        task.cancel()

    try:
        asyncio.run(main())
    finally:
        link.time = time
        for module in (link, connecting):
            module.websocket, module.asyncio = websocket, asyncio


async def offline(made):
    """Whether send() says so, at once or when awaited."""
    try:
        await made.send("x")
    except Offline:
        return True
    return False


async def pass_seconds(made, seconds, late_ms=0):
    """The engine looks at the connection every second, and `late_ms` later than that."""
    for _ in range(seconds):
        link.time.ms += 1000 + late_ms
        made.watch()
        for _ in range(3):
            await asyncio.sleep_ms(0)
