"""JSON with long texts in it, read where memory is short: json.loads() holds each text twice beside the message, and a
heap in pieces has room for it once, or not at all. Loaded for that.
"""

import json

from micropython import const

_LONG = const(512)  # bytes
_ESCAPES = {0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9}  # b f n r t; any other stands for itself
_CERTIFICATES = (b"certificate", b"certificateChain", b"signingCertificate")


def loads(buf):
    """The value of `buf`, a bytearray with JSON that strict_json has found no fault in; it is changed. MemoryError.

    The first long certificate is no str but `buf` itself, with nothing else in it any more: x509/pem.py takes it so."""
    if buf.find(b"\\u0000") >= 0:  # which marks what was taken out
        raise MemoryError("a long message with \\u0000")
    texts, rest = [], bytearray()
    certificate = key = None
    done = at = 0
    while True:
        start = buf.find(b'"', at) + 1
        if not start:
            break
        at = _end(buf, start)
        if at - start <= _LONG or bytes(buf[at + 1 : at + 9]).strip()[:1] == b":":
            key = bytes(memoryview(buf)[start : min(at, start + _LONG)])
        else:
            stop = _unescape(buf, start, at)
            if key in _CERTIFICATES and not certificate:
                certificate = (start, stop)
                texts.append(buf)
            else:
                texts.append(str(memoryview(buf)[start:stop], "utf-8"))
            rest += memoryview(buf)[done:start]
            rest += b"\\u0000%d" % (len(texts) - 1)
            done = at
        at += 1
    if not texts:
        return json.loads(buf)
    rest += memoryview(buf)[done:]
    value = json.loads(rest)  # type: ignore[type-var]
    if certificate:
        _keep(buf, *certificate)
    return _filled(value, texts)


def _keep(buf, start, stop):
    """Leave only buf[start:stop] in `buf`."""
    buf[: stop - start] = memoryview(buf)[start:stop]
    buf[stop - start :] = b""


def _end(buf, at):
    """The offset of the quote that ends the text in which `at` is."""
    while True:
        quote, escape = buf.find(b'"', at), buf.find(b"\\", at)
        if escape < 0 or quote < escape:
            return quote
        at = escape + 2


def _unescape(buf, start, end):
    """Put characters in the place of their escapes; where the text ends then."""
    to = start
    while True:
        escape = buf.find(b"\\", start, end)
        stop = end if escape < 0 else escape
        buf[to : to + stop - start] = memoryview(buf)[start:stop]
        to += stop - start
        if escape < 0:
            return to
        kind, start = buf[escape + 1], escape + 2
        if kind == 0x75:
            start += 4
            character = chr(int(bytes(buf[escape + 2 : start]), 16)).encode()
        else:
            character = bytes((_ESCAPES.get(kind, kind),))
        buf[to : to + len(character)] = character
        to += len(character)


def _filled(value, texts):
    """`value` with each mark replaced by its text."""
    if isinstance(value, str):
        return texts[int(value[1:])] if value[:1] == "\0" else value
    if isinstance(value, (list, dict)):
        for key in range(len(value)) if isinstance(value, list) else list(value):
            value[key] = _filled(value[key], texts)
    return value
