"""Where and as whom to connect (OCPP-J 3.1.1, 6.2.2, white paper A00, 7.2)."""

from binascii import a2b_base64, hexlify

from link_world import section

from ocpp.link.address import headers_of, password, percent_encode, split_url, target, url_of


def credentials(key, way, identity="id"):
    """What Authorization holds, or None."""
    lines = headers_of(section("ws://h", key), identity, way)
    if not lines:
        return None
    (line,) = lines
    assert line.startswith(b"Authorization: Basic ") and b"\n" not in line
    return a2b_base64(line[len(b"Authorization: Basic ") :])


def test_the_example_of_the_specification():
    """OCPP-J 6.2.2."""
    key = "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF"
    (line,) = headers_of(section("ws://h", key), "AL1000", [1, None])
    assert line == b"Authorization: Basic QUwxMDAwOgABAgMEBQYH////////////////"


def test_a_password_leaves_with_profiles_1_and_2_only():
    """A00.FR.202 to 204, 301 to 303: with every request, the identity is the user."""
    for profile, given in ((0, None), (1, b"id:secret"), (2, b"id:secret"), (3, None)):
        assert credentials("secret", [profile, None]) == given, profile


def test_keys_that_are_not_hexadecimal_are_taken_as_they_are():
    for key, secret in (
        ("secret", b"secret"),
        ("z" * 40, b"z" * 40),
        ("0" * 38, b"0" * 38),
        ("pässwörd:x", "pässwörd:x".encode()),
        ("aAbB" * 10, b"\xaa\xbb" * 10),
    ):
        assert credentials(key, [1, None]) == b"id:" + secret, key


def test_a_key_of_the_central_system_is_16_to_20_bytes_in_hexadecimal():
    """7.2, A00.FR.205, 304; what is no such number is a text, and so is what is shorter."""
    for size in range(16, 21):
        secret = bytes(range(size))
        assert password(hexlify(secret).decode(), True) == secret
        assert credentials("", [2, hexlify(secret).decode().upper()]) == b"id:" + secret
    for text in ("0123456789abcdef", "0" * 31, "0" * 33, "g" * 32, "0123456789abcdef0123456789abcde-"):
        assert password(text, True) == text.encode()


def test_the_address_of_each_profile():
    """A00.FR.006: it may be another for each; else that of csms.url with wss. There is none back to ws."""
    plain, secure = section("ws://h:9/a"), section("wss://h/a")
    assert [url_of(plain, profile) for profile in range(4)] == ["ws://h:9/a", "ws://h:9/a"] + ["wss://h:9/a"] * 2
    assert [url_of(secure, profile) for profile in range(4)] == ["wss://h/a", None, "wss://h/a", "wss://h/a"]
    named = section("ws://h", p1="ws://one", p2="wss://two", p3="wss://three")
    assert [url_of(named, profile) for profile in range(4)] == ["ws://h", "ws://one", "wss://two", "wss://three"]
    assert url_of(section("wss://h", p1="ws://one"), 1) == "ws://one"


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


def test_the_identity_stands_where_the_url_wants_it():
    """{id} marks its place, also before a slash or in a query; without it, it ends the path, before a query (OCPP-J
    3.1.1)."""
    for url, path in (
        ("ws://h:9/webServices/ocpp", "/webServices/ocpp/a%20b"),
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
        ("ws://h", "/a%20b"),
    ):
        assert target(split_url(url)[3], "a b") == path, url
