"""Frames and messages of a WebSocket as bytes, and the errors of a connection (RFC 6455 5 and 7). What is rare is in
ocpp/websocket/close.py."""

import os

from micropython import const

from ocpp.errors import Offline

try:
    from ocpp.websocket._mask import mask
    from _scan import walk
except (SyntaxError, ValueError, ImportError):
    from ocpp.websocket._mask_py import mask
    from _scan_py import walk

MAX_MESSAGE = 4096  # bytes of a message of the central system that is taken

# UTF-8 for `walk`: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629 4).
_INVALID = const(255)
_UTF8 = (
    b"\x7f\x00\xc1\xff\xdf\x06\xe0\x0c\xec\x08\xed\x0e\xef\x08\xf0\x10\xf3\x0a\xf4\x12\xff\xff\xff\xff"
    b"\x7f\xff\xbf\x00\xff\xff\xff\xff"  # 6: one more byte
    b"\x7f\xff\xbf\x06\xff\xff\xff\xff"  # 8: two more
    b"\x7f\xff\xbf\x08\xff\xff\xff\xff"  # 10: three more
    b"\x9f\xff\xbf\x06\xff\xff\xff\xff"  # 12: after E0
    b"\x7f\xff\x9f\x06\xff\xff\xff\xff"  # 14: after ED
    b"\x8f\xff\xbf\x08\xff\xff\xff\xff"  # 16: after F0
    b"\x7f\xff\x8f\x08\xff\xff\xff\xff"  # 18: after F4
)


class HandshakeError(Exception):
    """No WebSocket came about. `status`: of the HTTP answer, 0 if there was none; `text`: what was wrong;
    `retry_after_s`: when the server wants to be asked again, 0 if it did not say; `event`: the security event that this
    is, or None."""

    def __init__(self, status, text, retry_after_s=0, event=None):
        super().__init__(text)
        self.status = status
        self.text = text
        self.retry_after_s = retry_after_s
        self.event = event


class ConnectionClosed(Offline):
    """The connection has ended. `code` and `reason`: of the close frame; 1006 if it broke (RFC 6455 7.4)."""

    def __init__(self, code, reason):
        super().__init__("%d %s" % (code, reason))
        self.code = code
        self.reason = reason


class MessageTooLarge(Exception):
    """A message was too long and is gone but for `head`, its first 128 bytes; the connection goes on."""

    def __init__(self, head):
        super().__init__("message too large")
        self.head = head


def encode(opcode, data, final=True):
    """Return the frame of `data` (str, bytes-like or a list of bytes-like pieces), masked with a fresh key, a bytearray
    (RFC 6455 5.2)."""
    if isinstance(data, str):
        data = data.encode()
    length = sum([len(piece) for piece in data]) if isinstance(data, list) else len(data)
    start = 6 if length < 126 else 8 if length < 65536 else 14
    frame = bytearray(start + length)
    frame[0] = (0x80 if final else 0) | opcode
    frame[1] = 0x80 | (length if start == 6 else 126 if start == 8 else 127)
    if start > 6:
        frame[2 : start - 4] = length.to_bytes(start - 6, "big")
    key = os.urandom(4)
    frame[start - 4 : start] = key
    at = start
    for piece in data if isinstance(data, list) else (data,):
        frame[at : at + len(piece)] = piece
        at += len(piece)
    mask(frame, key, start, length)
    return frame


def check_utf8(state, buf, start, end):
    """Check `buf[start:end]`, going on from `state`, and return the state for what follows.

    State 0 is the first, and means that no character is incomplete. Raises ConnectionClosed 1007.
    """
    state = walk(_UTF8, state, buf, start, end) & 0xFF
    if state == _INVALID:
        raise ConnectionClosed(1007, "invalid UTF-8")
    return state


# What Message.loss says of one that is gone but for its head.
TOO_LARGE = 1
NO_MEMORY = 2
