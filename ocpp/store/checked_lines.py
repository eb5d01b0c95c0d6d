"""Lines of JSON with a checksum, the form of all that is appended to a file: CRC-32 in hexadecimal, a space, a JSON
list, a newline. In the segments of the outbox the first element of the list is the sequence number."""

import binascii
import json

from micropython import const

PREFIX = "queue."  # of the name of a segment; not that of a record of the store
SEGMENT_BYTES = 4096
_CHUNK = const(512)
_LONGEST = const(16384)  # bytes of a line


def encode(record):
    """One line of a segment."""
    body = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %s\n" % (binascii.crc32(body), body)


def whole(line):
    """Whether a line is not torn."""
    try:
        return line[-1:] == b"\n" and int(line[:8], 16) == binascii.crc32(line[9:-1])
    except ValueError:
        return False


def number_of(line):
    """The sequence number of a whole line."""
    return int(line[10 : line.find(b",")])


def lines(path):
    """Each line of a file; the files of MicroPython read them a byte at a time. A line that is too long to be one of
    ours comes in pieces."""
    rest = b""
    with open(path, "rb") as file:
        more = file.read(_CHUNK)
        while more:
            rest += more
            end = rest.find(b"\n") + 1
            while end:
                yield rest[:end]
                rest = rest[end:]
                end = rest.find(b"\n") + 1
            if len(rest) > _LONGEST:
                yield rest
                rest = b""
            more = file.read(_CHUNK)
    if rest:
        yield rest
