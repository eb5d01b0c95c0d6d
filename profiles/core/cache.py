"""The authorization cache (1.6 3.5.1, E 3.4): one record on flash, read when a card is presented, kept over restarts.

An entry is [idTag in lower case, status, expiry in seconds since 2000 or 0, parentIdTag or None]; the oldest go first.
"""

from micropython import const

from ocpp.iso8601 import parse

_RECORD = "cache"
_MOST = const(60)


def lookup(engine, id_tag):
    """(status, parentIdTag) of `id_tag` as it is now, or None when the cache does not know it."""
    for tag, status, expiry, parent in engine.store.load(_RECORD, []):
        if tag == id_tag.lower():
            return ("Expired" if expiry and expiry <= engine.clock.now() else status), parent
    return None


def learn(engine, id_tag, info):
    """Put `info`, an idTagInfo (1.6 7.27), in the cache; flash is written only when something is new."""
    expiry = 0
    if "expiryDate" in info:
        try:
            expiry = parse(info["expiryDate"])
        except ValueError:
            # Out of the clock's range: over long ago, or never.
            expiry = 1 if info["expiryDate"] < "2000" else 0
    entry = [id_tag.lower(), info["status"], expiry, info.get("parentIdTag")]
    entries = engine.store.load(_RECORD, [])
    if entry in entries:
        return
    entries = [other for other in entries if other[0] != entry[0]][1 - _MOST :]
    entries.append(entry)
    engine.store.save(_RECORD, entries)


def clear(engine):
    """Forget all identifiers, and nothing else (1.6 5.4)."""
    engine.store.save(_RECORD, [])
