"""Downloads over HTTP that go on where the last one has ended (RFC 9110 13.1.5, 14), under MicroPython."""

import os

import pytest
from file_servers import HttpServer, Scripted
from transferring import download

CONTENT = os.urandom(30000)
PATH = "/upoint.bin"


@pytest.fixture
def server():
    server = HttpServer()
    server.files[PATH] = CONTENT
    yield server
    server.close()


@pytest.fixture
def breaking(request):
    """A server that breaks off in the middle of its first answer, and then sends ranges."""

    def script(connection, head, number):
        fields = b"ETag: \"v1\"\r\nContent-Length: %d\r\n"
        if number == 0:
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + fields % 30000 + b"\r\n" + CONTENT[:12345])
            return
        first = int(head.lower().split(b"range: bytes=")[1].split(b"-")[0])
        fields = fields % (30000 - first) + b"Content-Range: bytes %d-29999/30000\r\n\r\n" % first
        connection.sendall(b"HTTP/1.1 206 Partial Content\r\n" + fields + CONTENT[first:])

    server = Scripted(script)
    yield server
    server.close()


def test_a_server_that_breaks_off_is_asked_for_the_rest(breaking, tmp_path):
    first = download(tmp_path, breaking.url + PATH)
    assert first.reason == "truncated" and first.again and "12345 of 30000" in first.text
    assert first.data == CONTENT[:12345] and first.validator == '30000 "v1"'
    second = download(tmp_path, breaking.url + PATH, first.data, first.validator)
    assert second.error is None and second.data == CONTENT and second.begins == [12345]
    assert second.progress[0] == [12345, 30000] and second.progress[-1] == [30000, 30000]
    assert b"If-Range: \"v1\"\r\n" in breaking.heads[1] and b"Range: bytes=12345-\r\n" in breaking.heads[1]


def test_another_version_of_the_file_is_taken_from_its_start(server, tmp_path):
    server.set_tag('"v2"')
    outcome = download(tmp_path, server.url + PATH, b"old", '30000 "v1"')
    assert outcome.data == CONTENT and outcome.begins == [0] and outcome.validator == '30000 "v2"'
    assert len(server.requests) == 1


def test_without_a_tag_the_size_tells_another_version(server, tmp_path):
    server.set_tag("")
    assert download(tmp_path, server.url + PATH, CONTENT[:9], "30000 ").begins == [9]
    outcome = download(tmp_path, server.url + PATH, b"old", "29999 ")
    assert outcome.data == CONTENT and outcome.begins == [0] and outcome.validator == "30000 "


def test_who_knows_nothing_of_the_version_is_given_the_rest(server, tmp_path):
    outcome = download(tmp_path, server.url + PATH, CONTENT[:9])
    assert outcome.data == CONTENT and outcome.begins == [9] and outcome.validator == '30000 "v1"'


def test_a_file_that_is_complete_is_not_sent_again(server, tmp_path):
    outcome = download(tmp_path, server.url + PATH, CONTENT, '30000 "v1"')
    assert outcome.error is None and outcome.begins == [30000] and outcome.data == CONTENT
    assert outcome.progress == [[30000, 30000]]


def test_a_position_behind_the_end_of_the_file_starts_from_its_beginning(server, tmp_path):
    outcome = download(tmp_path, server.url + PATH, CONTENT + b"surplus")
    assert outcome.data == CONTENT and outcome.begins == [0]
    assert ["Range" in fields for _, _, fields in server.requests] == [True, False]


def test_a_server_without_ranges_sends_all(server, tmp_path):
    def script(connection, head, number):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + CONTENT)

    plain = Scripted(script)
    outcome = download(tmp_path, plain.url, CONTENT[:100])
    assert outcome.data == CONTENT and outcome.begins == [0]
    plain.close()


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Range: bytes 0-29999/30000",  # from the start, and calls it a part
        b"Content-Range: bytes 101-29999/30000",
        b"Content-Range: bytes 100-29999/40000",  # another total
        b"Content-Range: bytes 100-200/30000",  # but a part of what was asked for
        b"Content-Range: bytes 100-29999/30000\r\nContent-Length: 5",
        b"Content-Range: bytes 100-/30000",
        b"Content-Range: bytes 200-100/30000",
        b"Content-Range: lines 100-29999/30000",
        b"Content-Type: multipart/byteranges; boundary=x",
    ],
)
def test_a_part_that_does_not_fit_is_not_used(tmp_path, fields):
    """The file is asked for once more, as a whole."""

    def script(connection, head, number):
        if b"Range:" in head:
            connection.sendall(b"HTTP/1.1 206 Partial Content\r\n" + fields + b"\r\n\r\n" + b"wrong" * 1000)
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + CONTENT)

    server = Scripted(script)
    outcome = download(tmp_path, server.url, CONTENT[:100], "30000 ")
    assert outcome.error is None and outcome.data == CONTENT and outcome.begins == [0]
    assert [b"Range:" in head for head in server.heads] == [True, False]
    server.close()


@pytest.mark.parametrize("total", [b"30000", b"*"])
def test_a_rest_in_chunks_is_counted(tmp_path, total):
    def script(connection, head, number):
        fields = b"Content-Range: bytes 100-29999/" + total + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunk = b"%x\r\n%s\r\n0\r\n\r\n"
        rest = CONTENT[100:] if number == 0 else CONTENT[100:-7]
        connection.sendall(b"HTTP/1.1 206 Partial Content\r\n" + fields + chunk % (len(rest), rest))

    server = Scripted(script)
    assert download(tmp_path, server.url, CONTENT[:100]).data == CONTENT
    outcome = download(tmp_path, server.url, CONTENT[:100])
    assert outcome.reason == "truncated" and "29993 of 30000" in outcome.text
    server.close()


def test_a_part_that_nobody_asked_for_is_refused(tmp_path):
    answer = b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/5\r\n\r\nhello"
    server = Scripted(lambda connection, head, number: connection.sendall(answer))
    assert download(tmp_path, server.url).reason == "refused"
    server.close()


def test_a_redirect_keeps_the_range(server, tmp_path):
    server.refusals["/old"] = (302, {"Location": PATH})
    outcome = download(tmp_path, server.url + "/old", CONTENT[:100], '30000 "v1"')
    assert outcome.data == CONTENT and outcome.begins == [100]
