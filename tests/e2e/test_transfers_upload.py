"""Uploads over HTTP and FTP, under MicroPython."""

import os

import pytest
from file_servers import FtpServer, HttpServer, Scripted, drain, fake_ftp
from limits import patient
from transferring import upload

CONTENT = os.urandom(50000)
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def server():
    server = HttpServer()
    yield server
    server.close()


@pytest.fixture
def ftp(tmp_path):
    (tmp_path / "ftp" / "logs").mkdir(parents=True)
    server = FtpServer(tmp_path / "ftp")
    yield server
    server.close()


@pytest.fixture
def scripted():
    made = []

    def make(script, greets=False):
        made.append(Scripted(script, greets))
        return made[-1]

    yield make
    for one in made:
        one.close()


def body_of(connection, size):
    """`size` bytes from the connection."""
    body = b""
    while len(body) < size and (part := connection.recv(size - len(body))):
        body += part
    return body


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("sized", [True, False])
def test_a_file_arrives_whole(server, tmp_path, method, sized):
    options = {"method": method, "content_type": "application/gzip"}
    outcome = upload(tmp_path, server.url.replace("//", "//u:p@") + "/x?key=1", CONTENT, options=options, sized=sized)
    assert outcome.error is None and server.uploads == {"/x?key=1": CONTENT}
    [(asked, _, fields)] = server.requests
    assert asked == method and fields["Content-Type"] == "application/gzip" and fields["Authorization"] == "Basic dTpw"
    assert outcome.progress[0] == [0, 50000 if sized else None] and outcome.progress[-1] == [50000, 50000]


@pytest.mark.parametrize("content", [b"", b"x", b"x" * 1016, b"x" * 1024])
@pytest.mark.parametrize("sized", [True, False])
def test_small_files(server, tmp_path, content, sized):
    assert upload(tmp_path, server.url + "/x", content, sized=sized).error is None
    assert server.uploads["/x"] == content


@pytest.mark.parametrize("path", ["/", "/logs/", ""])
def test_the_name_is_added_to_a_folder(server, tmp_path, path):
    assert upload(tmp_path, server.url + path, CONTENT, name="diag 1é.txt").error is None
    assert list(server.uploads) == [(path or "/") + "diag%201%C3%A9.txt"]


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_is_followed_with_the_whole_file(server, tmp_path, status):
    server.refusals["/old"] = (status, {"Location": "/new"})
    outcome = upload(tmp_path, server.url + "/old", CONTENT)
    assert outcome.error is None and server.uploads == {"/new": CONTENT} and outcome.rewinds == 2


def test_redirects_without_end(server, tmp_path):
    server.refusals["/old"] = (307, {"Location": "/old"})
    assert upload(tmp_path, server.url + "/old", CONTENT).reason == "redirect" and len(server.requests) == 6


@pytest.mark.parametrize(
    "status, again", [(301, False), (303, False), (401, False), (403, False), (404, False), (413, False), (503, True)]
)
def test_a_server_that_does_not_want_the_file_is_not_sent_it(server, tmp_path, status, again):
    server.refusals["/x"] = (status, {"Location": "/y"})
    outcome = upload(tmp_path, server.url + "/x", CONTENT)
    assert (outcome.reason, outcome.again) == ("refused", again) and "%d" % status in outcome.text
    assert outcome.progress == [] and server.uploads == {}


def test_who_does_not_know_expect_is_asked_without(scripted, tmp_path):
    got = []

    def script(connection, head, number):
        if b"Expect" in head:
            connection.sendall(b"HTTP/1.1 417 Expectation Failed\r\n\r\n")
        else:
            got.append(body_of(connection, len(CONTENT)))
            connection.sendall(CREATED)

    server = scripted(script)
    assert upload(tmp_path, server.url + "/x", CONTENT).error is None
    assert got == [CONTENT] and [b"Expect" in head for head in server.heads] == [True, False]


def test_who_ignores_expect_gets_the_file_anyway(scripted, tmp_path):
    got = []

    def script(connection, head, number):
        got.append(body_of(connection, len(CONTENT)))
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + CREATED)

    assert upload(tmp_path, scripted(script).url + "/x", CONTENT).error is None
    assert got == [CONTENT]


def test_an_answer_together_with_the_interim_one(scripted, tmp_path):
    answers = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 507 Full\r\n\r\n"
    server = scripted(lambda connection, *_: connection.sendall(answers))
    assert "507 Full" in upload(tmp_path, server.url + "/x", CONTENT).text


@pytest.mark.parametrize("reads", [True, False])
def test_a_server_that_has_had_enough_is_heard(scripted, tmp_path, reads):
    """It answers while the file comes, and reads the rest or waits; what it said is the reason."""

    def script(connection, head, number):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body_of(connection, 2000)
        connection.sendall(b"HTTP/1.1 413 Too much\r\nConnection: close\r\n\r\n")
        if reads:
            drain(connection)
        else:
            gone.wait(patient(5))

    server = scripted(script)
    gone = server.ended
    outcome = upload(tmp_path, server.url + "/x", CONTENT * (1 if reads else 200), options={"timeout_s": 1})
    gone.set()
    assert (outcome.reason, outcome.again) == ("refused", False) and "413 Too much" in outcome.text


def test_a_server_that_breaks_off(scripted, tmp_path):
    def script(connection, head, number):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body_of(connection, 2000)

    outcome = upload(tmp_path, scripted(script).url + "/x", CONTENT * 20)
    assert outcome.reason == "connection" and outcome.again


@pytest.mark.parametrize("reads", [False, True])
def test_a_silent_server(scripted, tmp_path, reads):
    """It takes nothing of the file, or all of it and does not answer."""

    def script(connection, head, number):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if reads:
            drain(connection)
        else:
            gone.wait(patient(5))

    server = scripted(script)
    gone = server.ended
    outcome = upload(tmp_path, server.url + "/x", CONTENT * 200, options={"timeout_s": 1})
    assert (outcome.reason, outcome.again) == ("silent", True) and outcome.ticks > 20
    gone.set()


@pytest.mark.parametrize("url", ["http", "ftp"])
def test_a_source_that_is_shorter_than_it_says(server, ftp, tmp_path, url):
    outcome = upload(tmp_path, ftp.login("/x") if url == "ftp" else server.url + "/x", CONTENT, size=50001)
    assert outcome.reason == "source" and "after 50000 of 50001 bytes" in outcome.text and outcome.again
    assert server.uploads == {}


def test_of_a_source_that_grows_only_its_size_is_sent(server, tmp_path):
    assert upload(tmp_path, server.url + "/x", CONTENT, size=49999).error is None
    assert server.uploads["/x"] == CONTENT[:49999]


def test_a_cancelled_upload_closes_its_socket(scripted, tmp_path):
    def script(connection, head, number):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        drain(connection)

    server = scripted(script)
    assert upload(tmp_path, server.url + "/x", CONTENT, cancel_at=5000).reason == "cancelled"
    assert server.ended.wait(patient(2))


@pytest.mark.parametrize("path", ["/logs", "/logs/", "/logs/diagnostics.txt", "/"])
@pytest.mark.parametrize("sized", [True, False])
def test_ftp_stores_in_the_folder_or_as_the_file(ftp, tmp_path, path, sized):
    outcome = upload(tmp_path, ftp.login(path), CONTENT, sized=sized)
    assert outcome.error is None and outcome.calls == [2000, 6000] and outcome.progress[-1] == [50000, 50000]
    stored = ftp.folder / ("" if path == "/" else "logs") / "diagnostics.txt"
    assert stored.read_bytes() == CONTENT


def test_ftp_that_may_not_be_written_to(ftp, tmp_path):
    outcome = upload(tmp_path, ftp.url + "/logs", CONTENT)
    assert (outcome.reason, outcome.again) == ("refused", False) and "STOR: 550" in outcome.text


def test_ftp_whose_disk_is_full(scripted, tmp_path):
    server = scripted(fake_ftp({"END": "552 disk full"}), greets=True)
    outcome = upload(tmp_path, "ftp://127.0.0.1:%d/" % server.port, CONTENT * 20)
    assert (outcome.reason, outcome.again) == ("refused", False) and "552 disk full" in outcome.text


@pytest.mark.parametrize("verb", ["STOR", "END"])
def test_ftp_that_is_silent(scripted, tmp_path, verb):
    server = scripted(fake_ftp({verb: None}), greets=True)
    outcome = upload(tmp_path, "ftp://127.0.0.1:%d/" % server.port, b"short", options={"timeout_s": 1})
    assert outcome.reason == "silent"
    assert server.ended.wait(patient(2))


def test_ftp_cancelled_closes_its_sockets(ftp, tmp_path):
    assert upload(tmp_path, ftp.login("/logs"), CONTENT * 10, cancel_at=5000).reason == "cancelled"


@pytest.mark.parametrize("name", ["two\nlines", "two\rlines"])
def test_a_name_is_no_command(ftp, tmp_path, name):
    assert upload(tmp_path, ftp.login("/logs/"), CONTENT, name=name).reason == "source"
    assert "STOR" not in ftp.verbs()
