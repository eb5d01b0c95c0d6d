"""The file side of the outbox: an append-only queue of JSON lines in segments of one flash block.

A line is CRC-32 in hexadecimal, a space, a JSON list whose first element is the sequence number, a newline. A segment
is the file queue.<sequence number>, that of its first line when it was begun; it is deleted when all its lines have
been taken. Numbers ascend over all segments but for lines that a power cut has left twice, which count once.
"""

import binascii
import json

from micropython import const

from .on_demand import load

SEGMENT_BYTES = const(4096)
PREFIX = "queue."  # not that of a record of the store


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


class Journal:
    """Lines with ascending sequence numbers. `count`: lines to be taken; `segments`: the numbers in the names of the
    files, `sizes`: their bytes; `fresh`: the next line begins a segment."""

    def __init__(self, store, first):
        """Open the segments in `store`; lines numbered below `first` have been taken."""
        self.store = store
        self.offset = 0  # in the first segment, of what is to be taken next
        load("ocpp.journal_scan").scan(self, first)

    @property
    def bytes(self):
        return sum(self.sizes)

    def path(self, index):
        return "%s/%s%d" % (self.store.path, PREFIX, self.segments[index])

    def append(self, record):
        """Put `record`, a list whose first element becomes its number, on flash; returns the number."""
        record[0] = number = self.next
        line = encode(record)
        if self.fresh or self.sizes[-1] + len(line) > SEGMENT_BYTES:
            self.segments.append(number)
            self.sizes.append(0)
            self.fresh = False
        self.store.append(PREFIX + str(self.segments[-1]), line)
        self.sizes[-1] += len(line)
        self.next = number + 1
        self.count += 1
        return number

    def first(self, at_least):
        """The first record numbered `at_least` or higher, or None; what lies before it is not read again."""
        while self.segments:
            with open(self.path(0), "rb") as file:
                file.seek(self.offset)
                line = file.readline()
                while line:
                    if whole(line) and number_of(line) >= at_least:
                        return json.loads(line[9:-1])
                    self.offset += len(line)
                    line = file.readline()
            if len(self.segments) == 1:
                return None
            self.drop()
        return None

    def taken(self):
        """The record that `first` gave is done with; its file goes when it was the last of a full segment."""
        self.count -= 1
        if self.count == 0 and self.sizes[-1] >= SEGMENT_BYTES - 128:
            while self.segments:
                self.drop()
            self.fresh = True

    def drop(self):
        """Delete the first segment."""
        self.store.remove_file(PREFIX + str(self.segments.pop(0)))
        self.sizes.pop(0)
        self.offset = 0
