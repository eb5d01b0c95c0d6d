"""What the start finds of the outbox on flash; loaded for the start."""

import os

from . import log
from .journal import PREFIX, number_of, whole


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
    with open(journal.path(index), "rb") as file:
        for line in file:
            size += len(line)
            torn = not whole(line)
            if torn:
                log.warning("torn line in %s is ignored", journal.path(index))
            elif number_of(line) >= journal.next:
                journal.count += 1
                journal.next = number_of(line) + 1
    journal.sizes.append(size)
    return torn
