# micropython only: the streams and sockets of its asyncio

import asyncio

from charging import until
from link_world import Keys, Rpc, section
from websocket_server import ANSWER, run

from ocpp import log
from ocpp.link import Link, ways

AGREED = ANSWER.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n")


def test_real_connections_one_after_another():
    log.configure("error")

    async def test(peer):
        link = Link(section("ws://127.0.0.1:%d" % peer.port, backoff_s=[0, 0]), "x", Keys(0))
        ways.begin(link)
        link.rpc, ups = Rpc(), []
        link.on_up = lambda: ups.append(link.connected)
        task = asyncio.create_task(link.run())
        for count in range(1, 4):
            await until(lambda count=count: link.rpc.events.count(("refuse", "hi", "FormationViolation")) == count)
            await link.send("[]")
            link.drop()
            await until(lambda count=count: link.rpc.events.count("lost") == count)
        task.cancel()
        assert ups[:3] == [True] * 3
        assert link.rpc.events[:4] == [("refuse", "hi", "FormationViolation"), "lost"] * 2

    run(test, AGREED + b'\x81\x07[2,"hi"')
