"""The file side of the outbox: an append-only queue of JSON lines in segments of about one flash block.

A line is CRC-32 in hexadecimal, a space, a JSON list whose first element is the sequence number, a newline. A segment
is the file queue.<first sequence number>; it is deleted when all its lines have been taken.
"""

import binascii
import json
import os

from micropython import const

from . import log

_SEGMENT_BYTES = const(4000)
_PREFIX = "queue."  # not that of a record of the store


def encode(record):
    """One line of a segment."""
    body = json.dumps(record, separators=(",", ":")).encode()
    return b"%08x %s\n" % (binascii.crc32(body), body)


def decode(line):
    """The record of a line, or None when it is torn."""
    try:
        if line[-1:] == b"\n" and int(line[:8], 16) == binascii.crc32(line[9:-1]):
            return json.loads(line[9:-1])
    except ValueError:
        pass
    return None


class Journal:
    """Lines with ascending sequence numbers; `bytes` and `count` tell what is still to be taken."""

    def __init__(self, store, first):
        """Open the segments in `store`; lines numbered below `first` have been taken."""
        self._store = store
        self._segments = sorted(int(n[len(_PREFIX) :]) for n in os.listdir(store.path) if n.startswith(_PREFIX))
        self._sizes = []
        self._offset = 0
        self.count = 0
        self.next = first
        torn = self._scan(first)
        if torn and self._segments[-1] == self.next:  # nothing else is in it, and the next segment gets its name
            self._sizes.pop()
            store.remove_file(_PREFIX + str(self._segments.pop()))
        while len(self._segments) > 1 and self._segments[1] <= first:
            self._drop()
        self._fresh = torn or not self._segments

    @property
    def bytes(self):
        return sum(self._sizes)

    def _path(self, index):
        return "%s/%s%d" % (self._store.path, _PREFIX, self._segments[index])

    def _scan(self, first):
        """Count what is there; True when the last line is torn, for nothing may be appended to it."""
        torn = False
        for index in range(len(self._segments)):
            size = 0
            with open(self._path(index), "rb") as file:
                for line in file:
                    size += len(line)
                    record = decode(line)
                    torn = record is None
                    if torn:
                        log.warning("torn line in %s is ignored", self._path(index))
                    elif record[0] >= first:
                        self.count += 1
                        self.next = record[0] + 1
            self._sizes.append(size)
        return torn

    def append(self, record):
        """Put `record`, a list whose first element becomes its number, on flash; returns the number."""
        record[0] = number = self.next
        if self._fresh or self._sizes[-1] >= _SEGMENT_BYTES:
            self._segments.append(number)
            self._sizes.append(0)
            self._fresh = False
        line = encode(record)
        self._store.append(_PREFIX + str(self._segments[-1]), line)
        self._sizes[-1] += len(line)
        self.next = number + 1
        self.count += 1
        return number

    def first(self, at_least):
        """The first record numbered `at_least` or higher, or None; what lies before it is not read again."""
        while self._segments:
            with open(self._path(0), "rb") as file:
                file.seek(self._offset)
                line = file.readline()
                while line:
                    record = decode(line)
                    if record is not None and record[0] >= at_least:
                        return record
                    self._offset += len(line)
                    line = file.readline()
            if len(self._segments) == 1:
                return None
            self._drop()
        return None

    def taken(self):
        """The record that `first` gave is done with; its file goes when it was the last of a full segment."""
        self.count -= 1
        if self.count == 0 and self._sizes[-1] >= _SEGMENT_BYTES:
            while self._segments:
                self._drop()
            self._fresh = True

    def _drop(self):
        self._store.remove_file(_PREFIX + str(self._segments.pop(0)))
        self._sizes.pop(0)
        self._offset = 0
