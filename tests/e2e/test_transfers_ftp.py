"""Downloads over FTP, under MicroPython (RFC 959, 1738, 2428, 3659): from a real server, and one that misbehaves."""

import os

import pytest
from file_servers import FtpServer, Scripted, fake_ftp
from limits import patient
from transferring import download

CONTENT = os.urandom(60000)


@pytest.fixture
def serve(tmp_path):
    """serve(**attributes of its handler): a real server with the file /fw/new/upoint 1.bin."""
    made = []
    folder = tmp_path / "ftp" / "fw" / "new"
    folder.mkdir(parents=True)
    (folder / "upoint 1.bin").write_bytes(CONTENT)

    def make(**handler):
        made.append(FtpServer(tmp_path / "ftp", **handler))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def fake():
    """fake(replies, data, size): see file_servers.fake_ftp."""
    made = []

    def make(replies, data=CONTENT, size=None):
        made.append(Scripted(fake_ftp(replies, data, size), greets=True))
        made[-1].url = "ftp://127.0.0.1:%d" % made[-1].port
        return made[-1]

    yield make
    for one in made:
        one.close()


PATH = "/fw/new/upoint%201.bin"


def test_a_file_arrives_whole(serve, tmp_path):
    server = serve()
    outcome = download(tmp_path, server.login(PATH))
    assert outcome.error is None and outcome.data == CONTENT and outcome.begins == [0]
    assert outcome.progress[0] == [0, 60000] and outcome.progress[-1] == [60000, 60000]
    assert outcome.calls == [2000, 6000]  # one connection for commands, one for data
    assert server.commands[:6] == [("USER", "cp"), ("PASS", "*"), ("TYPE", "I"), ("CWD", "fw"), ("CWD", "new"),
                                   ("SIZE", "upoint 1.bin")]


def test_nobody_is_anonymous(serve, tmp_path):
    server = serve()
    assert download(tmp_path, server.url + PATH + ";type=i").data == CONTENT
    assert server.commands[0] == ("USER", "anonymous")


@pytest.mark.parametrize("path", ["/", "/%2F", "//"])
def test_the_folders_of_a_path(serve, tmp_path, path):
    server = serve()
    assert download(tmp_path, server.login(path + "fw/new/upoint%201.bin")).data == CONTENT
    entered = [folder for verb, folder in server.commands if verb == "CWD"]
    assert entered == {"/": ["fw", "new"], "/%2F": ["/fw", "new"], "//": ["/", "fw", "new"]}[path]


def test_the_address_that_pasv_names_is_not_used(serve, tmp_path):
    server = serve(masquerade_address="192.0.2.1")
    server.replies["EPSV"] = "500 what?"
    assert download(tmp_path, server.login(PATH)).data == CONTENT
    assert "PASV" in server.verbs()


def test_greetings_of_many_lines(serve, tmp_path):
    assert download(tmp_path, serve(banner="220 is no end. " * 20).login(PATH)).data == CONTENT


def test_a_server_that_does_not_know_the_size(serve, tmp_path):
    server = serve()
    server.replies |= {"SIZE": "500 what?", "MDTM": "500 what?"}
    outcome = download(tmp_path, server.login(PATH))
    assert outcome.data == CONTENT and outcome.progress[0] == [0, None] and outcome.progress[-1] == [60000, 60000]


def test_the_rest_of_a_file(serve, tmp_path):
    server = serve()
    validator = download(tmp_path, server.login(PATH)).validator
    outcome = download(tmp_path, server.login(PATH), CONTENT[:23456], validator)
    assert outcome.data == CONTENT and outcome.begins == [23456] and ("REST", "23456") in server.commands
    assert download(tmp_path, server.login(PATH), CONTENT[:5]).begins == [5]


def test_a_server_that_breaks_off_is_asked_for_the_rest(serve, fake, tmp_path):
    first = download(tmp_path, fake({"END": "426 broken"}, CONTENT[:9999], 60000).url + "/x")
    assert (first.reason, first.again) == ("refused", True) and first.data == CONTENT[:9999]
    second = download(tmp_path, serve().login(PATH), first.data)
    assert second.data == CONTENT and second.begins == [9999]


@pytest.mark.parametrize("held, validator", [(99, "60000 20200101000000"), (99, "59999 "), (60001, "")])
def test_another_version_is_taken_from_its_start(serve, tmp_path, held, validator):
    outcome = download(tmp_path, serve().login(PATH), b"x" * held, validator)
    assert outcome.data == CONTENT and outcome.begins == [0]


def test_a_server_without_rest(serve, tmp_path):
    server = serve()
    server.replies["REST"] = "502 no"
    outcome = download(tmp_path, server.login(PATH), CONTENT[:99])
    assert outcome.data == CONTENT and outcome.begins == [0]


def test_a_file_that_is_complete_is_not_sent_again(serve, tmp_path):
    server = serve()
    outcome = download(tmp_path, server.login(PATH), CONTENT)
    assert outcome.error is None and outcome.begins == [60000] and "RETR" not in server.verbs()


def test_a_wrong_password_is_not_shown(serve, tmp_path):
    server = serve(auth_failed_timeout=0)
    outcome = download(tmp_path, "ftp://cp:wr0ng@127.0.0.1:%d%s" % (server.port, PATH))
    assert (outcome.reason, outcome.again) == ("refused", False)
    assert "PASS: 530" in outcome.text and "wr0ng" not in outcome.text


@pytest.mark.parametrize("path, said", [("/fw/new/other.bin", "RETR: 550"), ("/no/upoint.bin", "CWD: 550")])
def test_a_file_or_folder_that_is_not_there(serve, tmp_path, path, said):
    outcome = download(tmp_path, serve().login(path))
    assert (outcome.reason, outcome.again) == ("refused", False) and said in outcome.text


@pytest.mark.parametrize(
    "verb, reply, again",
    [("GREETING", "421 too many", True), ("USER", "530 no", False), ("USER", "332 account?", False),
     ("TYPE", "504 no", False), ("EPSV", "425 no port", True), ("RETR", "450 busy", True),
     ("RETR", "226 already", False), ("END", "451 disk", True), ("END", "552 no", False)],
)
def test_a_reply_that_is_no_success(fake, tmp_path, verb, reply, again):
    server = fake({verb: reply} | ({"PASV": reply} if verb == "EPSV" else {}))
    outcome = download(tmp_path, server.url + "/x")
    assert (outcome.reason, outcome.again) == ("refused", again) and reply in outcome.text


@pytest.mark.parametrize("reply", ["229 (|||0|)", "229 (|||70000|)", "229 (|||x|)", "229 ()", "229", "229 (||||)"])
def test_a_port_that_is_none(fake, tmp_path, reply):
    assert download(tmp_path, fake({"EPSV": reply, "PASV": "227 (1,2,3,4,0,0)"}).url + "/x").reason == "protocol"


@pytest.mark.parametrize("reply", ["227 at (1,2,3,4)", "227 1,2,3,4,5,256", "227 what"])
def test_a_passive_port_that_is_none(fake, tmp_path, reply):
    assert download(tmp_path, fake({"EPSV": "500 no", "PASV": reply}).url + "/x").reason == "protocol"


def test_a_greeting_that_comes_later(fake, tmp_path):
    server = fake({"GREETING": "120 in a minute\r\n220-now\r\n250 not yet\r\n 220 no\r\n220 yes"})
    assert download(tmp_path, server.url + "/x").data == CONTENT


@pytest.mark.parametrize(
    "greeting",
    ["HTTP/1.1 400 Bad Request", "hello", "22", "220?", "2x0 hello", "220-" + "x" * 9000, "220-more\r\n" * 200],
)
def test_a_greeting_that_is_none(fake, tmp_path, greeting):
    assert download(tmp_path, fake({"GREETING": greeting}).url + "/x").reason == "protocol"


@pytest.mark.parametrize("size, reason", [(60001, "truncated"), (59999, "protocol")])
def test_a_server_that_lies_about_the_size(fake, tmp_path, size, reason):
    outcome = download(tmp_path, fake({}, CONTENT, size).url + "/x")
    assert outcome.reason == reason and len(outcome.data) <= size


def test_a_file_that_is_too_large(fake, tmp_path):
    for replies in ({}, {"SIZE": "500 what?"}):
        outcome = download(tmp_path, fake(replies).url + "/x", options={"max_size": 5000})
        assert (outcome.reason, outcome.again) == ("too large", False) and len(outcome.data) <= 5000


@pytest.mark.parametrize("verb", ["GREETING", "USER", "PASS", "CWD", "SIZE", "EPSV", "RETR", "END"])
def test_a_silent_server(fake, tmp_path, verb):
    server = fake({verb: None})
    outcome = download(tmp_path, server.url + "/folder/x", options={"timeout_s": 1})
    assert (outcome.reason, outcome.again) == ("silent", True) and outcome.ticks > 20
    assert server.ended.wait(patient(2))


@pytest.mark.parametrize("verb", ["GREETING", "EPSV", "END"])
def test_a_cancelled_download_closes_its_sockets(fake, tmp_path, verb):
    server = fake({verb: None})
    assert download(tmp_path, server.url + "/x", cancel_at=0).reason == "cancelled"
    assert server.ended.wait(patient(2))


def test_a_full_flash_ends_the_transfer(serve, tmp_path):
    outcome = download(tmp_path, serve().login(PATH), full_at=5000)
    assert outcome.reason == "OSError" and "28" in outcome.text
