"""Reads the outbox from flash at the start; loaded for that."""

import binascii
import os

from ocpp import log
from ocpp.store.checked_lines import PREFIX, number_of
from ocpp.outbox.queued import HEAD, START, VALUES


def nonce():
    """A random text for unique messageIds."""
    return binascii.hexlify(os.urandom(6)).decode()


def head(store):
    """The head on flash, or a new one."""
    found = store.load("outbox")
    if found is None:
        gaps = 0
        if [name for name in os.listdir(store.path) if name.startswith(PREFIX)]:
            gaps = None
            log.error("the head of the queue is missing or damaged: what is queued may be sent again")
        found = [nonce(), 1, 0, {}, {}, 0, 0, gaps, 0]
        store.save("outbox", found)  # a message that is sent again after a power cut has the same messageId
    return dict(zip(HEAD, found + [None, 0][len(found) - 7 :]))  # that of version 0.1.0 has 7 elements


def found(outbox, line):
    """`line` is in the journal at the start."""
    words = line[9:60].split(b",")
    if words[3] != b'"%s"' % VALUES.encode():
        outbox.urgent = number_of(line)
        outbox.sessions[int(words[2])] = words[3] == b'"%s"' % START.encode()


def check(outbox):
    """At the start: log an error if messages have vanished from flash. Numbers are missing, or the newest file is."""
    head, journal = outbox.head, outbox.journal
    missing = journal.next - head["next"] - journal.count
    lost = 0 if head["gaps"] is None else missing - head["gaps"]
    newest = head["segment"]
    gone = newest and 0 == sum([size for name, size in zip(journal.segments, journal.sizes) if name == newest])
    if lost > 0:
        log.error("%d messages are missing in the queue on flash: files of it are gone or damaged", lost)
    if gone:
        log.error("%s%d is missing, empty or damaged: its messages are lost", PREFIX, newest)
        head["nonce"] = nonce()  # for other messages will have their numbers (J 3.1)
    if lost > 0 or gone:
        head["gaps"] = missing
        head["segment"] = 0
        outbox.save()
