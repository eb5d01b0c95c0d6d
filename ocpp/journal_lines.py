"""Reads and writes the lines of a Journal; loaded when there are some."""

import binascii
import json

from .journal import PREFIX, SEGMENT_BYTES


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


def append(journal, record):
    """Put `record`, a list whose first element becomes its number, on flash; returns the number."""
    record[0] = number = journal.next
    line = encode(record)
    if journal.fresh or journal.sizes[-1] + len(line) > SEGMENT_BYTES:
        journal.segments.append(number)
        journal.sizes.append(0)
        journal.fresh = False
    journal.store.append(PREFIX + str(journal.segments[-1]), line)
    journal.sizes[-1] += len(line)
    journal.next = number + 1
    journal.count += 1
    return number


def first(journal, at_least):
    """The first record numbered `at_least` or higher, or None; what lies before it is not read again."""
    while journal.segments:
        with open(journal.path(0), "rb") as file:
            file.seek(journal.offset)
            line = file.readline()
            while line:
                if whole(line) and number_of(line) >= at_least:
                    return json.loads(line[9:-1])
                journal.offset += len(line)
                line = file.readline()
        if len(journal.segments) == 1:
            return None
        _drop(journal)
    return None


def taken(journal):
    """The record that `first` gave is done with; its file goes when it was the last of a full segment."""
    journal.count -= 1
    if journal.count == 0 and journal.sizes[-1] >= SEGMENT_BYTES - 128:
        while journal.segments:
            _drop(journal)
        journal.fresh = True


def _drop(journal):
    """Delete the first segment."""
    journal.store.remove_file(PREFIX + str(journal.segments.pop(0)))
    journal.sizes.pop(0)
    journal.offset = 0
