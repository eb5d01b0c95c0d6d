"""Downloads over HTTP, under MicroPython: what servers do that mean well."""

import os

import pytest
from file_servers import HttpServer, Scripted
from transferring import download

CONTENT = os.urandom(40000)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def server():
    server = HttpServer()
    server.files["/fw/upoint.bin"] = CONTENT
    yield server
    server.close()


@pytest.fixture
def scripted():
    """scripted(answer): a server that gives `answer`, bytes or a list of pieces, to each request, and closes."""
    made = []

    def make(answer):
        def script(connection, head, number):
            for piece in [answer] if isinstance(answer, bytes) else answer:
                connection.sendall(piece)

        made.append(Scripted(script))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_file_arrives_whole_and_progress_is_reported(server, tmp_path):
    outcome = download(tmp_path, server.url + "/fw/upoint.bin")
    assert outcome.error is None and outcome.data == CONTENT and outcome.begins == [0]
    assert outcome.progress[0] == [0, 40000] and outcome.progress[-1] == [40000, 40000]
    done = [done for done, _ in outcome.progress]
    assert done == sorted(done) and 30 < len(done) <= 102  # a piece of 1024 bytes is more than a percent
    assert outcome.calls == [6000]
    [(_, _, fields)] = server.requests
    assert fields["Host"] == "127.0.0.1:%d" % server.port and "Range" not in fields and "Authorization" not in fields


def test_an_empty_file_is_one(server, tmp_path):
    server.files["/empty"] = b""
    outcome = download(tmp_path, server.url + "/empty")
    assert outcome.error is None and outcome.data == b"" and outcome.begins == [0]


def test_user_and_password_of_the_url_are_sent_and_not_shown(server, tmp_path):
    outcome = download(tmp_path, server.url.replace("//", "//cp%201:p%40ss@") + "/missing?key=secret")
    assert server.requests[0][2]["Authorization"] == "Basic Y3AgMTpwQHNz"
    assert outcome.reason == "refused" and "127.0.0.1:%d/missing: 404" % server.port in outcome.text
    assert "p@ss" not in outcome.text and "p%40ss" not in outcome.text and "secret" not in outcome.text


def test_a_path_is_percent_encoded_once(server, tmp_path):
    server.files["/a%20b/%C3%A9?x=%2F&y=1"] = CONTENT
    assert download(tmp_path, server.url + "/a b/é?x=%2F&y=1#part").data == CONTENT


def test_names_are_looked_up_by_the_caller(server, tmp_path):
    url = "http://files.example:%d/fw/upoint.bin" % server.port
    outcome = download(tmp_path, url, lookup="127.0.0.1")
    assert outcome.data == CONTENT and outcome.calls == [6000, "files.example"]
    assert server.requests[0][2]["Host"] == "files.example:%d" % server.port
    outcome = download(tmp_path, url, lookup=None)
    assert outcome.reason == "name" and "files.example" in outcome.text and outcome.again


def test_without_room_there_is_no_connection(server, tmp_path):
    outcome = download(tmp_path, server.url + "/fw/upoint.bin", no_room=True)
    assert outcome.reason == "OSError" and outcome.calls == [6000] and server.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["/fw/upoint.bin", "../fw/./upoint.bin", "{url}/fw/upoint.bin", "//{host}/fw/upoint.bin"]
)
def test_a_redirect_is_followed(server, tmp_path, status, location):
    place = location.format(url=server.url, host=server.url[7:])
    server.refusals["/old/name"] = (status, {"Location": place}, b"moved")
    outcome = download(tmp_path, server.url.replace("//", "//u:p@") + "/old/name")
    assert outcome.error is None and outcome.data == CONTENT
    assert [fields.get("Authorization") for _, _, fields in server.requests] == ["Basic dTpw"] * 2


def test_a_password_does_not_go_to_another_server(server, tmp_path):
    other = HttpServer()
    other.refusals["/"] = (302, {"Location": server.url + "/fw/upoint.bin"})
    assert download(tmp_path, other.url.replace("//", "//u:p@")).data == CONTENT
    assert "Authorization" in other.requests[0][2] and "Authorization" not in server.requests[0][2]
    other.close()


@pytest.mark.parametrize(
    "body",
    [
        b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
        b"005;name=\"x\"\r\nhello\r\n6 \r\n world\r\n0\r\nDigest: none\r\nX: y\r\n\r\n",
        b"B\r\nhello world\r\n000\r\n\r\nand what comes after the end",
    ],
)
def test_chunks(scripted, tmp_path, body):
    server = scripted(OK + b"Content-Length: 3\r\nTransfer-Encoding: Chunked\r\n\r\n" + body)
    outcome = download(tmp_path, server.url)
    assert outcome.error is None and outcome.data == b"hello world" and outcome.progress[0] == [0, None]


def test_chunks_come_in_whatever_pieces(scripted, tmp_path):
    answer = OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(CONTENT), CONTENT)
    server = scripted([answer[at : at + 777] for at in range(0, len(answer), 777)])
    assert download(tmp_path, server.url).data == CONTENT


@pytest.mark.parametrize("head", [OK + b"\r\n", b"HTTP/1.0 200\r\nServer: old\n\n", b"HTTP/1.1 203 other\r\n\r\n"])
def test_without_a_length_the_file_ends_with_the_connection(scripted, tmp_path, head):
    server = scripted(head + CONTENT)
    outcome = download(tmp_path, server.url)
    assert outcome.data == CONTENT and outcome.progress[-1] == [40000, 40000] and outcome.progress[0] == [0, None]


def test_what_follows_the_announced_length_is_not_the_file(scripted, tmp_path):
    assert download(tmp_path, scripted(OK + b"Content-Length: 5\r\n\r\nhello world").url).data == b"hello"


def test_interim_answers_are_passed_over(scripted, tmp_path):
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    server = scripted(interim * 3 + OK + b"Content-Length: 2\r\n\r\nok")
    assert download(tmp_path, server.url).data == b"ok"


def test_a_long_field_that_nobody_needs_does_no_harm(scripted, tmp_path):
    server = scripted(OK + b"Content-Security-Policy: " + b"x" * 6000 + b"\r\nContent-Length: 2\r\n\r\nok")
    assert download(tmp_path, server.url).data == b"ok"


def test_a_slow_server_is_waited_for(tmp_path):
    def script(connection, head, number):
        connection.sendall(OK + b"Content-Length: 15\r\n\r\n")
        for _ in range(15):
            gone.wait(0.2)
            connection.sendall(b"x")

    server = Scripted(script)
    gone = server.ended
    outcome = download(tmp_path, server.url, options={"timeout_s": 2})
    assert outcome.data == b"x" * 15
    server.close()
