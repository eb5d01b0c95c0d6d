"""Reads the answer of a server that refuses the WebSocket; loaded for it (RFC 9110 10.2.2, 10.2.3)."""

from ocpp.websocket.frames import HandshakeError

_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)
_LONGEST = 200  # bytes of a line that are logged
_MONTHS = b"JanFebMarAprMayJunJulAugSepOctNovDec"


def error(status, line, fields):
    """The HandshakeError for an answer other than 101: its status `line` and its header `fields` in lower case, bytes.

    The target of a redirect is logged and not followed: the password must not reach another host."""
    text = _text(line)
    if status in _REDIRECTS and b"location" in fields:
        text += ", not followed to " + _text(fields[b"location"])
    return HandshakeError(status, text, _retry_after(fields) if status in _BUSY else 0)


def _text(value):
    # As ISO 8859-1, for nothing says that the bytes of a header are UTF-8.
    return "".join([chr(byte) for byte in value[:_LONGEST]])


def _retry_after(fields):
    """Seconds; a date counts from the server's own in the field Date, as the clock may not be set. 0 without either."""
    value = fields.get(b"retry-after", b"")
    if value.isdigit():
        return int(value[:9])
    try:
        return max(0, _seconds(value) - _seconds(fields.get(b"date", b"")))
    except ValueError:
        return 0


def _seconds(date):
    """Seconds since 2000 of a date like b"Sun, 06 Nov 2033 08:49:37 GMT"; ValueError."""
    _, _, rest = date.partition(b", ")
    words = rest.split(b" ")
    if len(words) != 5 or len(words[1]) != 3 or _MONTHS.find(words[1]) % 3:
        raise ValueError
    hour, minute, second = [int(word) for word in words[3].split(b":")]
    from ocpp.clock import iso8601

    days = iso8601.days_to(int(words[2]), _MONTHS.find(words[1]) // 3 + 1, int(words[0]))
    return days * 86400 + hour * 3600 + minute * 60 + second
