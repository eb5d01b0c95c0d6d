"""A central system that does not wait for answers, and connections that break meanwhile (OCPP-J 4.1.1; architecture.md,
Decisions)."""

import asyncio

from charging import until
from rpc_peer import play


class Slow:
    """Handles a CALL when it is asked to."""

    def __init__(self):
        self.go = None

    def __call__(self, action, payload):
        return self.handle()

    async def handle(self):
        if self.go is None:
            self.go = asyncio.Event()
        await self.go.wait()
        return {"status": "Accepted"}


def test_calls_wait_and_too_many_are_refused():
    slow = Slow()

    async def story(peer):
        for number in range(7):
            peer.receive(2, "c%d" % number, "ClearCache", {})
        await until(lambda: slow.go)
        slow.go.set()
        frames = {frame[1]: frame[0] for frame in await peer.frames(7)}
        assert frames == {"c0": 3, "c1": 3, "c2": 3, "c3": 3, "c4": 4, "c5": 4, "c6": 4}
        assert len(peer.served) == 4

    play(story, slow)


def test_a_call_that_comes_twice_is_handled_once():
    slow = Slow()

    async def story(peer):
        peer.receive(2, "same", "ClearCache", {})
        peer.receive(2, "same", "ClearCache", {})
        await until(lambda: slow.go)
        slow.go.set()
        assert sorted([frame[0] for frame in await peer.frames(2)]) == [3, 4] and len(peer.served) == 1

    play(story, slow)


def test_refusals_are_bounded():
    async def story(peer):
        for _ in range(100):
            peer.receive(2, "a")
        await peer.frames(4)
        await asyncio.sleep_ms(5)
        assert len(peer.sent) == 4

    play(story)


def test_no_answer_on_another_connection():
    slow = Slow()

    async def story(peer):
        peer.receive(2, "old", "ClearCache", {})
        peer.receive(2, "old too", "ClearCache", {})
        await until(lambda: slow.go)
        peer.rpc.connection_lost()
        slow.go.set()
        peer.receive(2, "new", "ClearCache", {})
        await peer.frames(1)
        await asyncio.sleep_ms(5)
        assert [frame[:2] for frame in peer.sent] == [[3, "new"]]

    play(story, slow)


def test_a_link_that_is_down_while_answering():
    async def story(peer):
        peer.down = True
        peer.receive(2, "a", "ClearCache", {})
        peer.receive(2, "b")
        await until(lambda: peer.served)
        await asyncio.sleep_ms(5)
        peer.rpc.connection_lost()
        peer.down = False
        peer.receive(2, "c", "ClearCache", {})
        assert (await peer.frames(1))[0][:2] == [3, "c"]

    play(story, lambda action, payload: {"status": "Accepted"})


def test_an_answer_is_taken_while_a_call_is_handled():
    """Both directions are open at once: a handler may itself ask the central system."""
    box = []

    async def handle():
        box.append(await box[0].rpc.call("Heartbeat", {}))
        return {"status": "Accepted"}

    async def story(peer):
        box.append(peer)
        peer.receive(2, "a", "ClearCache", {})
        frame = (await peer.frames(1))[0]
        assert frame[2] == "Heartbeat"
        peer.receive(3, frame[1], {"currentTime": "2026-01-01T00:00:00Z"})
        assert (await peer.frames(2))[1] == [3, "a", {"status": "Accepted"}]

    play(story, lambda action, payload: handle())
