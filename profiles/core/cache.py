"""The authorization cache (1.6 3.5.1, E 3.4): one record on flash, read when a card is presented, kept over restarts.

An entry is [idTag in lower case, status, expiry in seconds since 2000 or 0, parentIdTag or None]. When there are
too many all that are not valid go, then the oldest.
"""

from micropython import const

from ocpp.iso8601 import parse

_RECORD = "cache"
_MOST = const(60)
_VALID = ("Accepted", "ConcurrentTx")  # 1.6 3.5.2


def lookup(engine, id_tag):
    """(status, parentIdTag) of `id_tag` as it is now, or None when the cache does not know it."""
    for entry in engine.store.load(_RECORD, []):
        if entry[0] == id_tag.lower():
            return _status(engine, entry), entry[3]
    return None


def _status(engine, entry):
    return "Expired" if entry[2] and entry[2] <= engine.clock.now() else entry[1]


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
    entries = [other for other in entries if other[0] != entry[0]]
    if len(entries) >= _MOST:
        entries = [other for other in entries if _status(engine, other) in _VALID][1 - _MOST :]
    entries.append(entry)
    engine.store.save(_RECORD, entries)


def clear(engine):
    """Forget all identifiers, and nothing else (1.6 5.4)."""
    engine.store.save(_RECORD, [])
