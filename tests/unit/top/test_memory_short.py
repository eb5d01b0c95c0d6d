# micropython only: it runs out of memory
"""Short of memory: what a message is refused for is what is wrong, and no CALL is left without an answer."""

import asyncio
import gc
import json

from charging import until
from helpers import finish

from ocpp import log
from ocpp.errors import Offline
from ocpp.websocket.frames import NO_MEMORY, TOO_LARGE
from ocpp.websocket.reading import Message
from ocpp.rpc import Rpc
from ocpp.schema import Schema

HEARTBEAT = ("GetConfiguration", {"key": ["HeartbeatInterval"]})
SHOWN = {"configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]}


class FragmentedMemory:
    """Memory without a piece of `size` bytes, use with `with`."""

    def __init__(self, size):
        self._size = size
        self._held = None

    def __enter__(self):
        gc.collect()
        size = 1 << 18
        while size >= self._size:
            try:
                while True:
                    self._held = (self._held, bytearray(size))
            except MemoryError:
                size //= 2

    def __exit__(self, *exception):
        self._held = None
        gc.collect()


class Peer:
    """A link and a charge point; the first of `fails` says where memory is short: in "serve" or "send"."""

    def __init__(self, *fails):
        self.fails = list(fails)
        self.sent = []
        self.rpc = Rpc(self.send, self.serve, Schema("schemas/ocpp16.tbl"), lambda: 10)

    def _fail(self, place):
        if self.fails and self.fails[0] == place:
            self.fails.pop(0)
            raise MemoryError

    async def send(self, frame):
        self._fail("send")
        self.sent.append(frame if isinstance(frame, (str, bytes)) else b"".join(frame))

    def serve(self, action, payload):
        self._fail("serve")
        return self._handle()

    async def _handle(self):
        self._fail("handle")
        return SHOWN

    def ask(self, identity="a"):
        action, payload = HEARTBEAT
        self.rpc.receive(bytearray(json.dumps([2, identity, action, payload]).encode()))

    def answers(self):
        return [json.loads(frame) for frame in self.sent]


def play(story, *fails):
    asyncio.new_event_loop()
    log.configure("error")

    async def main():
        peer = Peer(*fails)
        task = asyncio.create_task(peer.rpc.run())
        await finish(story(peer))
        task.cancel()

    asyncio.run(main())


def test_a_message_without_memory_is_not_called_too_large():
    message = Message(500000)
    with FragmentedMemory(100000):
        view, skipped = message.make_room(400000)
        found = len(view), skipped, message.loss
    assert found == (128, 400000 - 128, NO_MEMORY)
    message.begin()
    assert message.loss == 0


def test_fragments_without_memory():
    message = Message(500000)
    message.make_room(1000)
    with FragmentedMemory(100000):
        view, skipped = message.make_room(300000)
        found = len(message.buffer), message.loss
        message.make_room(100)
        later = message.loss
        message.make_room(200000)
    assert found == (128, NO_MEMORY) and later == NO_MEMORY
    assert message.loss == TOO_LARGE, "what is over the limit in the end is too large, memory or not"


def test_memory_is_short_anywhere_on_the_way_of_a_call():
    async def story(peer):
        for identity in "abc":
            peer.ask(identity)
            await until(lambda: not peer.rpc.waiting and not peer.rpc.refusals)
        assert not peer.fails
        assert [frame[1] for frame in peer.answers()] == ["a", "b", "c"]
        kinds.append([frame[0] for frame in peer.answers()])
        assert kinds[-1][0] == 3 or peer.answers()[0][2] == "InternalError"

    kinds = []

    for expected, fails in (
        (3, ["serve"]),  # what only reads is done again
        (3, ["handle"]),
        (4, ["serve", "serve"]),
        (3, ["handle", "handle", "send"]),
        (3, ["send"]),
        (4, ["send", "send", "send"]),
    ):
        play(story, *fails)
        assert kinds[-1] == [expected, 3, 3], fails


def test_a_refusal_waits_for_memory():
    async def story(peer):
        peer.rpc.receive(bytearray(b'[2,"a","GetConfiguration",{"key":'))
        await until(lambda: peer.sent)
        assert not peer.fails and peer.answers()[0][1:3] == ["a", "FormationViolation"]

    play(story, "send", "send")


def test_a_message_that_could_not_be_taken_is_refused():
    async def story(peer):
        for identity, error in (("a", MemoryError()), ("b", ZeroDivisionError())):
            peer.rpc.fail(bytearray(b'[2,"%s","GetConfiguration",{' % identity.encode()), error)
        for head in (b'[3,"c",{}', b"nonsense"):
            peer.rpc.fail(bytearray(head), MemoryError())
        await until(lambda: len(peer.sent) == 2 and not peer.rpc.refusals)
        assert [frame[:3] for frame in peer.answers()] == [[4, "a", "InternalError"], [4, "b", "InternalError"]]

    play(story)


def test_a_full_heap_answers():
    """Neither the code of an answer nor the answer have room; there is the reserve."""

    async def story(peer):
        for size in (16384, 4096, 1024, 512):
            del peer.sent[:]
            frame = bytearray(json.dumps((2, "a") + HEARTBEAT).encode())
            with FragmentedMemory(size):
                try:
                    peer.rpc.receive(frame)
                except MemoryError as error:
                    peer.rpc.fail(frame, error)  # as the link does
                await until(lambda: peer.sent)
            assert peer.answers()[0][1] == "a", size

    play(story)


def test_a_link_that_goes_down_while_memory_is_short():
    """Neither the CALL nor its refusal stays, to be tried for ever."""

    async def story(peer):
        async def down(frame):
            tried.append(frame)
            raise Offline

        tried = []

        peer.rpc.send = down
        peer.ask()
        peer.rpc.receive(bytearray(b'[2,"b","GetConfiguration",{"key":'))
        await until(lambda: not peer.rpc.waiting and not peer.rpc.refusals)
        assert len(tried) == 2 and not peer.fails, "each was tried once"
        peer.rpc.send = peer.send
        peer.ask("c")
        await until(lambda: peer.sent)
        assert [frame[:2] for frame in peer.answers()] == [[3, "c"]]

    play(story, "serve", "serve")
