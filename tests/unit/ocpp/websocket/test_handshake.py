import asyncio

from helpers import raises

from ocpp import log
from ocpp.websocket import handshake
from ocpp.websocket.frames import HandshakeError

ACCEPTED = (
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Accept: {accept}",
    "Sec-WebSocket-Protocol: ocpp1.6",
)


class Server:
    """A stream whose peer answers the request with the lines of `answer`, in pieces, then `rest`."""

    def __init__(self, answer, rest=b""):
        self.answer = "\r\n".join(answer) + "\r\n\r\n"
        self.rest = rest
        self.request = b""
        self.data = b""

    def write(self, data):
        self.request += data

    async def drain(self):
        accept = handshake.accept_key(self.field(b"Sec-WebSocket-Key")).decode()
        self.data = self.answer.replace("{accept}", accept).encode() + self.rest

    async def read(self, most):
        part = self.data[: min(most, 70)]
        self.data = self.data[len(part) :]
        return part

    def field(self, name):
        for line in self.request.split(b"\r\n"):
            if line.startswith(name + b": "):
                return line[len(name) + 2 :]


def upgrade(answer=ACCEPTED, rest=b"", headers=(), protocol="ocpp1.6"):
    server = Server(answer, rest)
    asyncio.run(handshake.upgrade(server, "csms:9000", "/ocpp/CP%201", headers, protocol))
    return server


def changed(old, new, answer=ACCEPTED):
    """`answer` with the line that begins with `old` replaced by `new`, or left out if that is None."""
    assert any(line.startswith(old) for line in answer)
    lines = [new if line.startswith(old) else line for line in answer]
    return [line for line in lines if line is not None]


def refused(answer, status=101, protocol="ocpp1.6"):
    error = raises(HandshakeError, upgrade, answer, b"", (), protocol)
    assert error.status == status, answer
    assert str(error) == error.text
    return error.text


def test_accept_key():
    # RFC 6455 1.3
    assert handshake.accept_key(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


def test_request():
    server = upgrade(headers=("Authorization: Basic QTpC", b"X-Bytes: 1"))
    lines = server.request.split(b"\r\n")
    assert lines[0] == b"GET /ocpp/CP%201 HTTP/1.1"
    assert lines[-2:] == [b"", b""]
    for name, value in (
        (b"Host", b"csms:9000"),
        (b"Upgrade", b"websocket"),
        (b"Connection", b"Upgrade"),
        (b"Sec-WebSocket-Version", b"13"),
        (b"Sec-WebSocket-Protocol", b"ocpp1.6"),
        (b"Authorization", b"Basic QTpC"),
        (b"X-Bytes", b"1"),
    ):
        assert server.field(name) == value
    assert len(server.field(b"Sec-WebSocket-Key")) == 24
    assert server.field(b"Sec-WebSocket-Key") != upgrade().field(b"Sec-WebSocket-Key")


def test_without_a_protocol():
    server = upgrade(changed("Sec-WebSocket-Protocol", None), protocol=None)
    assert server.field(b"Sec-WebSocket-Protocol") is None
    refused(ACCEPTED, protocol=None)


def test_frames_behind_the_answer_are_left_alone():
    for padding in range(12):
        answer = ACCEPTED + ("X: " + "x" * padding,)
        server = upgrade(answer, b"\x81\x02hi")
        assert server.data.endswith(b"\x81\x02hi"), padding
        assert server.data == b"\x81\x02hi", padding


def test_shortest_answer():
    answer = ("HTTP/1.1 101", "Upgrade:websocket", "Connection:Upgrade", "Sec-WebSocket-Accept:{accept}")
    assert upgrade(answer, b"\x81\x00", (), None).data == b"\x81\x00"


def test_names_and_tokens_in_any_case():
    upgrade(
        (
            "HTTP/1.1 101 OK",
            "UPGRADE:  WebSocket ",
            "connection: keep-alive, UPGRADE",
            "sec-websocket-accept:{accept}",
            "SEC-WEBSOCKET-PROTOCOL: ocpp1.6",
            "Server: anything: at all",
        )
    )


def test_missing_or_wrong_fields():
    for name, value in (
        ("Upgrade", "h2c"),
        ("Connection", "close"),
        ("Connection", "not-an-upgrade"),
        ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ("Sec-WebSocket-Protocol", "ocpp2.0.1"),
        ("Sec-WebSocket-Protocol", "OCPP1.6"),
        ("Sec-WebSocket-Protocol", "ocpp1.6, ocpp1.5"),
    ):
        assert name.lower() in refused(changed(name, "%s: %s" % (name, value)))
        if name != "Sec-WebSocket-Protocol":
            assert name.lower() in refused(changed(name, None))


def test_a_server_that_names_no_protocol_is_used_with_a_warning():
    """OCPP-J 3.1.2 wants it named; nothing else was offered, though."""
    lines, warning = [], log.warning
    log.warning = lambda text, *args: lines.append(text % args)
    try:
        upgrade(changed("Sec-WebSocket-Protocol", None))
        assert len(lines) == 1 and "ocpp1.6" in lines[0], lines
        refused(changed("Sec-WebSocket-Protocol", None, changed("Sec-WebSocket-Accept", "Sec-WebSocket-Accept: x")))
        upgrade()
        assert len(lines) == 1, lines
    finally:
        log.warning = warning


def test_nothing_may_be_said_twice():
    for name in ("Upgrade", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"):
        line = [line for line in ACCEPTED if line.startswith(name)]
        refused(list(ACCEPTED) + line)


def test_extensions_are_refused():
    refused(list(ACCEPTED) + ["Sec-WebSocket-Extensions: permessage-deflate"])


def test_http_errors_carry_the_status():
    for status, reason in ((401, "Unauthorized"), (404, "Not Found"), (302, "Found"), (200, "OK")):
        answer = ["HTTP/1.1 %d %s" % (status, reason), "Content-Length: 0"]
        assert "%d %s" % (status, reason) in refused(answer, status)


def refusal(status_line, *fields):
    """The HandshakeError for an answer with these lines."""
    return raises(HandshakeError, upgrade, (status_line,) + fields)


def test_a_redirect_is_logged_and_not_followed():
    """The password must not reach another host by a redirect; the owner sees where the central system has gone."""
    for status in (301, 302, 303, 307, 308):
        error = refusal("HTTP/1.1 %d Moved" % status, "Location: wss://other.example/ocpp/CP")
        assert error.status == status
        assert error.text == "HTTP/1.1 %d Moved, not followed to wss://other.example/ocpp/CP" % status
        assert refusal("HTTP/1.1 %d Moved" % status).text == "HTTP/1.1 %d Moved" % status
    assert refusal("HTTP/1.1 200 OK", "Location: ws://x").text == "HTTP/1.1 200 OK"


def test_a_refusal_with_http_1_0():
    """As some proxies answer when nobody is behind them."""
    error = refusal("HTTP/1.0 503 Service Unavailable", "Retry-After: 7")
    assert (error.status, error.text, error.retry_after_s) == (503, "HTTP/1.0 503 Service Unavailable", 7)


def test_a_refusal_in_bytes_that_are_not_utf8():
    error = raises(HandshakeError, handshake._check, b"HTTP/1.1 302 M\xfcnster\r\nLocation: /\xff", b"", None)
    assert (error.status, error.text) == (302, "HTTP/1.1 302 M\xfcnster, not followed to /\xff")


def test_a_long_refusal_is_cut():
    """Each character takes memory of its own while the line is decoded."""
    error = refusal("HTTP/1.1 302 " + "x" * 1500, "Location: ws://" + "y" * 1500)
    assert error.status == 302 and len(error.text) < 450 and "xxx, not followed to ws://yyy" in error.text


def test_retry_after():
    """RFC 9110 10.2.3: seconds, or a date, which counts from the server's own; what is neither is ignored."""
    date = "Date: Sun, 06 Nov 2033 08:49:37 GMT"
    for status, fields, seconds in (
        (503, ("Retry-After: 120",), 120),
        (503, ("RETRY-AFTER:  5 ",), 5),
        (429, ("Retry-After: 10",), 10),
        (503, ("Retry-After: 0",), 0),
        (503, ("Retry-After: 99999999999999999999",), 999999999),
        (503, (date, "Retry-After: Sun, 06 Nov 2033 08:50:07 GMT"), 30),
        (503, ("Retry-After: Thu, 01 Dec 2033 00:00:00 GMT", "Date: Wed, 30 Nov 2033 23:59:50 GMT"), 10),
        (503, ("Retry-After: Wed, 01 Mar 2028 00:00:00 GMT", "Date: Mon, 28 Feb 2028 23:59:00 GMT"), 86460),
        (503, (date, "Retry-After: Sun, 06 Nov 2033 08:49:00 GMT"), 0),
        (503, ("Retry-After: Sun, 06 Nov 2033 08:50:07 GMT",), 0),
        (503, (date, "Retry-After: Sun, 06 anF 2033 08:50:07 GMT"), 0),
        (503, (date, "Retry-After: Sun, 06 Nov 2033 08:50 GMT"), 0),
        (503, (date, "Retry-After: soon"), 0),
        (503, (date, "Retry-After: -5"), 0),
        (503, (date, "Retry-After: 1.5"), 0),
        (503, (date, "Retry-After:"), 0),
        (503, (), 0),
        (404, ("Retry-After: 120",), 0),
        (302, ("Retry-After: 120",), 0),
    ):
        assert refusal("HTTP/1.1 %d X" % status, *fields).retry_after_s == seconds, (status, fields)


def test_what_is_not_http():
    for line in ("SSH-2.0-OpenSSH_9.6", "HTTP/1.0 101 OK", "HTTP/2 101 OK", "HTTP/1.1 abc", "HTTP/1.1", ""):
        refused(changed("HTTP", line), 0)


def test_endless_header():
    server = Server(["HTTP/1.1 101 OK", "X: " + "x" * 10000])
    error = raises(HandshakeError, asyncio.run, handshake.upgrade(server, "h", "/", (), None))
    assert "too long" in error.text
    assert len(server.data) > 5000


def test_answer_cut_short():
    server = Server(["HTTP/1.1 101 OK"])
    server.answer = "HTTP/1.1 101 OK\r\nUpgra"
    raises(EOFError, asyncio.run, handshake.upgrade(server, "h", "/", (), None))
