"""The head of an answer in HTTP/1.1 (RFC 9112 4 to 6): its status and the few fields a transfer needs."""

from micropython import const

from transfers.failure import text_of

_MAX_KEPT = const(2048)  # of a line; a Location may be long
_MAX_LINE = const(8192)
_MAX_FIELDS = const(100)
_MAX_INTERIM = const(5)  # answers 1xx before the one that counts


class Answer:
    """`status`, `text`: the rest of the first line. Of the fields: `length`: bytes of the body or None; `is_chunked`;
    `range`: (first, last, total) of Content-Range, each None if unknown, or None; `location`; `tag`: a strong ETag, or
    else Last-Modified, ""."""

    def __init__(self, status, text):
        self.status, self.text = status, text
        self.length = self.range = self.location = None
        self.is_chunked = False
        self.tag = ""


async def final(connection):
    """The Answer that is not 1xx."""
    for _ in range(_MAX_INTERIM):
        answer = await head(connection)
        if answer.status >= 200:
            return answer
    raise connection.failed("protocol", "only answers with a status below 200")


async def head(connection):
    """The next Answer, whatever its status; TransferError."""
    connection.step = "answer"
    line = await connection.line(_MAX_KEPT, _MAX_LINE)
    version, _, rest = line.partition(b" ")
    status = rest.split(b" ")[0]
    if version not in (b"HTTP/1.1", b"HTTP/1.0") or len(status) != 3 or not status.isdigit() or status < b"100":
        raise connection.failed("protocol", "no HTTP/1.1: %s" % text_of(line))
    answer = Answer(int(status), text_of(rest))
    for _ in range(_MAX_FIELDS):
        line = await connection.line(_MAX_KEPT, _MAX_LINE)
        if not line:
            return answer
        name, _, value = line.partition(b":")
        wrong = _take(answer, name.lower(), value.strip(), len(line) >= _MAX_KEPT)
        if wrong:
            raise connection.failed("protocol", "%s is %s" % (text_of(name), wrong))
    raise connection.failed("protocol", "more than %d fields in the head" % _MAX_FIELDS)


def _take(answer, name, value, is_cut):
    """Take over a field; what is wrong with it, or None."""
    if name == b"content-length":
        if not _is_number(value) or answer.length not in (None, int(value)):
            return "'%s'" % text_of(value)
        answer.length = int(value)
    elif name == b"transfer-encoding":
        answer.is_chunked = value.lower() == b"chunked"
        return None if answer.is_chunked else "'%s'" % text_of(value)
    elif name == b"content-encoding":
        return None if value.lower() in (b"identity", b"") else "'%s'" % text_of(value)
    elif name == b"content-range":
        answer.range = _range(value)
    elif name == b"location":
        answer.location = _text(value)
        return "too long" if is_cut else "no text" if answer.location is None else None
    elif len(value) < 100 and (name == b"etag" and value[:1] == b'"' or name == b"last-modified" and not answer.tag):
        answer.tag = text_of(value)
    return None


def _text(value):
    """`value` as text; None if it is not UTF-8."""
    try:
        return value.decode()
    except UnicodeError:
        return None


def _is_number(value):
    return 0 < len(value) < 11 and value.isdigit()


def _range(value):
    """(first, last, total) of "bytes 5-9/10", "bytes 5-9/*" or "bytes */10"; None if it is anything else."""
    unit, _, rest = value.partition(b" ")
    part, _, total = rest.strip().partition(b"/")
    first, _, last = part.partition(b"-")
    if unit.lower() != b"bytes" or not (_is_number(total) or total == b"*"):
        return None
    total = None if total == b"*" else int(total)
    if part == b"*":
        return None, None, total
    if not _is_number(first) or not _is_number(last) or not int(first) <= int(last):
        return None
    return int(first), int(last), total
