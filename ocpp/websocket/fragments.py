"""A message in fragments (RFC 6455 5.4): for one that is made while it leaves, or for which there is no room in one
frame; loaded when there is one."""

import asyncio

from micropython import const

from ocpp.websocket.frames import encode
import memory

_FRAGMENT = const(512)
_STREAMED = const(512)


def split(opcode, data):
    """The frames of a message in fragments, for when there is no room for it in one frame (RFC 6455 5.4)."""
    frames = []  # type: list
    chunk = bytearray()
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
