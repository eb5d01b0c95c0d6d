"""Downloads over HTTP from servers that are broken, slow to die, or hostile, under MicroPython: each fault has a reason
and a text, nothing stays open, and the rest of the program runs on."""

import socket

import pytest
from file_servers import HttpServer, Scripted, drain
from limits import patient
from transferring import download

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def scripted():
    """scripted(script): a server; `script` is a function as Scripted has it, or the bytes of each answer."""
    made = []

    def make(script):
        answer = script
        made.append(Scripted(script if callable(script) else lambda connection, *_: connection.sendall(answer)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    "status, again",
    [(204, False), (300, False), (400, False), (401, False), (403, False), (404, False), (408, True), (410, False),
     (429, True), (500, True), (503, True)],
)
def test_a_status_that_is_no_success(scripted, tmp_path, status, again):
    server = scripted(b"HTTP/1.1 %d What it says\r\nContent-Length: 2\r\n\r\nno" % status)
    outcome = download(tmp_path, server.url + "/upoint.bin")
    assert (outcome.reason, outcome.again) == ("refused", again) and outcome.data == b"" and outcome.begins == []
    assert "/upoint.bin: %d What it says" % status in outcome.text


@pytest.mark.parametrize(
    "url",
    ["", "upoint.bin", "ws://host/x", "ftps://host/x", "http://", "http://:80/", "http://[::1]/", "http://a b/",
     "http://h:0/", "http://h:65536/", "http://h:x/", "http://h/a%2", "http://h/a%zz", "http://h/a\r\nX: y",
     "ftp://h/a%0d%0aDELE%20b", "ftp://u%0d%0aDELE:p@127.0.0.1:9/b", "ftp://h/folder/", "ftp://h", "ftp://h/x;type=d",
     "ftp://h/" + "a/" * 17 + "b"],
)
def test_a_url_that_is_none(tmp_path, url):
    outcome = download(tmp_path, url)
    assert (outcome.reason, outcome.again) == ("bad url", False) and outcome.data == b""


def test_nobody_listens(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = download(tmp_path, "http://127.0.0.1:%d/" % port)
    assert (outcome.reason, outcome.again) == ("connection", True)
    assert "127.0.0.1:%d" % port in outcome.text and "ECONNREFUSED" in outcome.text


def test_a_name_that_nobody_has(tmp_path):
    outcome = download(tmp_path, "http://no-such-name.invalid/")
    assert (outcome.reason, outcome.again) == ("name", True) and "no-such-name.invalid" in outcome.text


@pytest.mark.parametrize("sent", [b"", OK, OK + b"Content-Length: 9\r\n\r\nhalf", CHUNKED + b"5\r\nhel", OK + b"\r\nx"])
def test_a_silent_server(scripted, tmp_path, sent):
    """Before its answer, in its head, in its body."""

    def script(connection, head, number):
        connection.sendall(sent)
        drain(connection)

    server = scripted(script)
    outcome = download(tmp_path, server.url, options={"timeout_s": 1})
    assert (outcome.reason, outcome.again) == ("silent", True) and "nothing for 1 s" in outcome.text
    assert outcome.ticks > 20  # the event loop ran on
    assert server.ended.wait(patient(2))


def test_a_server_that_does_not_even_accept(tmp_path):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = []
        for _ in range(3):  # the queue of those that wait is full
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(("127.0.0.1", port))
        outcome = download(tmp_path, "http://127.0.0.1:%d/" % port, options={"timeout_s": 1})
        assert outcome.reason == "silent" and outcome.ticks > 20
        for one in waiting:
            one.close()


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200", OK, OK + b"Content-Length: 9\r\n", OK + b"Content-Length: 9\r\n\r\n", CHUNKED,
     OK + b"Content-Length: 9\r\n\r\nhalf", CHUNKED + b"5", CHUNKED + b"5\r\nhel", CHUNKED + b"5\r\nhello",
     CHUNKED + b"5\r\nhello\r\n", CHUNKED + b"5\r\nhello\r\n0\r\n", CHUNKED + b"5\r\nhello\r\n0\r\nX: y\r\n"],
)
def test_the_end_comes_too_early(scripted, tmp_path, answer):
    outcome = download(tmp_path, scripted(answer).url)
    assert (outcome.reason, outcome.again) == ("truncated", True)


@pytest.mark.parametrize(
    "answer",
    [b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"HTTP/2 200 OK\r\n\r\n", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 20 OK\r\n\r\n",
     b"HTTP/1.1 2000 OK\r\n\r\n", b"HTTP/1.1 099 No\r\n\r\n",
     OK + b"Content-Length: -1\r\n\r\n", OK + b"Content-Length: x\r\n\r\n", OK + b"Content-Length: \r\n\r\n",
     OK + b"Content-Length: 99999999999999999999\r\n\r\n", OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
     OK + b"Content-Length: 1, 1\r\n\r\na", OK + b"Content-Encoding: gzip\r\n\r\nx",
     OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", OK + b"Transfer-Encoding: gzip\r\n\r\n"],
)
def test_an_answer_that_is_none(scripted, tmp_path, answer):
    outcome = download(tmp_path, scripted(answer).url)
    assert outcome.reason == "protocol" and outcome.data == b""


@pytest.mark.parametrize(
    "chunk",
    [b"\r\n", b"5;" + b"x" * 300 + b"\r\nhello\r\n", b";5\r\nhello\r\n", b"x\r\nhello\r\n", b"-5\r\nhello\r\n",
     b"0x5\r\nhello\r\n", b"+5\r\nhello\r\n", b"5_0\r\nhello\r\n", b"10000000\r\n", b"5 5\r\nhello\r\n",
     b"4\r\nhello\r\n", b"5\r\nhelloX\r\n"],
)
def test_a_chunk_that_is_none(scripted, tmp_path, chunk):
    outcome = download(tmp_path, scripted(CHUNKED + chunk + b"0\r\n\r\n").url)
    assert outcome.reason == "protocol"


FLOODS = {
    "fields": (OK, b"X-Flood: yes\r\n"),
    "a field": (OK + b"X: ", b"x" * 100),
    "the first line": (b"", b"x" * 100),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a size": (CHUNKED, b"0" * 100),
    "an extension": (CHUNKED + b"5;", b"x" * 100),
    "trailers": (CHUNKED + b"0\r\n", b"X: y\r\n"),
    "a trailer": (CHUNKED + b"0\r\nX:", b"x" * 100),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_without_end(scripted, tmp_path, name):
    first, more = FLOODS[name]

    def script(connection, head, number):
        connection.sendall(first)
        while True:
            connection.sendall(more * 10)

    outcome = download(tmp_path, scripted(script).url)
    assert outcome.reason == "protocol" and outcome.data == b""


@pytest.mark.parametrize("length", [b"Content-Length: 5001\r\n", b"", b"Transfer-Encoding: chunked\r\n"])
def test_a_file_that_is_too_large(scripted, tmp_path, length):
    def script(connection, head, number):
        connection.sendall(OK + length + b"\r\n" + (b"fffff\r\n" if b"chunked" in length else b""))
        while True:
            connection.sendall(b"x" * 500)

    outcome = download(tmp_path, scripted(script).url, options={"max_size": 5000})
    assert (outcome.reason, outcome.again) == ("too large", False) and len(outcome.data) <= 5000
    assert b"Length" not in length or outcome.begins == []


def test_a_file_of_just_the_size_allowed(scripted, tmp_path):
    server = scripted(OK + b"Content-Length: 5000\r\n\r\n" + b"x" * 5000)
    assert download(tmp_path, server.url, options={"max_size": 5000}).data == b"x" * 5000


def test_redirects_without_end(tmp_path):
    server = HttpServer()
    server.refusals["/a"] = (302, {"Location": "/b"})
    server.refusals["/b"] = (307, {"Location": "/a"})
    outcome = download(tmp_path, server.url + "/a")
    assert (outcome.reason, outcome.again) == ("redirect", False) and len(server.requests) == 6
    server.close()


@pytest.mark.parametrize(
    "location", ["", "ftp://127.0.0.1/x", "file:///etc/passwd", "http://[::1]/", "http://h/%", "/a\x01b"]
)
def test_a_redirect_to_nowhere(scripted, tmp_path, location):
    answer = b"HTTP/1.1 302 Found\r\nLocation: %s\r\n\r\n" % location.encode()
    assert download(tmp_path, scripted(answer).url).reason in ("redirect", "bad url")


@pytest.mark.parametrize("field", [b"", b"Location: \xff\xfe\r\n", b"Location: /" + b"x" * 3000 + b"\r\n"])
def test_a_redirect_without_a_place(scripted, tmp_path, field):
    outcome = download(tmp_path, scripted(b"HTTP/1.1 302 Found\r\n" + field + b"\r\n").url)
    assert outcome.reason in ("redirect", "protocol")


def test_no_line_of_a_peer_writes_on_the_terminal(scripted, tmp_path):
    outcome = download(tmp_path, scripted(b"HTTP/1.1 500 \x1b[2J\x07\xff" + b"x" * 500 + b"\r\n\r\n").url)
    assert "500 ?[2J??x" in outcome.text and outcome.text.isprintable() and len(outcome.text) < 200


def test_a_full_flash_ends_the_transfer(scripted, tmp_path):
    """What the sink raises comes through, and the connection is closed."""

    def script(connection, head, number):
        connection.sendall(OK + b"\r\n")
        while True:
            connection.sendall(b"x" * 500)

    server = scripted(script)
    outcome = download(tmp_path, server.url, full_at=5000)
    assert outcome.reason == "OSError" and "28" in outcome.text
    assert server.ended.wait(patient(2))


@pytest.mark.parametrize("sent, cancel_at", [(b"", 0), (OK, 0), (OK + b"\r\n" + b"x" * 9000, 5000)])
def test_a_cancelled_download_closes_its_socket(scripted, tmp_path, sent, cancel_at):
    """While it waits for the answer, within the head, within the body."""

    def script(connection, head, number):
        connection.sendall(sent)
        drain(connection)

    server = scripted(script)
    outcome = download(tmp_path, server.url, cancel_at=cancel_at)
    assert outcome.reason == "cancelled" and len(outcome.data) <= 9000
    assert server.ended.wait(patient(2))
