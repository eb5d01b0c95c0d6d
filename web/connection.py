"""One HTTP connection: a request is read whole before anything is done for it, and its answer leaves when that is over,
so that whatever handles it is needed for a moment only. What cannot be read is refused here."""

import asyncio
import json

from micropython import const

MAX_HEAD = 2048  # bytes of the request line and the header
MAX_BODY = 1024
NO_MEMORY = "no memory at the moment"
_CHUNK = const(256)
_MAX_DISCARDED = const(1048576)
_DISCARD_S = const(1)
# What a browser must not do with an answer: keep it, take it for something else, show it in another site's page.
_HEAD = """HTTP/1.0 %d N/A\r
Content-Type: %s\r
Content-Length: %d\r
Cache-Control: no-store\r
X-Content-Type-Options: nosniff\r
Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r
X-Frame-Options: DENY\r
Cross-Origin-Resource-Policy: same-origin\r
%s\r
"""
_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"


def _decode(text):
    """`text` without its percent-encoding (RFC 3986 2.1). ValueError if it has none."""
    first, *parts = text.split("%")
    return b"".join([first.encode()] + [bytes([int(part[:2], 16)]) + part[2:].encode() for part in parts]).decode()


class Connection:
    """Nothing here waits but request() and answer()."""

    def __init__(self, stream):
        self._stream = stream
        self._read = b""
        self._end = self._length = 0  # where the body begins, and how long it is
        self._written = []
        self._sending = False

    async def request(self):
        """Read a request; False when there is none, or when it was refused, which has been answered then."""
        self._end = end = await self._read_head()
        if end == 0:
            return False
        status, text, length = (0, "", 0) if end > 0 else self._too_long()
        if not status:
            status, text, length = self._check_length(end)
        self._length = length
        missing = length - (len(self._read) - end)
        if status:
            self.refuse(status, text)
            await self.answer()
            await self._discard(missing)
            return False
        if missing > 0:
            self._read += await self._stream.readexactly(missing)
        return True

    async def _read_head(self):
        """Read up to the empty line; the place of the body, 0 if the client has gone, -1 if the head is too long."""
        while True:
            more = await self._stream.read(_CHUNK)
            self._read += more
            ends = [self._read.find(mark) + len(mark) for mark in (b"\n\r\n", b"\n\n") if mark in self._read]
            if ends:
                return min(ends) if min(ends) <= MAX_HEAD else -1
            if not more:
                return 0
            if len(self._read) > MAX_HEAD:
                return -1

    def _too_long(self):
        """(status, text, bytes that may follow) of a head that is too long."""
        if b"\n" in self._read[:MAX_HEAD]:
            return 431, "header too large", _MAX_DISCARDED
        return 414, "path too long", _MAX_DISCARDED

    def _check_length(self, end):
        """(status, text, length of the body) from the fields before `end`; status 0 when the body can be read."""
        lengths = self._fields(end, b"content-length")
        if self._fields(end, b"transfer-encoding"):
            return 411, "Content-Length needed", _MAX_DISCARDED
        if not lengths:
            return 0, "", 0
        if len(lengths) > 1 or not lengths[0].isdigit():
            return 400, "malformed Content-Length", _MAX_DISCARDED
        length = int(lengths[0])
        return (413, "body too large", length) if length > MAX_BODY else (0, "", length)

    def _fields(self, end, name):
        """The different values that the header has for `name`."""
        values = []
        for line in self._read[:end].split(b"\n")[1:]:
            found, _, value = line.partition(b":")
            if found.strip().lower() == name and value.strip() not in values:
                values.append(value.strip())
        return values

    async def _discard(self, count):
        """Read `count` bytes, or what comes within a second of the one before: closed before the client has sent all,
        the connection would be reset, and the answer might not be seen."""
        count = min(count, _MAX_DISCARDED)
        try:
            while count > 0:
                more = await asyncio.wait_for(self._stream.read(_CHUNK), _DISCARD_S)
                count = count - len(more) if more else 0
        except asyncio.TimeoutError:
            pass

    async def give_up(self):
        """Memory has run out. Send the answer that is complete, else 503; neither if a part of one has been sent."""
        if not self._sending:
            if not self._written:
                self.refuse(503, NO_MEMORY)
            await self.answer()
            await self._discard(_MAX_DISCARDED)

    def parts(self):
        """(method, path, name in lower case -> value of each header field, body) of the request that was read; the
        values of one that stands twice have a comma between them (RFC 9110 5.3). What follows a ? in the path must be
        well-formed and means nothing here. ValueError if something is malformed (RFC 9112 3, 5)."""
        first, *lines = self._read[: self._end].decode().strip().split("\n")
        method, target, version = first.strip().split(" ")
        if not version.startswith("HTTP/"):
            raise ValueError
        fields = {}  # type: dict[str, str]
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise ValueError
            name, value = name.strip().lower(), value.strip()
            if name == "host" and name in fields:
                raise ValueError
            fields[name] = fields[name] + ", " + value if name in fields else value
        path, _, query = target.partition("?")
        _decode(query)
        return method, path, fields, self._read[self._end : self._end + self._length]

    def address(self):
        """Whose request it is, without the port: text on a board, on a PC the bytes of the socket address."""
        peer = self._stream.get_extra_info("peername")
        return peer[0] if isinstance(peer, tuple) else bytes(peer[4:24])

    def shown(self, address):
        """The address() as text."""
        return address if isinstance(address, str) else ".".join([str(part) for part in address[:4]])

    def rewind(self):
        """Start the answer again; no byte of it has been sent."""
        self._written.clear()

    def put(self, answer, only_head=False):
        """The answer: a dict, or (dict, HTTP status)."""
        answer, status = answer if isinstance(answer, tuple) else (answer, 200)
        body = json.dumps(answer).encode()
        self._put_head(status, len(body), "")
        if not only_head:
            self._written.append(body)

    def put_text(self, source, only_head=False):
        """The answer: `source` has its `size` in bytes, and `pieces()` gives them while they are sent, a generator."""
        self._put_head(200, source.size, "", _TEXT)
        if not only_head:
            self._written.append(source)

    def refuse(self, status, text, field=""):
        """Answer {"error": text}, with one more header field."""
        body = '{"error": "%s"}' % text
        self._put_head(status, len(body), field and field + "\r\n")
        self._written.append(body.encode())

    def no_memory(self):
        self.refuse(503, NO_MEMORY)

    def _put_head(self, status, length, fields, kind=_JSON):
        self._written.append((_HEAD % (status, kind, length, fields)).encode())

    async def answer(self):
        """Send what has been written."""
        while self._written:
            self._sending = True
            written = self._written.pop(0)
            for piece in (written,) if isinstance(written, bytes) else written.pieces():
                await self._stream.awrite(piece)
