"""The opening handshake of a WebSocket (RFC 6455 4.1): from a host name to a stream ready for frames."""

import asyncio
import binascii
import hashlib
import os

from micropython import const

from ocpp import log
from ocpp.websocket.frames import HandshakeError

_IPPROTO_TCP = const(6)
_TCP_NODELAY = const(1)
_MAX_HEAD = const(4096)
# No valid answer is shorter than the first read; the ones after it cannot reach past the empty line.
_FIRST_READ = const(100)
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class _Opener:
    """The ssl context for open_connection, with or without TLS: it knows the socket and can close it."""

    def __init__(self, tls, on_tls=None):
        self._tls = tls
        self._on_tls = on_tls
        self._socket = self._plain = None

    def wrap_socket(self, socket, **options):
        self._socket = self._plain = socket
        # A message that TLS makes two records of waits 40 ms for an acknowledgement in between otherwise.
        socket.setsockopt(_IPPROTO_TCP, _TCP_NODELAY, 1)
        if self._tls:
            if self._on_tls:
                self._on_tls(True)
            self._socket = self._tls.wrap_socket(socket, **options)
        return self._socket

    def end_tls(self):
        """The handshake of TLS is over, or none comes any more."""
        if self._tls and not self._tls.over:
            self._tls.over = True
            if self._on_tls:
                self._on_tls(False)

    def close(self):
        # After an error of TLS its socket closes, but not the one below.
        for one in (self._socket, self._plain):
            if one:
                one.close()


async def open_stream(host, port, path, tls, headers, protocol, address=None, on_tls=None):
    """Connect to `host`:`port`, with TLS if there is `tls`, and upgrade; return the stream. `address` is that
    of `host`; None has the system look it up. `on_tls`: see ocpp/link.

    Raises HandshakeError, and leaves no socket open then or when it is cancelled.
    """
    opener = _Opener(tls, on_tls)
    upgraded = False
    try:
        stream, _ = await asyncio.open_connection(address or host, port, ssl=opener, server_hostname=host)
        if tls:
            await tls.check(stream)
        if port != (443 if tls else 80):
            host = "%s:%d" % (host, port)
        await upgrade(stream, host, path, headers, protocol, opener.end_tls)
        upgraded = True
        return stream
    except (OSError, EOFError, ValueError) as error:
        raise tls.refusal(error) if tls else HandshakeError(0, str(error).strip() or "closed by the server")
    finally:
        opener.end_tls()
        if not upgraded:
            opener.close()


async def upgrade(stream, host, path, headers, protocol, sent=None):
    """Send the request and check the answer; `headers` and `protocol` as for websocket.connect; `sent`, if any, is
    called in between."""
    key = binascii.b2a_base64(os.urandom(16)).strip()
    stream.write(_request(host, path, key, headers, protocol))
    await stream.drain()
    if sent:
        sent()
    _check(await _read_head(stream), key, protocol)


def accept_key(key):
    """The Sec-WebSocket-Accept that answers Sec-WebSocket-Key `key` (bytes; RFC 6455 4.2.2)."""
    return binascii.b2a_base64(hashlib.sha1(key + _GUID).digest()).strip()


def _request(host, path, key, headers, protocol):
    lines = [b"GET " + path.encode() + b" HTTP/1.1", b"Host: " + host.encode(), b"Upgrade: websocket"]
    lines += [b"Connection: Upgrade", b"Sec-WebSocket-Key: " + key, b"Sec-WebSocket-Version: 13"]
    if protocol is not None:
        lines.append(b"Sec-WebSocket-Protocol: " + protocol.encode())
    lines += [line.encode() if isinstance(line, str) else line for line in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def _read_head(stream):
    head = b""
    want = _FIRST_READ
    while b"\r\n\r\n" not in head:
        part = await stream.read(want)
        if not part:
            raise EOFError
        head += part
        if len(head) > _MAX_HEAD:
            raise HandshakeError(0, "header too long")
        want = 4
        for end in (b"\r", b"\r\n", b"\r\n\r"):
            if head.endswith(end):
                want = 4 - len(end)
    return head[: head.find(b"\r\n\r\n")]


def _fields(lines):
    fields = {}  # type: dict
    for line in lines:
        name, _, value = line.partition(b":")
        name = name.lower()
        value = value.strip()
        if name in (b"upgrade", b"connection"):
            value = value.lower()
        fields[name] = fields[name] + b"," + value if name in fields else value
    return fields


def _check(head, key, protocol):
    lines = head.split(b"\r\n")
    version, _, answer = lines[0].partition(b" ")
    status = answer[:3]
    # A proxy may refuse with HTTP/1.0, but only HTTP/1.1 can upgrade.
    if version not in (b"HTTP/1.1", b"HTTP/1.0") or not status.isdigit() or version + status == b"HTTP/1.0101":
        raise HandshakeError(0, "no HTTP/1.1")
    fields = _fields(lines[1:])
    if status != b"101":
        from ocpp.websocket import refused_upgrade

        raise refused_upgrade.error(int(status), lines[0], fields)
    # A proxy may add to what it says about the connection.
    if b"upgrade" in fields.get(b"connection", b"").replace(b",", b" ").split():
        fields[b"connection"] = b"upgrade"
    offered = protocol and protocol.encode()
    is_unnamed = offered and b"sec-websocket-protocol" not in fields
    for name, expected in (
        (b"upgrade", b"websocket"),
        (b"connection", b"upgrade"),
        (b"sec-websocket-accept", accept_key(key)),
        (b"sec-websocket-protocol", None if is_unnamed else offered),
        (b"sec-websocket-extensions", None),
    ):
        if fields.get(name) != expected:
            raise HandshakeError(101, "%s is %s" % (name.decode(), fields.get(name)))
    if is_unnamed:
        # OCPP-J 3.1.2 wants it named, but nothing else was offered to the server, and it has accepted.
        log.warning("the server accepts without naming a sub-protocol, %s is used", protocol)
