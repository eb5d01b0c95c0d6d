"""The body of an answer in HTTP/1.1 (RFC 9112 6, 7.1): by its length, in chunks, or until the connection ends.

In the last case nobody can say whether it was whole, with TLS neither: MicroPython does not tell an end with notice
from one without, and loses one that comes right after data, so that only the end of TCP counts. The receiver has to
know by other means.
"""

from micropython import const

_MAX_CHUNK_LINE = const(256)  # a size and what is said of it
_MAX_TRAILERS = const(100)
_MAX_DIGITS = const(7)


async def read(connection, answer, take):
    """Call `take(view)` with each piece of the body. TransferError when it ends too early."""
    connection.step = "body"
    if answer.is_chunked:
        await _chunked(connection, take)
    elif answer.length is not None:
        await _counted(connection, answer.length, take)
    else:
        await _until_end(connection, take)


async def _counted(connection, length, take):
    left = length
    while left:
        view = await connection.piece(left)
        if not len(view):
            raise connection.failed("truncated", "the server has closed after %d of %d bytes" % (length - left, length))
        left -= len(view)
        take(view)


async def _until_end(connection, take):
    while True:
        view = await connection.piece()
        if not len(view):
            return
        take(view)


async def _chunked(connection, take):
    while True:
        line = await connection.line(_MAX_CHUNK_LINE)
        size = _size(line.partition(b";")[0].strip())
        if size is None:
            raise connection.failed("protocol", "no size of a chunk")
        if not size:
            break
        await _counted(connection, size, take)
        if await connection.line(2):
            raise connection.failed("protocol", "a chunk is longer than its size")
    for _ in range(_MAX_TRAILERS):
        if not await connection.line(_MAX_CHUNK_LINE, 8192):
            return
    raise connection.failed("protocol", "too many fields after the body")


def _size(digits):
    """The number that the hexadecimal `digits` are, None if they are none."""
    if not 0 < len(digits) <= _MAX_DIGITS or not all([digit in b"0123456789abcdefABCDEF" for digit in digits]):
        return None
    return int(digits, 16)
