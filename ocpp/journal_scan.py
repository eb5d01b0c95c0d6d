"""What the start finds of the outbox on flash; loaded for the start."""

import os

from micropython import const

from . import log
from .journal import PREFIX
from .journal_lines import number_of, whole

_CHUNK = const(512)


def scan(journal, first):
    """Fill in what `journal` finds on flash; lines numbered below `first` have been taken, and their segments go."""
    store = journal.store
    journal.offset = 0
    names = [name[len(PREFIX) :] for name in os.listdir(store.path) if name.startswith(PREFIX)]
    journal.segments = sorted([int(name) for name in names])
    while len(journal.segments) > 1 and journal.segments[1] <= first:
        store.remove_file(PREFIX + str(journal.segments.pop(0)))
    journal.sizes = []
    journal.count = 0
    journal.next = first
    torn = False
    for index in range(len(journal.segments)):
        torn = _read(journal, index)
    if torn and journal.segments[-1] == journal.next:  # nothing else is in it, and the next segment gets its name
        journal.sizes.pop()
        store.remove_file(PREFIX + str(journal.segments.pop()))
    # Nothing may be appended to a torn line.
    journal.fresh = torn or not journal.segments


def _read(journal, index):
    """Count the lines of a segment; True when the last one is torn."""
    size, torn = 0, False
    for line in lines(journal.path(index)):
        size += len(line)
        torn = not whole(line)
        if torn:
            log.warning("torn line in %s is ignored", journal.path(index))
        elif number_of(line) >= journal.next:
            journal.count += 1
            journal.next = number_of(line) + 1
            if journal.found:
                journal.found(line)
    journal.sizes.append(size)
    return torn


def lines(path):
    """Each line of a file; the files of MicroPython read them a byte at a time."""
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
            more = file.read(_CHUNK)
    if rest:
        yield rest
