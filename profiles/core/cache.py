"""The authorization cache (1.6 3.5.1, E 3.4): one file on flash, read when a card is presented, kept over restarts.

A line of it is an entry, [idTag in lower case, status, expiry in seconds since 2000 or 0, parentIdTag or None], with a
CRC (ocpp/store/checked_lines.py); the file is read line by line, because a full one would take 6 kB of memory. When
there are too many entries, drop all that are not valid, then the oldest.
"""

import json
import os

from micropython import const

from ocpp import log
from ocpp.store.checked_lines import encode, lines, whole

from profiles.core.id_tag_info import VALID, expiry, status_now

_FILE = "cache"
_NEW = "cache.new"
_MAX_ENTRIES = const(60)


def entries(engine):
    """A generator of all entries, the oldest first; to be taken to its end, which closes the file."""
    try:
        for line in lines(engine.store.path + "/" + _FILE):
            if whole(line):
                yield json.loads(line[9:-1])
    except OSError:
        return  # there is none yet


def lookup(engine, id_tag):
    """(status, parentIdTag) of `id_tag` as it is now, or None when the cache does not know it."""
    found = None
    for entry in entries(engine):
        if entry[0] == id_tag.lower():
            found = _status(engine, entry), entry[3]
    return found


def _status(engine, entry):
    return status_now(engine, entry[1], entry[2])


def learn(engine, id_tag, info):
    """Put `info`, an idTagInfo (1.6 7.27), in the cache; flash is written only when something is new."""
    new = [id_tag.lower(), info["status"], expiry(info), info.get("parentIdTag")]
    others = valid = 0
    known = False
    for entry in entries(engine):
        known = known or entry == new
        if entry[0] != new[0]:
            others += 1
            valid += _status(engine, entry) in VALID
    if not known:
        try:
            _write(engine, new, others >= _MAX_ENTRIES, valid - _MAX_ENTRIES + 1)
        except OSError as error:
            if not engine.store.waiting:  # else the log has it already
                log.warning("the authorization cache cannot be written: %r", error)
            engine.store.remove_file(_NEW)


def _write(engine, new, full, too_many):
    """Write the file with the entry `new`; a `full` one without invalid entries and the `too_many` oldest of the
    rest."""
    path = engine.store.path + "/"
    with open(path + _NEW, "wb") as file:
        for entry in entries(engine):
            if entry[0] == new[0] or full and _status(engine, entry) not in VALID:
                continue
            if full and too_many > 0:
                too_many -= 1
                continue
            file.write(encode(entry))
        file.write(encode(new))
    os.rename(path + _NEW, path + _FILE)
    engine.store.writes += 1


def clear(engine):
    """Forget all identifiers, and nothing else (1.6 5.4). OSError when they are still there."""
    from ocpp.store import records

    records.delete_file(engine.store, _FILE)
