"""Where and as whom to connect (OCPP-J 3.1.1, 6.2.2)."""

from binascii import a2b_base64

from helpers import folder, raises

from ocpp.link.address import basic_authorization, percent_encode, resolve, split_url


def section(url, key="", ca_cert=""):
    return {"url": url, "authorization_key": key, "ca_cert": ca_cert, "backoff_s": [1, 2]}


def test_the_example_of_the_specification():
    """OCPP-J 6.2.2."""
    line = basic_authorization("AL1000", "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")
    assert line == b"Authorization: Basic QUwxMDAwOgABAgMEBQYH////////////////"


def test_keys_that_are_not_hexadecimal_are_taken_as_they_are():
    for key, password in (
        ("secret", b"secret"),
        ("z" * 40, b"z" * 40),
        ("0" * 38, b"0" * 38),
        ("pässwörd:x", "pässwörd:x".encode()),
        ("aAbB" * 10, b"\xaa\xbb" * 10),
    ):
        line = basic_authorization("id", key)
        assert a2b_base64(line[len(b"Authorization: Basic ") :]) == b"id:" + password, key
        assert b"\n" not in line


def test_percent_encoding_of_the_identity():
    """RFC 3986 2.1, 2.3: one path segment, whatever is in it."""
    for text, encoded in (
        ("upoint-01", "upoint-01"),
        ("A.b_c~9", "A.b_c~9"),
        ("a b", "a%20b"),
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("100%", "100%25"),
        ("RDAM|123", "RDAM%7C123"),
        ("ü€", "%C3%BC%E2%82%AC"),
        ("\r\nX: y", "%0D%0AX%3A%20y"),
    ):
        assert percent_encode(text) == encoded


def test_parts_of_a_url():
    for url, parts in (
        ("ws://h", (False, "h", 80, "")),
        ("wss://h", (True, "h", 443, "")),
        ("WSS://Host.example:8443/", (True, "Host.example", 8443, "/")),
        ("ws://127.0.0.1:9/ocpp/1.6/", (False, "127.0.0.1", 9, "/ocpp/1.6/")),
        ("ws://h:9?a=b/c", (False, "h", 9, "?a=b/c")),
        ("ws://h/a", (False, "h", 80, "/a")),
    ):
        assert split_url(url) == parts


def test_the_identity_ends_the_path():
    host, port, path, context, headers = resolve(section("ws://central.example:9/webServices/ocpp"), "RDAM|123")
    assert (host, port, path) == ("central.example", 9, "/webServices/ocpp/RDAM%7C123")
    assert context is None and headers == ()
    assert resolve(section("ws://h"), "x")[2] == "/x"


def test_the_identity_stands_where_the_url_wants_it():
    """{id} marks its place, also before a slash or in a query; without it, it ends the path, before a query."""
    for url, path in (
        ("ws://h/ocpp/{id}/", "/ocpp/a%20b/"),
        ("ws://h/{id}/ocpp", "/a%20b/ocpp"),
        ("ws://h/ocpp?cp={id}&x=y", "/ocpp?cp=a%20b&x=y"),
        ("ws://h?{id}", "/?a%20b"),
        ("ws://h/{id}/{id}", "/a%20b/a%20b"),
        ("ws://h/ocpp?x=y/", "/ocpp/a%20b?x=y/"),
        ("ws://h/ocpp/?x=y", "/ocpp/a%20b?x=y"),
        ("ws://h?x=y", "/a%20b?x=y"),
        ("ws://h/ocpp/", "/ocpp/a%20b"),
        ("ws://h/", "/a%20b"),
    ):
        assert resolve(section(url), "a b")[2] == path, url


def test_only_with_a_key_there_is_an_authorization():
    assert resolve(section("ws://h", "key"), "x")[4] == (basic_authorization("x", "key"),)


def test_wss_without_a_good_certificate_is_refused_with_the_reason():
    path = folder("address") + "/no.der"
    with open(path, "wb") as file:
        file.write(b"no certificate")
    for name in ("", path + ".missing", path):
        error = raises(ValueError, resolve, section("wss://h", "", name), "x")
        assert "csms.ca_cert" in str(error) and repr(name) in str(error)
