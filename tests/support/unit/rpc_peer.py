"""The RPC layer and the peer of its link: a test reads what was sent, and writes what the peer sends."""

import asyncio
import json
import sys

from charging import until
from helpers import finish

from ocpp import log
from ocpp.errors import CallError, OcppError, Offline
from ocpp.rpc import Rpc
from ocpp.schema import Schema

NOW = "2026-01-01T00:00:00Z"


class Peer:
    """A link that never fails, unless it is `down`, and a charge point that answers as `serve` does."""

    def __init__(self, serve=None, timeout=10):
        self.sent = []
        self.down = False
        self.served = []
        self.serve = serve
        self.rpc = Rpc(self.send, self._serve, Schema("schemas/ocpp16.tbl"), lambda: timeout)

    async def send(self, frame):
        if self.down:
            raise Offline
        await asyncio.sleep_ms(0)
        self.sent.append(json.loads(b"".join(frame) if isinstance(frame, list) else frame))

    def _serve(self, action, payload):
        self.served.append((action, payload))
        answer = self.serve(action, payload)
        return None if answer is None else self._handle(answer)

    async def _handle(self, answer):
        return await answer if hasattr(answer, "send") else answer

    def receive(self, *message):
        self.rpc.receive(bytearray(json.dumps(message).encode()))

    async def frames(self, count):
        await until(lambda: len(self.sent) >= count)
        return self.sent[:count]


def play(story, *args, **options):
    """Run `story(peer)` with a Peer(*args, **options) that answers CALLs."""
    if sys.implementation.name == "micropython":
        asyncio.new_event_loop()
    log.configure("error")

    async def main():
        peer = Peer(*args, **options)
        task = asyncio.create_task(peer.rpc.run())
        await finish(story(peer))
        task.cancel()

    asyncio.run(main())


async def outcome(call):
    try:
        return await call
    except (CallError, Offline, OcppError) as error:
        return error


async def answered(peer, make):
    """What becomes of a Heartbeat that is answered with `make(messageId)`."""
    call = asyncio.create_task(outcome(peer.rpc.call("Heartbeat", {})))
    count = len(peer.sent)
    frame = (await peer.frames(count + 1))[-1]
    assert frame[:1] + frame[2:] == [2, "Heartbeat", {}] and len(frame[1]) <= 36
    peer.receive(*make(frame[1]))
    return await call
