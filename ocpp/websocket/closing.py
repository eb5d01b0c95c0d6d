"""Frames that are seldom seen: a message in fragments, and the last one of a connection; loaded when there is one."""

import asyncio

from micropython import const

from ocpp.websocket.frames import ConnectionClosed, check_utf8, encode
import memory

_FRAGMENT = const(512)
_STREAMED = const(512)
_CLOSE = const(8)
_CLOSE_MS = const(5000)


def fragments(opcode, data):
    """The frames of a message in fragments, for when there is no room for it in one frame (RFC 6455 5.4)."""
    frames, chunk = [], bytearray()
    if isinstance(data, str):
        data = data.encode()
    for piece in data if isinstance(data, list) else (data,):
        piece = memoryview(piece)
        for at in range(0, len(piece), _FRAGMENT):
            part = piece[at : at + _FRAGMENT]
            if len(chunk) + len(part) > _FRAGMENT:
                frames.append(encode(0 if frames else opcode, chunk, False))
                chunk = bytearray()
            chunk.extend(part)
    frames.append(encode(0 if frames else opcode, chunk))
    return frames


async def stream(socket, opcode, pieces):
    """Send the message that `pieces`, a generator of bytes, makes: each fragment as soon as it is made, one frame if it
    is short (RFC 6455 5.4). An empty piece lets others have their turn. What has begun and cannot be sent to its end
    ends the connection, for nothing else could follow."""
    socket.streaming, begun, ended = True, False, False
    chunk = bytearray()
    try:
        for piece in pieces:
            if chunk and len(chunk) + len(piece) > _STREAMED:
                frame, opcode, chunk, begun = _encoded(opcode, chunk, False), 0, bytearray(), True
                await socket.send_frame(frame)
            chunk.extend(piece)
            if not piece:
                await asyncio.sleep_ms(0)
        frame, begun = _encoded(opcode, chunk, True), True
        await socket.send_frame(frame)
        ended = True
    finally:
        socket.streaming = False
        socket.notify()
        if begun and not ended:
            socket.abort()


def _encoded(opcode, chunk, final):
    try:
        return encode(opcode, chunk, final)
    except MemoryError:
        memory.unload()
        return encode(opcode, chunk, final)


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
