from helpers import raises

from transfers import TransferError
from transfers.ftp_control import segments
from transfers.http_redirect import followed
from transfers.url import parse, quoted


def parts(text):
    url = parse(text)
    return url.scheme, url.user, url.password, url.host, url.port, url.path


def refused(text):
    error = raises(TransferError, parse, text)
    assert error.reason == "bad url" and not error.again
    return str(error)


def test_the_parts_of_a_url():
    assert parts("http://host/a/b.bin") == ("http", None, None, "host", 80, "/a/b.bin")
    assert parts("HTTPS://Files.Example:8443/x") == ("https", None, None, "files.example", 8443, "/x")
    assert parts(" ftp://192.0.2.7\n") == ("ftp", None, None, "192.0.2.7", 21, "/")
    assert parts("http://host?key=a/b@c:d") == ("http", None, None, "host", 80, "/?key=a/b@c:d")
    assert parts("http://host:/x#y") == ("http", None, None, "host", 80, "/x")


def test_user_and_password():
    assert parts("ftp://cp@host/")[1:3] == (b"cp", None)
    assert parts("ftp://cp:@host/")[1:3] == (b"cp", b"")
    assert parts("ftp://:secret@host/")[1:3] == (b"", b"secret")
    assert parts("ftp://c%40p:a%3Ab%2Fc%25:d@host/")[1:3] == (b"c@p", b"a:b/c%:d")
    assert parts("ftp://a@b:c@host/")[1:3] == (b"a@b", b"c")
    assert parts("ftp://%C3%A9:%ff@host/")[1:3] == (b"\xc3\xa9", b"\xff")


def test_a_path_is_encoded_and_what_is_encoded_stays():
    assert parse("http://h/a b/é/%2f?q=%20 ü").path == "/a%20b/%C3%A9/%2f?q=%20%20%C3%BC"
    assert parse('http://h/"<>\\^`{|}').path == "/%22%3C%3E%5C%5E%60%7B%7C%7D"
    assert parse("http://h/-._~!$&'()*+,;=:@").path == "/-._~!$&'()*+,;=:@"
    assert quoted("a b/c?é.txt") == "a%20b%2Fc%3F%C3%A9.txt"


def test_what_is_no_url():
    for text in ("", "host/x", "http:/host", "file:///x", "ws://h/", "ftps://h/", "://h/", "http:///x", "http://u@/x"):
        refused(text)
    for host in ("a b", "a\tb", "[::1]", "é.example", "a%41", "h" * 254, "a,b", "a\\b"):
        refused("http://%s/" % host)
    for port in ("0", "65536", "x", "-1", "+80", "080808", "8 0"):
        refused("http://h:%s/" % port)
    for path in ("%", "%2", "%g0", "%+1", "% 1", "%1_", "a\nb", "a\r\nb", "\x7f", "\0"):
        refused("http://h/" + path)
        refused("http://%s@h/" % path)


def test_what_people_read_has_no_secret():
    url = parse("http://cp:secret@host:8080/a%20b?token=secret2#secret3")
    assert url.shown() == "http://host:8080/a%20b" and "secret" not in url.place()
    for text in ("http://cp:secret@/x", "http://cp:secret@h h/x", "http://cp:secret@h:x/", "http://cp:secret%@h/",
                 "http://cp:secret/@h/", "http://cp:secret#@h/", "http://cp:secret?@h/"):
        assert "secret" not in refused(text)


def test_where_a_redirect_leads():
    base = "http://host:8080/a/b/c?d"
    for location, path in (
        ("x", "/a/b/x"), ("./x", "/a/b/x"), ("../x", "/a/x"), ("../../../x", "/x"), ("/x", "/x"), ("/x/../y/.", "/y/"),
        ("?q=../z", "/a/b/c?q=../z"), ("", "/a/b/c"), ("x/", "/a/b/x/"), ("..", "/a/"), ("/", "/"),
        ("x?q=a/b", "/a/b/x?q=a/b"),
        ("a b", "/a/b/a%20b"), ("/x#y", "/x"), ("//host:8080/y", "/y"), ("http://host:8080/z", "/z"),
    ):
        url = followed(parse(base), location)
        assert (url.place(), url.path) == ("http://host:8080", path), location
    assert followed(parse(base), "//other/x").place() == "http://other"
    assert followed(parse(base), "HTTPS://host/x").place() == "https://host"
    raises(TransferError, followed, parse(base), "gopher://host/x")


def test_a_password_stays_with_its_server():
    base = parse("http://cp:secret@host/a")
    assert followed(base, "/b").password == followed(base, "http://host:80/b").password == b"secret"
    for location in ("http://host:81/b", "https://host/b", "http://other/b", "//other.host/b"):
        assert followed(base, location).user is None and followed(base, location).password is None
    assert followed(base, "http://a:b@host/").password == b"b"


def test_the_folders_of_ftp():
    for path, expected in (
        ("/f", ([], b"f")), ("", ([], b"")), ("/a/b/f", ([b"a", b"b"], b"f")), ("/a/", ([b"a"], b"")),
        ("//a/f", ([b"/", b"a"], b"f")), ("/%2Fa/f", ([b"/a"], b"f")), ("/a//b///f", ([b"a", b"b"], b"f")),
        ("/a%2Fb/f%20%C3%A9", ([b"a/b"], b"f \xc3\xa9")), ("/f;type=i", ([], b"f")), ("/f?x", ([], b"f?x")),
    ):
        assert segments(parse("ftp://h" + path)) == expected, path


def test_no_url_is_a_command_of_ftp():
    for text in ("/a%0Ab", "/a%0D/b", "/%00", "/a/b%0d%0aDELE%20x"):
        assert raises(TransferError, segments, parse("ftp://h" + text)).reason == "bad url"
    for user in ("a%0d%0aDELE", "a:b%0ac", ":%00"):
        assert raises(TransferError, segments, parse("ftp://%s@h/f" % user)).reason == "bad url"
    for path in ("/f;type=d", "/" + "a/" * 17 + "f"):
        assert raises(TransferError, segments, parse("ftp://h" + path)).reason == "bad url"
