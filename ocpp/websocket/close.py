"""The closing handshake of a WebSocket (RFC 6455 5.5.1, 7); loaded for it."""

import asyncio

from micropython import const

from ocpp.websocket.frames import ConnectionClosed, check_utf8, encode

_CLOSE = const(8)
_CLOSE_MS = const(5000)


def decode_close(payload):
    """Return the ConnectionClosed that the payload of a close frame says (RFC 6455 5.5.1, 7.4).

    Raises the one with which a wrong payload is answered.
    """
    code = int.from_bytes(payload[:2], "big") if payload else 1005
    if payload and (code < 1000 or 1004 <= code <= 1006 or 1015 <= code < 3000 or code > 4999):
        raise ConnectionClosed(1002, "invalid close code")
    if check_utf8(0, payload, 2, len(payload)):
        raise ConnectionClosed(1007, "invalid UTF-8")
    return ConnectionClosed(code, bytes(payload[2:]).decode())


def start_close(socket, code, reason):
    """Begin the closing handshake of the WebSocket `socket`, if it has not begun yet; it has 5 s (RFC 6455 7.1.2)."""
    if socket.code is None:
        socket.code = code
        socket.reason = reason
        payload = b"" if code == 1005 else code.to_bytes(2, "big") + reason.encode()[:123]
        socket.queue((encode(_CLOSE, payload),))
        socket.watch = asyncio.create_task(_limit(socket))
        socket.notify()


async def _limit(socket):
    await asyncio.sleep_ms(_CLOSE_MS)
    socket.end("")
