"""A UDP server on a free port of this machine, in the event loop of a test."""

import asyncio
import socket


class Udp:
    """`answer(request)` gives the datagrams to send back; `got` has the requests."""

    def __init__(self, answer):
        self.answer = answer
        self.got = []

    def __enter__(self):
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.setblocking(False)
        for self.port in range(20011, 60000, 13):
            try:
                self._line.bind(where(self.port))
                break
            except OSError:
                pass
        self._task = asyncio.create_task(self._serve())
        return self

    def __exit__(self, *error):
        self._task.cancel()
        self._line.close()

    async def _serve(self):
        while True:
            try:
                request, sender = self._line.recvfrom(1000)
            except OSError:  # nothing yet
                await asyncio.sleep_ms(2)
                continue
            self.got.append(request)
            for datagram in self.answer(request):
                self._line.sendto(datagram, sender)


def where(port):
    return socket.getaddrinfo("127.0.0.1", port)[0][-1]


def closed_port():
    """A port where nobody listens."""
    with Udp(None) as server:
        return server.port
