"""Downloads and uploads over HTTPS, under MicroPython: the server is verified, always, and gets no data before."""

import datetime
import os
import socket
import ssl
import threading

import pytest
import trustme
from certificates import der_file, served
from file_servers import HttpServer
from limits import patient
from server_certificates import certificate
from server_certificates import server as context_of
from transferring import download, upload

CONTENT = os.urandom(60000)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def ca(authority, tmp_path):
    """The path of the certificate of `authority` in DER."""
    return der_file(authority, tmp_path)


@pytest.fixture
def serve(authority):
    """serve(authority, host, **options of its certificate): a server with TLS."""
    made = []

    def make(by=authority, host="localhost", change=None, **options):
        context = served(by, host, **options)
        if change:
            change(context)
        made.append(HttpServer(context))
        made[-1].files["/upoint.bin"] = CONTENT
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_download_from_a_server_that_is_verified(serve, ca, tmp_path):
    server = serve()
    outcome = download(tmp_path, server.url + "/upoint.bin", options={"ca": ca})
    assert outcome.error is None and outcome.data == CONTENT
    assert outcome.calls == [34000, "tls", "no tls"]  # the handshake, and no longer


def test_an_upload_to_a_server_that_is_verified(serve, ca, tmp_path):
    server = serve()
    for sized in (True, False):
        assert upload(tmp_path, server.url + "/logs/", CONTENT, options={"ca": ca}, sized=sized).error is None
        assert server.uploads.pop("/logs/diagnostics.txt") == CONTENT


def test_the_certificate_may_be_one_of_many_in_pem(serve, authority, tmp_path):
    path = tmp_path / "bundle.pem"
    path.write_bytes(b"# trusted\n" + trustme.CA().cert_pem.bytes() + b"\n" + authority.cert_pem.bytes())
    outcome = download(tmp_path, serve().url + "/upoint.bin", options={"ca": str(path)})
    assert outcome.error is None and outcome.data == CONTENT


def test_the_name_is_that_of_the_url_whatever_its_address(serve, ca, tmp_path):
    server = serve(host="files.example")
    url = "https://files.example:%d/upoint.bin" % server.port
    assert download(tmp_path, url, options={"ca": ca}, lookup="127.0.0.1").data == CONTENT


def untrusted(serve, name):
    """A server that is not the one it should be."""
    if name == "another authority":
        return serve(by=trustme.CA())
    if name == "another host":
        return serve(host="elsewhere.example")
    return serve(not_after=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))


@pytest.mark.parametrize("name", ["another authority", "another host", "out of date"])
def test_a_server_that_is_not_verified_gets_no_data(serve, ca, tmp_path, name):
    server = untrusted(serve, name)
    for outcome in (
        download(tmp_path, server.url.replace("//", "//u:p@") + "/upoint.bin", options={"ca": ca}),
        upload(tmp_path, server.url.replace("//", "//u:p@") + "/x", CONTENT, options={"ca": ca}),
    ):
        assert (outcome.reason, outcome.again) == ("certificate", False)
        assert "localhost:%d, handshake of TLS: " % server.port in outcome.text and "\n" not in outcome.text
        assert outcome.calls == [34000, "tls", "no tls"]
    assert server.requests == []


ROOT = certificate("authority", is_ca=True, names=())
LEAF = certificate("localhost", ROOT)
RSA = certificate("localhost", ROOT, key="RSA")
REFUSALS = {
    "no subjectAltName": (lambda: context_of(certificate("localhost", ROOT, ())), "certificate", "subjectAltName"),
    "an authority's": (
        lambda: context_of(certificate("localhost", ROOT, is_ca=True)), "certificate", "authority, not of a server"),
    "the address, but not the name": (
        lambda: context_of(certificate("localhost", ROOT, ["127.0.0.1"])), "certificate", ""),
    "AES128-SHA": (lambda: weak(RSA, "AES128-SHA"), "connection", "ALERT"),
    "CBC": (lambda: weak(LEAF, "ECDHE-ECDSA-AES128-SHA256"), "connection", "ALERT"),
    "CHACHA20": (lambda: weak(RSA, "ECDHE-RSA-CHACHA20-POLY1305"), "connection", "ALERT"),
}  # fmt: skip


def weak(made, ciphers):
    return context_of(made, ciphers=ciphers + ":@SECLEVEL=0", maximum_version=ssl.TLSVersion.TLSv1_2)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_server_is_as_good_as_the_central_system_has_to_be(tmp_path, name):
    """As A00.FR.307, 318 and 422 ask of the central system."""
    context, reason, text = REFUSALS[name]
    server, ca = HttpServer(context()), tmp_path / "root.der"
    server.files["/upoint.bin"] = CONTENT
    ca.write_bytes(ROOT.der)
    url = server.url.replace("//", "//u:p@")
    for outcome in (
        download(tmp_path, url + "/upoint.bin", options={"ca": str(ca)}),
        upload(tmp_path, url + "/x", CONTENT, options={"ca": str(ca)}),
    ):
        assert outcome.reason == reason and text in outcome.text and "\n" not in outcome.text
        assert "localhost:%d, handshake of TLS: " % server.port in outcome.text
        assert outcome.calls == [34000, "tls", "no tls"]
    assert server.requests == []
    server.close()


@pytest.mark.parametrize(
    "ciphers", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "AES128-GCM-SHA256"]
)
def test_the_cipher_suites_of_the_white_paper(tmp_path, ciphers):
    """A00.FR.318, 422, under TLS 1.2."""
    server, ca = HttpServer(weak(LEAF if "ECDSA" in ciphers else RSA, ciphers)), tmp_path / "root.der"
    server.files["/upoint.bin"] = CONTENT
    ca.write_bytes(ROOT.der)
    outcome = download(tmp_path, server.url + "/upoint.bin", options={"ca": str(ca)})
    assert outcome.error is None and outcome.data == CONTENT
    server.close()


def test_without_an_authority_https_is_refused(serve, tmp_path):
    server = serve()
    outcome = download(tmp_path, server.url + "/upoint.bin")
    assert (outcome.reason, outcome.again) == ("certificate", False) and outcome.calls == [] and not server.requests


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\n!!\n", b"x" * 20000, None])
def test_an_authority_that_is_none(serve, tmp_path, content):
    if content is not None:
        (tmp_path / "wrong").write_bytes(content)
    outcome = download(tmp_path, serve().url + "/upoint.bin", options={"ca": str(tmp_path / "wrong")})
    assert outcome.reason == "certificate" and "authority" in outcome.text and outcome.calls == []


def test_a_redirect_to_https_is_followed_and_its_memory_asked_for(serve, ca, tmp_path):
    server, plain = serve(), HttpServer()
    plain.refusals["/"] = (302, {"Location": server.url + "/upoint.bin"})
    outcome = download(tmp_path, plain.url, options={"ca": ca})
    assert outcome.data == CONTENT and outcome.calls == [6000, 34000, "tls", "no tls"]
    plain.close()


def test_a_redirect_from_https_to_http_is_refused(serve, ca, tmp_path):
    server, plain = serve(), HttpServer()
    plain.files["/"] = CONTENT
    server.refusals["/upoint.bin"] = (302, {"Location": plain.url})
    outcome = download(tmp_path, server.url + "/upoint.bin", options={"ca": ca})
    assert outcome.reason == "redirect" and "from https to http" in outcome.text and plain.requests == []
    plain.close()


def only_old(context):
    context.minimum_version = ssl.TLSVersion.TLSv1_1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_no_tls_before_1_2(serve, ca, tmp_path):
    server = serve(change=only_old)
    outcome = download(tmp_path, server.url + "/upoint.bin", options={"ca": ca})
    assert outcome.reason == "connection" and not server.requests


def one_connection(serve_it):
    """A plain TCP server for one connection; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run():
        connection, _ = listener.accept()
        with connection, listener:
            try:
                serve_it(connection)
            except OSError:
                pass

    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1]


def test_a_server_that_does_not_speak_tls(ca, tmp_path):
    port = one_connection(lambda connection: connection.sendall(b"220 welcome\r\n" * 100))
    outcome = download(tmp_path, "https://localhost:%d/" % port, options={"ca": ca})
    assert outcome.reason == "connection" and "handshake of TLS" in outcome.text


def test_a_server_that_is_silent_in_the_handshake(ca, tmp_path):
    gone = threading.Event()

    def script(connection):
        while connection.recv(1000):
            pass
        gone.set()

    outcome = download(tmp_path, "https://localhost:%d/" % one_connection(script), options={"ca": ca, "timeout_s": 1})
    assert outcome.reason == "silent" and outcome.calls == [34000, "tls", "no tls"] and outcome.ticks > 20
    assert gone.wait(patient(2))


def test_a_cancelled_handshake_closes_the_socket(ca, tmp_path):
    gone = threading.Event()

    def script(connection):
        while connection.recv(1000):
            pass
        gone.set()

    outcome = download(tmp_path, "https://localhost:%d/" % one_connection(script), options={"ca": ca}, cancel_at=0)
    assert outcome.reason == "cancelled" and outcome.calls == [34000, "tls", "no tls"]
    assert gone.wait(patient(2))


def cut_off(authority, answer, notice):
    """The port of a server with TLS that gives `answer` and ends the connection, with a notice or without."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)

    def script(connection):
        with context.wrap_socket(connection, server_side=True) as line:
            line.recv(1000)
            line.sendall(answer)
            if notice:
                line.settimeout(0)
                try:
                    line.unwrap()
                except ssl.SSLWantReadError:  # it has sent its notice, and would wait for that of the client
                    pass

    return one_connection(script)


@pytest.mark.parametrize("notice", [True, False])
def test_without_a_length_the_file_ends_with_the_connection(authority, ca, tmp_path, notice):
    """With a notice of TLS or without: MicroPython does not tell one from the other."""
    port = cut_off(authority, b"HTTP/1.1 200 OK\r\n\r\nhello", notice)
    outcome = download(tmp_path, "https://localhost:%d/" % port, options={"ca": ca})
    assert outcome.error is None and outcome.data == b"hello"


def test_a_broken_body_is_truncated(authority, ca, tmp_path):
    port = cut_off(authority, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", False)
    outcome = download(tmp_path, "https://localhost:%d/" % port, options={"ca": ca})
    assert outcome.reason == "truncated" and "5 of 9" in outcome.text
