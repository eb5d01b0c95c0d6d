# micropython only: the streams and sockets of its asyncio
"""connect() to a server on this computer: frames right behind its answer, refusals, certificates."""

import asyncio
import sys

from websocket_server import ANSWER, Peer, run

from ocpp.websocket.frames import HandshakeError


async def refused(awaitable):
    try:
        await awaitable
    except HandshakeError as error:
        return error
    raise AssertionError("HandshakeError not raised")


def test_messages_right_behind_the_handshake():
    async def test(peer):
        connection = await peer.connect()
        assert await connection.receive() == b"hi"
        await connection.send("hello")
        connection.abort()
        await peer.closed.wait()

    run(test, ANSWER + b"\x81\x02hi")


def test_handshake_code_is_dropped():
    async def test(peer):
        for _ in range(2):
            connection = await peer.connect()
            assert "ocpp.websocket.handshake" not in sys.modules
            connection.abort()

    run(test)


def test_refusal_closes_the_socket():
    async def test(peer):
        error = await refused(peer.connect())
        assert error.status == 404
        await peer.closed.wait()

    run(test, b"HTTP/1.1 404 Not Found\r\n\r\n")


def test_bad_certificate():
    class Tls:
        over = False

        def wrap_socket(self, socket, **options):
            self.options = options
            self.socket = socket
            return self

        def setblocking(self, blocking):
            raise ValueError("not signed")

        def refusal(self, error):
            return HandshakeError(0, "refused: %s" % error)

        def close(self):
            self.socket.close()

    async def test(peer):
        tls = Tls()
        error = await refused(peer.connect(tls=tls))
        assert (error.status, error.text) == (0, "refused: not signed")
        assert tls.options["server_hostname"] == "127.0.0.1"
        assert tls.socket.fileno() < 0

    run(test)


class Plain:
    """In the place of a Guard: no TLS at all."""

    over = False

    def refusal(self, error):
        return error

    def wrap_socket(self, socket, **options):
        return socket

    async def check(self, stream):
        pass


def test_it_says_when_a_handshake_of_tls_is_under_way():
    """From before TLS begins until the upgrade, and not after a refusal; never without TLS."""

    async def test(peer):
        said = []
        (await peer.connect(tls=Plain(), on_tls=said.append)).abort()
        assert said == [True, False]
        (await peer.connect(on_tls=said.append)).abort()
        assert said == [True, False]
        peer.answer = b"HTTP/1.1 404 Not Found\r\n\r\n"
        await refused(peer.connect(tls=Plain(), on_tls=said.append))
        assert said == [True, False, True, False]

    run(test)


def test_cancelled_connect_closes_the_socket():
    async def test(peer):
        task = asyncio.create_task(peer.connect())
        await peer.arrived.wait()
        task.cancel()
        await peer.closed.wait()

    run(test, b"")


def test_nobody_listens():
    async def main():
        async with Peer(ANSWER) as peer:
            pass
        error = await refused(peer.connect())
        assert error.status == 0 and "ECONNREFUSED" in error.text
        assert "ocpp.websocket.handshake" not in sys.modules

    asyncio.run(main())
