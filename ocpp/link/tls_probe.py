"""What a server does in a handshake of TLS that offers more than this charge point uses: why it refuses ours (white
paper A00.FR.315, 322, 419, 426), and whether it asks for a client certificate (A00.FR.003); loaded for that.

The handshake is one of TLS 1.2, made by hand and ended before any key. What the server says in it proves nothing, so it
only explains a refusal, or leads to one.
"""

import asyncio
import os

from micropython import const

from ocpp.link import lookup

_PATIENCE_S = const(10)
_MAX_BYTES = const(32768)  # bytes that are read
_RECORD = const(16640)  # bytes of the longest record
_ALERT, _HANDSHAKE = const(21), const(22)
_SERVER_HELLO, _CERTIFICATE_REQUEST, _DONE = const(2), const(13), const(14)
_TLS_1_2 = const(0x0303)
_WRONG_VERSION = const(70)  # protocol_version, an alert
_DENIED = "FailedToAuthenticateAtCentralSystem"
_GOOD = (0xC02B, 0xC02C, 0xC02F, 0xC030, 0x009C, 0x009D)
# What servers without any of these may have: ChaCha20, CCM, DHE, CBC, 3DES, RC4, and without encryption.
_WEAK = (
    b"\xcc\xa8\xcc\xa9\xcc\xaa\xc0\xac\xc0\xad\xc0\x9c\xc0\x9d\x00\x9e\x00\x9f\xc0\x23\xc0\x24\xc0\x27\xc0\x28\xc0\x09"
    b"\xc0\x0a\xc0\x13\xc0\x14\x00\x3c\x00\x3d\x00\x2f\x00\x35\x00\x33\x00\x39\x00\x67\x00\x6b\xc0\x08\xc0\x12\x00\x0a"
    b"\x00\x16\x00\x05\x00\x04\xc0\x07\xc0\x11\x00\x3b\x00\x02\x00\x01\x00\xff"
)
_CURVES = b"\x00\x1d\x00\x17\x00\x18\x00\x19"
_SIGNATURES = b"\x04\x03\x05\x03\x06\x03\x08\x04\x08\x05\x08\x06\x04\x01\x05\x01\x06\x01\x02\x03\x02\x01"


class Answer:
    """`version` and `suite` of the ServerHello, numbers, or None; `alert`: the number of the alert instead of it;
    `compressed`; `asks`: whether it asks for a client certificate, None if that is not known; `foreign`: its first byte
    is none of TLS."""

    version = suite = alert = asks = None
    compressed = foreign = False


async def look(host, port, address):
    """The Answer of the server at `address`:`port`, called `host`; without what could not be learnt."""
    answer = Answer()
    try:
        await asyncio.wait_for(_talk(answer, host, port, address), _PATIENCE_S)
    except (OSError, EOFError, asyncio.TimeoutError):
        pass
    return answer


def explain(answer, profile):
    """(what the answer says about a handshake that has failed, the security event that is) or None. `profile`: the
    security profile."""
    if answer.foreign:
        return "the server does not speak TLS", None
    if answer.version is not None and answer.version < _TLS_1_2:
        name = "TLS 1.%d" % (answer.version - 0x0301) if answer.version > 0x0300 else "SSL"
        return "the central system has %s only, TLS 1.2 is required" % name, "InvalidTLSVersion"
    if answer.suite is not None and (answer.suite not in _GOOD or answer.compressed):
        what = "TLS compression" if answer.compressed else "cipher suite 0x%04X" % answer.suite
        return "the central system wants %s, which is not allowed" % what, "InvalidTLSCipherSuite"
    if answer.alert == _WRONG_VERSION:
        return "the central system has no TLS 1.2", None
    if answer.alert is not None and answer.version is None:
        return "the central system allows no cipher suite of those required", "InvalidTLSCipherSuite"
    if answer.asks and profile != 3:
        return "the central system wants a certificate, it uses security profile 3", _DENIED
    return None


async def _talk(answer, host, port, address):
    reader, writer = await asyncio.open_connection(address or host, port)
    try:
        writer.write(hello(host))
        await writer.drain()
        await _read(answer, reader)
    finally:
        writer.close()
        await writer.wait_closed()


def hello(host):
    """The record with the ClientHello (RFC 5246 7.4.1.2), bytes."""
    suites = b"".join([suite.to_bytes(2, "big") for suite in _GOOD]) + _WEAK
    extensions = _extension(10, _sized(_CURVES)) + _extension(11, b"\x01\x00") + _extension(13, _sized(_SIGNATURES))
    if not lookup.is_address(host):
        extensions = _extension(0, _sized(b"\x00" + _sized(host.encode()))) + extensions
    body = b"\x03\x03" + os.urandom(32) + b"\x00" + _sized(suites) + b"\x01\x00" + _sized(extensions)
    return b"\x16\x03\x01" + _sized(b"\x01\x00" + _sized(body))


def _sized(data):
    return len(data).to_bytes(2, "big") + data


def _extension(number, data):
    return number.to_bytes(2, "big") + _sized(data)


async def _read(answer, stream):
    """Read records, and the handshake messages in them, until everything is known. Of each message only the beginning
    is kept; one may begin in one record and end in another."""
    messages = Messages(answer)
    left = _MAX_BYTES
    while left > 0 and answer.asks is None and answer.alert is None:
        head = await stream.readexactly(5)
        size = head[3] << 8 | head[4]
        answer.foreign = head[0] not in (_ALERT, _HANDSHAKE) or head[1] > 3 or not 0 < size <= _RECORD
        if answer.foreign:
            return
        left -= size
        while size:
            part = await stream.read(min(size, 256))
            if not part:
                raise EOFError
            size -= len(part)
            if head[0] == _ALERT:
                answer.alert = part[-1]
            else:
                messages.take(part)


class Messages:
    """Handshake messages of the server, in pieces."""

    def __init__(self, answer):
        self._answer = answer
        self._begun = b""  # of a message: its head, and of a ServerHello the rest
        self._skip = 0

    def take(self, part):
        """The next bytes."""
        while part:
            if self._skip:
                skipped = min(self._skip, len(part))
                self._skip -= skipped
                part = part[skipped:]
                continue
            wanted = 4
            if len(self._begun) >= 4:
                wanted = 4 + self._size()
            taken = part[: wanted - len(self._begun)]
            self._begun += taken
            part = part[len(taken) :]
            self._look()

    def _size(self):
        return self._begun[1] << 16 | self._begun[2] << 8 | self._begun[3]

    def _look(self):
        if len(self._begun) < 4:
            return
        kind, size = self._begun[0], self._size()
        if kind == _SERVER_HELLO and size <= 1024:
            if len(self._begun) < 4 + size:
                return
            self._server_hello(self._begun[4:])
            size = 0
        elif kind in (_CERTIFICATE_REQUEST, _DONE) and self._answer.asks is None:
            self._answer.asks = kind == _CERTIFICATE_REQUEST
        self._begun, self._skip = b"", size

    def _server_hello(self, body):
        at = 35 + body[34] if len(body) > 34 else 0
        if not at or len(body) < at + 3:
            raise EOFError
        self._answer.version = body[0] << 8 | body[1]
        self._answer.suite = body[at] << 8 | body[at + 1]
        self._answer.compressed = body[at + 2] != 0
