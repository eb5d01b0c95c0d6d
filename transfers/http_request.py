"""Requests in HTTP/1.1, one a connection (RFC 9112 3), and what an answer that refuses says."""

import binascii

from transfers import connection
from transfers.failure import failed

_LATER = (408, 425, 429)  # and all from 500 on


async def connect(url, options):
    """A Connection to the server of `url`."""
    context = None
    if url.scheme == "https":
        from transfers import certificates

        context = certificates.context(options.get("ca"))
    return await connection.connect(url.host, url.port, options, context)


async def send(line, method, url, fields):
    """Send the head of a request over the Connection `line`; `fields`: texts "Name: value"."""
    line.step = method
    lines = [
        "%s %s HTTP/1.1" % (method, url.path),
        "Host: " + url.place().split("://")[1],
        "User-Agent: upoint",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    ] + fields
    if url.user is not None:
        pair = binascii.b2a_base64(url.user + b":" + (url.password or b"")).decode().strip()
        lines.append("Authorization: Basic " + pair)
    await line.send(("\r\n".join(lines) + "\r\n\r\n").encode())


def refused(url, answer):
    """The TransferError for an answer that is neither success nor redirect."""
    again = answer.status in _LATER or answer.status >= 500
    error = failed("refused", "%s: %s" % (url.shown(), answer.text), again)
    error.code = answer.status
    return error
