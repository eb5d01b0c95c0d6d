"""One connection after another (OCPP-J 3.4, 5.3, 5.4, 7): the real Link, and sockets that do as they are told."""

import asyncio
import json
import sys
import time

from charging import until

from helpers import finish

from ocpp import link, log, rpc, websocket
from ocpp.link import connecting
from ocpp.errors import Offline
from ocpp.websocket.frames import NO_MEMORY, TOO_LARGE, HandshakeError
from ocpp.link import Link

SECTION = {"url": "ws://central.example:9/ocpp", "authorization_key": "k", "ca_cert": "", "backoff_s": [1, 120]}


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


class Keys(dict):
    """The keys that the link reads."""

    def __init__(self, interval):
        super().__init__()
        self["WebSocketPingInterval"] = interval
        self["MessageTimeout"] = 30

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
        take = net.sockets[0].on_message
        for identity, is_binary, loss in (("text", False, 0), ("binary", True, 0), ("head", False, TOO_LARGE),
                                          ("start", False, NO_MEMORY), ("poison", False, 0), ("more", False, 0)):
            take(bytearray(b'[2,"%s",' % identity.encode()), is_binary, loss)
        assert made.rpc.events == [
            ("refuse", "text", "FormationViolation"),
            ("refuse", "head", "OccurenceConstraintViolation"),
            ("refuse", "start", "InternalError"),
            ("refuse", "poison", "FormationViolation"),
            ("fail", b'[2,"poison",', ZeroDivisionError),
            ("refuse", "more", "FormationViolation"),
        ]
        assert made.connected

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
        await until(lambda: made.connected)
        made.drop()
        await until(lambda: len(net.sockets) == 5)

    play(story)


def test_each_failure_to_connect_is_survived():
    errors = [HandshakeError(401, "no"), OSError(111), EOFError(), asyncio.TimeoutError()]

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

    play(story, [HandshakeError(404, "Not Found")] * 8)


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


async def pass_seconds(made, seconds, late_ms=0):
    """The engine looks at the connection every second, and `late_ms` later than that."""
    for _ in range(seconds):
        link.time.ms += 1000 + late_ms
        made.watch()
        for _ in range(3):
            await asyncio.sleep_ms(0)


def test_a_ping_is_never_later_than_its_interval():
    """9.1.34: a proxy may end a connection that was idle for so long; nor is a ping much earlier."""
    for interval in (3, 10, 25, 30, 60):
        for late in (0, 17, 130, 400):

            async def story(made, net, interval=interval, late=late):
                await until(lambda: made.connected)
                await pass_seconds(made, interval * 20, late)
                times = [0] + net.sockets[0].asked
                gaps = [after - before for before, after in zip(times, times[1:])]
                assert len(gaps) >= 20 and interval * 1000 - 2000 <= min(gaps), (interval, late, gaps)
                assert max(gaps) <= interval * 1000, (interval, late, gaps)

            play(story, interval=interval)


def test_the_shortest_interval_pings_at_each_look():
    async def story(made, net):
        await until(lambda: made.connected)
        await pass_seconds(made, 10)
        assert net.sockets[0].asked == [1000 * second for second in range(1, 11)]

    play(story, interval=1)


def test_a_peer_that_does_not_answer_pings():
    """Twice WebSocketPingInterval without an answer, and the connection is given up, whatever the peer sends."""

    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        socket.answers = False
        await pass_seconds(made, 70)
        assert not socket.aborted and 22000 <= socket.asked[0] <= 25000
        for _ in range(8):
            socket.on_message(b"x", False, False)
            await pass_seconds(made, 1)
        assert socket.aborted
        await until(lambda: len(net.sockets) == 2)

    play(story, interval=25)


def test_an_answered_ping_is_not_missed():
    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        socket.answers = False
        await pass_seconds(made, 70)
        socket.pings.clear()
        await pass_seconds(made, 49)
        assert not socket.aborted

    play(story, interval=25)


def test_a_frame_that_the_peer_does_not_take():
    """After MessageTimeout the connection is given up, without pings too; a frame that takes less is no matter."""

    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        for _ in range(5):
            socket.sending = link.time.ms
            await pass_seconds(made, 30)
        assert not socket.aborted
        socket.on_message(b"x", False, False)
        await pass_seconds(made, 1)
        assert socket.aborted

    play(story, interval=0)


def test_an_answered_ping_sets_the_pause_back():
    """A proxy that ends idle connections is no reason for longer and longer waits."""

    async def story(made, net):
        await until(lambda: made.connected)
        await pass_seconds(made, 10)
        net.sockets[0].end()
        await until(lambda: len(net.sockets) == 2 and made.connected)
        assert 500 <= made.waits[3] <= 1000, made.waits

    play(story, [OSError(111)] * 3, interval=10)


def test_a_connection_that_stayed_sets_the_pause_back():
    """Without pings: 30 s are enough, less is not."""
    for seconds, longest in ((29, 8000), (30, 1000)):

        async def story(made, net, seconds=seconds, longest=longest):
            await until(lambda: made.connected)
            await pass_seconds(made, seconds)
            net.sockets[0].end()
            await until(lambda: len(net.sockets) == 2 and made.connected)
            assert longest // 2 <= made.waits[3] <= longest, made.waits

        play(story, [OSError(111)] * 3)


def test_a_ping_on_a_socket_that_breaks_is_no_error():
    async def story(made, net):
        await until(lambda: made.connected)
        net.sockets[0].error = websocket.ConnectionClosed(1006, "gone")
        await pass_seconds(made, 3)
        assert net.sockets[0].asked

    play(story, interval=3)


def test_a_changed_ping_interval_counts_at_once():
    async def story(made, net):
        await until(lambda: made.connected)
        socket = net.sockets[0]
        await pass_seconds(made, 20)
        assert socket.asked == []
        made._keys["WebSocketPingInterval"] = 5
        await pass_seconds(made, 1)
        assert len(socket.asked) == 1
        made._keys["WebSocketPingInterval"] = 0
        await pass_seconds(made, 20)
        assert len(socket.asked) == 1

    play(story, interval=86400)


def test_retry_after_is_obeyed_within_the_bounds():
    """RFC 9110 10.2.3: not earlier than the server wants, nor all points of a site at once; within backoff_s."""
    for asked, least, most in ((30, 30000, 33000), (3600, 120000, 120000), (118, 118000, 120000)):

        async def story(made, net, least=least, most=most):
            await until(lambda: made.connected)
            assert 500 <= made.waits[0] <= 1000, made.waits
            assert least <= made.waits[1] <= most, made.waits
            assert 2000 <= made.waits[2] <= 4000, made.waits  # the steps go on as if it had not been

        play(story, [OSError(111), HandshakeError(503, "busy", asked), OSError(111)])


def test_a_query_of_the_address_is_not_logged():
    """It may hold a secret of the owner."""

    async def story(made, net):
        lines = []
        log.configure("info")
        log.print = lambda *words: lines.append(" ".join([str(word) for word in words]))
        made.address = ("h", 9, "/a/x?token=secret", None, ())
        net.sockets[0].end()
        try:
            await until(lambda: len(net.sockets) == 2)
        finally:
            log.print = print
            log.configure("error")
        assert net.asked[-1][0][2] == "/a/x?token=secret"
        assert [line for line in lines if "connecting to h:9/a/x" in line], lines
        assert not [line for line in lines if "secret" in line], lines

    async def begin(made, net):
        await until(lambda: made.connected)
        await story(made, net)

    play(begin)
