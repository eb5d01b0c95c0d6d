"""Requests over HTTP that are too large, malformed or not allowed: each has an answer with a fitting status (RFC 9110,
RFC 9112), and the next one is served."""

import base64
import json
import socket

import pytest
from limits import patient

GET = b"GET /api/status HTTP/1.1\r\n"
POST = b"POST /api/sim/connectors/1/plug HTTP/1.1\r\nContent-Type: application/json\r\n"
BODY = b'{"state": "plugged"}'


def exchange(firmware, *parts):
    """(status, header fields in lower case, body) of what comes back for the bytes `parts`, sent one by one."""
    with socket.create_connection(("127.0.0.1", firmware.port), timeout=patient(3)) as line:
        for part in parts:
            line.sendall(part)
        with line.makefile("rb") as stream:
            answer = stream.read()
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), fields, body


def refused(firmware, *parts):
    """The status of an answer that is {"error": text}."""
    status, _, body = exchange(firmware, *parts)
    answer = json.loads(body)
    assert list(answer) == ["error"] and answer["error"]
    return status


@pytest.mark.parametrize("size", [2100, 5000, 70000])
def test_an_oversized_header(station, size):
    """431, whether one field is too long or there are too many, and before all of it has come."""
    firmware = station()
    assert refused(firmware, GET + b"X-Long: " + b"x" * size + b"\r\n\r\n") == 431
    assert refused(firmware, GET + b"X: 1\r\n" * (size // 6) + b"\r\n") == 431
    assert refused(firmware, GET + b"X-Long: " + b"x" * size) == 431
    assert refused(firmware, b"GET /" + b"a" * size + b" HTTP/1.1\r\n\r\n") == 414
    assert firmware.status()["charge_point"] == "upoint-e2e"


def test_a_header_as_browsers_send_it(station):
    """With cookies of other services of the same host: 2,000 bytes are read."""
    firmware = station()
    request = GET + b"Cookie: " + b"c" * 1900 + b"\r\n\r\n"
    assert exchange(firmware, request)[0] == 200
    assert exchange(firmware, *[request[at : at + 50] for at in range(0, len(request), 50)])[0] == 200


@pytest.mark.parametrize("size", [1025, 20000, 200000])
def test_an_oversized_body(station, size):
    """413 by the Content-Length, before the body has come, with it, or with a part of it."""
    firmware = station()
    head = POST + b"Content-Length: %d\r\n\r\n" % size
    assert refused(firmware, head) == 413
    assert refused(firmware, head, b" " * 100) == 413
    assert refused(firmware, head, b" " * size) == 413
    assert firmware.connector()["status"] == "Available"


def test_a_body_of_the_largest_size(station):
    firmware = station()
    status, _, _ = exchange(firmware, POST + b"Content-Length: 1024\r\n\r\n", BODY + b" " * (1024 - len(BODY)))
    assert status == 200
    firmware.wait_status(1, "Preparing")


@pytest.mark.parametrize(
    "length", [b"abc", b"-1", b"+20", b"1.5", b"0x14", b"", b"20, 21", b"20\r\nContent-Length: 21"]
)
def test_a_malformed_content_length(station, length):
    """RFC 9112 6.3: 400, for where the request ends is not known."""
    firmware = station()
    assert refused(firmware, POST + b"Content-Length: " + length + b"\r\n\r\n" + BODY) == 400
    assert firmware.connector()["status"] == "Available"


def test_a_content_length_that_stands_twice(station):
    """RFC 9112 6.3: the same value twice is one value."""
    firmware = station()
    length = b"content-length: 20\r\nContent-Length: 20\r\n\r\n"
    assert exchange(firmware, POST + length + BODY)[0] == 200


def test_a_body_without_its_length(station):
    """RFC 9112 6.3: without Content-Length there is no body, and so no JSON; a chunked one is answered 411."""
    firmware = station()
    assert refused(firmware, POST + b"\r\n" + BODY) == 400
    chunked = b"Transfer-Encoding: chunked\r\n\r\n14\r\n" + BODY + b"\r\n0\r\n\r\n"
    assert refused(firmware, POST + chunked) == 411
    assert refused(firmware, POST + b"Content-Length: 20\r\n" + chunked) == 411
    assert firmware.connector()["status"] == "Available"


def test_empty_lines_in_a_body(station):
    """They are no end of the header, however the parts of the request arrive."""
    firmware = station()
    body = b'{\r\n\r\n"state":\n\n"plugged"}'
    head = POST + b"Content-Length: %d\r\n\r\n" % len(body)
    assert exchange(firmware, head + body)[0] == 200
    assert exchange(firmware, *[bytes((byte,)) for byte in head + body])[0] == 200


@pytest.mark.parametrize(
    "request_line, status",
    [
        (b"GET /api/%zz HTTP/1.1", 404),
        (b"GET /api/% HTTP/1.1", 404),
        (b"GET /api/status?a=%zz HTTP/1.1", 400),
        (b"GET /api/status?a=%ff%fe HTTP/1.1", 400),
        (b"GET /api/status?a=%4 HTTP/1.1", 200),
        (b"POST /api/sim/%zz HTTP/1.1\r\nContent-Type: application/json", 404),
        (b"GET /api/\xff HTTP/1.1", 400),
        (b"GET /api/status", 400),
        (b"GET", 400),
        (b"GET /api/status HTTP/1.1 and more", 400),
        (b"BREW /api/status HTTP/1.1", 405),
        (b"PUT /api/sim/rfid HTTP/1.1", 405),
        (b"GET /../config/config.json HTTP/1.1", 404),
    ],
)
def test_a_malformed_request_line(station, request_line, status):
    firmware = station()
    answered = exchange(firmware, request_line + b"\r\n\r\n")[0]
    assert answered == status
    assert firmware.status()["charge_point"] == "upoint-e2e"


@pytest.mark.parametrize("field", [b"no colon", b"X: \xff", b"\xff: x"])
def test_a_malformed_field(station, field):
    assert refused(station(), GET + field + b"\r\n\r\n") == 400


def test_a_wrong_method_names_the_right_ones(station):
    """RFC 9110 15.5.6: 405 has the field Allow."""
    firmware = station()
    status, fields, _ = exchange(firmware, b"DELETE /api/status HTTP/1.1\r\n\r\n")
    assert status == 405 and "get" in fields["allow"]
    status, fields, _ = exchange(firmware, b"GET /api/sim/rfid HTTP/1.1\r\n\r\n")
    assert status == 405 and "post" in fields["allow"]


def test_basic_authentication(station, firmware):
    """RFC 7617: the scheme in any case; a wrong password is 401; tests/unit/web/test_passwords.py has more of those."""
    firmware.config["web"].update(user="owner", password="caf\u00e9 secret")
    firmware.start(wait=False)
    right = base64.b64encode("owner:caf\u00e9 secret".encode())

    def status(field):
        answered, fields, _ = exchange(firmware, GET + field + b"\r\n\r\n")
        assert answered == 200 or fields["www-authenticate"].startswith("basic realm=")
        return answered

    def listens():
        try:
            return status(b"X: 1") == 401
        except OSError:
            return False

    firmware.wait("the server", listens)
    for scheme in (b"Basic", b"basic", b"BASIC", b"bAsIc"):
        assert status(b"Authorization: " + scheme + b" " + right) == 200
    assert status(b"AUTHORIZATION:  basic   " + right + b" ") == 200
    for wrong in (b"", b"Basic " + base64.b64encode(b"owner:wrong"), b"Basic " + right[:-3], b"Bearer " + right):
        assert status(b"Authorization: " + wrong) == 401, wrong


def test_a_client_that_goes_or_waits(csms, station):
    """In the middle of the header or the body, or without a word: the others are served."""
    firmware = station()
    lines = []
    for sent in (b"", b"G", GET, POST + b"Content-Length: 20\r\n\r\n", POST + b"Content-Length: 20\r\n\r\n{"):
        lines.append(socket.create_connection(("127.0.0.1", firmware.port), timeout=patient(1)))
        lines[-1].sendall(sent)
    assert firmware.status()["csms"]["connected"]
    for line in lines:
        line.close()
    assert firmware.status()["csms"]["connected"]
