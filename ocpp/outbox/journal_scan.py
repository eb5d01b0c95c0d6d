"""Finds the queue on flash at the start; loaded for that."""

import os

from micropython import const

from ocpp import log
from ocpp.store.checked_lines import PREFIX, lines, number_of, whole

_FOLDER = const(0x4000)


def scan(journal, first):
    """Fill in what `journal` finds on flash; lines numbered below `first` have been taken, and their segments go. With
    an exception `journal` is not `known`, and all has to be done again."""
    store = journal.store
    journal.known = False
    journal.offset = 0
    journal.doubtful = None
    journal.segments = _names(store)
    while len(journal.segments) > 1 and journal.segments[1] <= first:
        store.remove_file(PREFIX + str(journal.segments.pop(0)))
    journal.sizes = []
    journal.count = 0
    journal.next = first
    torn = False
    for name in list(journal.segments):
        try:
            torn = _read(journal, name)
        except OSError as error:
            log.error("%s%d cannot be read, its messages are left out: %r", PREFIX, name, error)
            journal.segments.remove(name)
    # A power cut may leave the beginning of a segment, or nothing but its name, which the next one gets.
    if journal.segments and (torn or not journal.sizes[-1]) and journal.segments[-1] == journal.next:
        journal.sizes.pop()
        store.remove_file(PREFIX + str(journal.segments.pop()))
    # Nothing may be appended to a torn line.
    journal.fresh = torn or not journal.segments
    journal.known = True


def _names(store):
    """The numbers of all segments, ascending; log files with a similar name."""
    found, foreign = [], []
    for entry in os.ilistdir(store.path):
        name, kind = entry[:2]
        if name.startswith(PREFIX):
            number = name[len(PREFIX) :]
            if kind != _FOLDER and number.isdigit() and number == str(int(number)):
                found.append(int(number))
            elif kind != _FOLDER:  # the store logs folders
                foreign.append(name)
    from ocpp.store import inventory

    inventory.warn_foreign(store, foreign)
    return sorted(found)


def _read(journal, name):
    """Count the lines of the segment `name`; True when the last one is torn."""
    size, torn = 0, False
    for line in lines("%s/%s%d" % (journal.store.path, PREFIX, name)):
        size += len(line)
        torn = not whole(line)
        if torn:
            log.warning("torn line in %s%d is ignored", PREFIX, name)
        elif number_of(line) >= journal.next:
            journal.count += 1
            journal.next = number_of(line) + 1
            if journal.found:
                journal.found(line)
    journal.sizes.append(size)
    return torn
