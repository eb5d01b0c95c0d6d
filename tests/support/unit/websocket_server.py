"""A server on a free port of this computer, which answers the request for a WebSocket."""

import asyncio

from helpers import finish

from ocpp import websocket

ANSWER = b"HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"


class Peer:
    """A server on a free port; `answer` is what it sends, %s in it the key that is asked for."""

    def __init__(self, answer):
        self.answer = answer
        self.closed = asyncio.Event()
        self.arrived = asyncio.Event()

    async def __aenter__(self):
        for self.port in range(20000, 60000, 7):
            try:
                self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port)
                return self
            except OSError:
                pass

    async def __aexit__(self, *error):
        self.server.close()
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        from ocpp.websocket.handshake import accept_key

        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += await reader.readline()
        self.arrived.set()
        key = [line[19:] for line in request.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key: ")][0]
        if self.answer:
            writer.write(self.answer.replace(b"%s", accept_key(key)))
            await writer.drain()
        try:
            while await reader.read(100):
                pass
        except OSError:
            pass
        self.closed.set()
        writer.close()
        await writer.wait_closed()

    def connect(self, **options):
        return websocket.connect("127.0.0.1", self.port, "/", protocol=None, **options)


def run(test, answer=ANSWER):
    async def main():
        async with Peer(answer) as peer:
            await finish(test(peer))

    asyncio.run(main())
