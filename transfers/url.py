"""URLs of files (RFC 3986; RFC 1738 3.2 for FTP), taken apart."""

from micropython import const

from transfers.failure import failed

PORTS = {"http": 80, "https": 443, "ftp": 21}
_MAX_HOST = const(253)
_DIGITS = "0123456789abcdefABCDEF"
_IN_HOST = "abcdefghijklmnopqrstuvwxyz0123456789-._"
_IN_PATH = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%"


class Url:
    """`scheme`: "http", "https" or "ftp"; `user`, `password`: bytes, percent-decoded, None without; `host`; `port`;
    `path`: path and query, percent-encoded ASCII, "/" at least."""

    def __init__(self, scheme, credentials, host, port, path):
        self.scheme = scheme
        self.user = self.password = None
        if credentials is not None:
            user, colon, password = credentials.partition(":")
            self.user, self.password = decoded(user), decoded(password) if colon else None
        self.host = host
        self.port = port
        self.path = path

    def place(self):
        """Scheme, host, and the port if it is not the usual one."""
        port = "" if self.port == PORTS[self.scheme] else ":%d" % self.port
        return "%s://%s%s" % (self.scheme, self.host, port)

    def shown(self):
        """For texts that people read: without user and password, and without the query, which may be a secret."""
        return self.place() + self.path.split("?")[0]


def parse(text):
    """The Url in `text`; TransferError "bad url"."""
    scheme, mark, rest = text.strip().partition("://")
    scheme = scheme.lower()
    if not mark or scheme not in PORTS:
        raise failed("bad url", "it does not begin with http://, https:// or ftp://")
    for character in rest:
        if character < " " or character == "\x7f":
            raise failed("bad url", "it has a control character")
    rest = rest.split("#")[0]
    end = min([at for at in (rest.find("/"), rest.find("?"), len(rest)) if at >= 0])
    credentials, mark, place = rest[:end].rpartition("@")
    host, port = _host_and_port(place, PORTS[scheme])
    path = encoded(rest[end:])
    return Url(scheme, credentials if mark else None, host, port, path if path[:1] == "/" else "/" + path)


def encoded(path):
    """A path and query with all percent-encoded that has to be; what is already encoded stays."""
    decoded(path)  # is each % followed by two digits?
    return "".join([character if character in _IN_PATH else quoted(character) for character in path])


def quoted(text):
    """`text` with every byte percent-encoded that is not a letter, a digit or one of -._~"""
    return "".join(
        [
            chr(byte) if 48 <= byte < 58 or 65 <= byte < 91 or 97 <= byte < 123 or byte in b"-._~" else "%%%02X" % byte
            for byte in text.encode()
        ]
    )


def decoded(text):
    """The bytes that a percent-encoded `text` stands for; TransferError "bad url"."""
    first, *others = text.split("%")
    parts = [first.encode()]
    for other in others:
        if len(other) < 2 or other[0] not in _DIGITS or other[1] not in _DIGITS:
            raise failed("bad url", "a % without two hexadecimal digits after it")
        parts.append(bytes((int(other[:2], 16),)) + other[2:].encode())
    return b"".join(parts)


def _host_and_port(place, usual):
    host, colon, port = place.partition(":")
    host = host.lower()
    if not host or len(host) > _MAX_HOST or not all([character in _IN_HOST for character in host]):
        raise failed("bad url", "no host name or IPv4 address")  # not shown: a / in a password would end up here
    if not colon or not port:
        return host, usual
    if not (port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
        raise failed("bad url", "no port from 1 to 65535")
    return host, int(port)
