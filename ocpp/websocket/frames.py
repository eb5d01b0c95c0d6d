"""Frames and messages of a WebSocket as bytes, and the errors of a connection (RFC 6455 5 and 7). What is rare is in
ocpp/websocket/closing.py."""

import os

from micropython import const

from ocpp.errors import Offline
import memory

try:
    from ocpp.websocket._mask import mask
    from ocpp._scan import walk
except (SyntaxError, ValueError, ImportError):
    from ocpp.websocket._mask_py import mask
    from ocpp._scan_py import walk

MAX_MESSAGE = 4096  # bytes of a message of the central system that is taken
_TEXT = const(1)
_HEAD = const(128)
_MAX_SKIPPED = const(1048576)
# Of a message that is larger, what is made of it takes up to three times as many bytes, on a PC, beside the code.
_LARGE = const(1024)
_CODE = const(16000)

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
    `retry_after_s`: when the server wants to be asked again, 0 if it did not say."""

    def __init__(self, status, text, retry_after_s=0):
        super().__init__(text)
        self.status = status
        self.text = text
        self.retry_after_s = retry_after_s


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


class Message:
    """The message that is coming in: `opcode`, 0 if there is none, and `buffer`, what is kept of it."""

    def __init__(self, limit):
        """`limit`: the longest message that is kept whole, in bytes."""
        self._limit = limit
        self.begin()

    def begin(self):
        self.opcode = self._size = self._utf8 = 0
        self.buffer = b""
        self._is_starved = False

    @property
    def loss(self):
        """Why only the head is kept: TOO_LARGE, NO_MEMORY, or 0 if all is."""
        if len(self.buffer) == self._size:
            return 0
        return NO_MEMORY if self._is_starved and self._size <= self._limit else TOO_LARGE

    def make_room(self, length):
        """Return the part of the buffer that `length` more bytes fill, and how many of them to skip after it.

        Of a message that is longer than the limit, or that there is no memory for, the head is kept.
        """
        old = self.buffer
        start = len(old)
        cut = self.loss
        self._size = size = self._size + length
        if size > _MAX_SKIPPED:
            raise ConnectionClosed(1009, "message too large")
        if cut or size > self._limit:
            size = min(size, _HEAD)
        self.buffer = self._buffer(size)
        if not start:
            return memoryview(self.buffer), length - len(self.buffer)
        start = min(start, len(self.buffer))
        self.buffer[:start] = memoryview(old)[:start]
        kept = len(self.buffer) - start
        return memoryview(self.buffer)[start:], length - kept

    def _buffer(self, size):
        """A buffer of `size` bytes, or, when not even the code that can be imported again makes room for it, of the
        head."""
        if size > _LARGE:
            memory.make_room(4 * size + _CODE)
        try:
            return bytearray(size)
        except MemoryError:
            memory.unload()
        try:
            return bytearray(size)
        except MemoryError:
            self._is_starved = True
            return bytearray(min(size, _HEAD))

    def check(self, view, start, end):
        """Check what has come into `view[start:end]`; ConnectionClosed 1007 for text that is not UTF-8."""
        if self.opcode == _TEXT:
            self._utf8 = check_utf8(self._utf8, view, start, end)

    def finish(self):
        """Check that text does not end within a character; ConnectionClosed 1007."""
        if self._utf8 and not self.loss:
            raise ConnectionClosed(1007, "invalid UTF-8")
