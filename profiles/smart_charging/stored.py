"""The charging profiles on flash, each in a file of its own with a CRC, kept over restarts (1.6 3.13.1, 5.16, E 3.37).

The name of the file is the key: (connector, purpose, stackLevel, chargingProfileId, number of the transaction or 0).
So a new profile takes the place of one with the same key at once. If it replaces others, it is first put aside whole
and then takes their place, which a start finishes when a power cut has come in between.
"""

import json
import os

from micropython import const

from ocpp import log
from ocpp.store.checked_lines import encode, whole

_DEFAULT = const(1)  # the place of a purpose in calls/set_charging_profile.py
_TRANSACTION = const(2)
_PREFIX = "charging_profile."
_REPLACING = "charging_profile"
_KEPT = "profiles"  # how many there should be, see ocpp/store/inventory.py


def index(store):
    """The keys of all profiles, the highest stackLevel first."""
    keys = [_key(name) for name in os.listdir(store.path) if name.startswith(_PREFIX)]
    return sorted([key for key in keys if key], key=lambda key: -key[2])


def _key(name):
    """The key in the name of a file, or None when it is not that of a profile."""
    try:
        key = tuple([int(part) for part in name[len(_PREFIX) :].split(".")])
    except ValueError:
        return None
    return key if len(key) == 5 and _name(key) == name else None


def entries(keys, number, transaction=None):
    """Those of `keys` that can limit `transaction` (its number) at connector `number`, in the order in which they
    count: each one only where those before it set no limit. A TxProfile overrules a TxDefaultProfile; of these the
    highest stackLevel prevails (3.13.2), and of two with the same one that of the connector (3.13.1)."""
    own = [key for key in keys if key[0] == number and key[1] == _TRANSACTION and key[4] == transaction]
    defaults = [key for key in keys if key[0] in (0, number) and key[1] == _DEFAULT]
    return own + sorted(defaults, key=lambda key: (-key[2], -key[0]))


def read(engine, key):
    """The body of a profile, see calls/set_charging_profile.py. None when it is not whole, or limits nothing from now
    on, whatever the transaction; then its file is deleted."""
    record = _read(engine.store, _name(key))
    if record and _ended(record[1], engine.clock.now()):
        if engine.clock.synced:
            remove(engine.store, key)
        return None
    return record and record[1]


def _ended(body, now):
    start, recurs, duration, _, valid_to = body[:5]
    if valid_to is not None and now >= valid_to:
        return True
    return not (start is None or recurs or duration is None) and now >= start + duration


def _read(store, name):
    try:
        with open(store.path + "/" + name, "rb") as file:
            line = file.read()
    except OSError:
        return None
    if whole(line):
        return json.loads(line[9:])
    log.error("%s is torn or foreign and goes", name)
    store.remove_file(name)
    return None


def _name(key):
    return _PREFIX + ".".join([str(part) for part in key])


def replaced(keys, key):
    """Those of `keys` whose place a profile with `key` takes: at its connector those with its chargingProfileId, or of
    its purpose and stackLevel (5.16.3, 5.16.4). At other connectors they stay: a TxDefaultProfile is replaced only for
    that specific connector (3.13.1), and there are central systems that use the same id at each."""
    return [one for one in keys if one[0] == key[0] and (one[3] == key[3] or one[1:3] == key[1:3])]


def put(store, key, body):
    """Install a profile; it is on flash when this returns, and either it or what it replaces at any moment."""
    keys = index(store)
    others = [other for other in replaced(keys, key) if other != key]
    line = encode([key, body])
    if others:
        store.write_file(_REPLACING, line)
        # Before there are fewer, that a power cut does not look like a loss.
        _keep(store, len(keys) - len(others) + (key not in keys))
        finish(store)
    elif _read(store, _name(key)) != [list(key), body]:
        store.write_file(_name(key), line)
        _keep(store, len(index(store)))


def recover(store):
    """At the start: log foreign files, remove damaged ones, finish a replacement that a power cut interrupted."""
    names = [name for name in os.listdir(store.path) if name.startswith(_PREFIX)]
    from ocpp.store import inventory

    inventory.warn_foreign(store, [name for name in names if not _key(name)])
    missing = inventory.kept(store, _KEPT, 0) - len(index(store))
    if missing > 0 and _REPLACING not in os.listdir(store.path):
        log.error("%d charging profiles are missing", missing)
    for key in index(store):
        _read(store, _name(key))
    finish(store)
    _keep(store, len(index(store)))


def _keep(store, count):
    """Note how many profiles there should be at the next start."""
    from ocpp.store import inventory

    inventory.keep(store, _KEPT, count)


def finish(store):
    """Give a profile that was put aside its place."""
    from ocpp.store import records

    record = _read(store, _REPLACING)
    if record:
        key = tuple(record[0])
        for other in replaced(index(store), key):
            if other != key:
                records.delete_file(store, _name(other))
        os.rename(store.path + "/" + _REPLACING, store.path + "/" + _name(key))


def remove(store, key):
    """Remove the profile with `key`; whether it is gone."""
    _keep(store, len(index(store)) - 1)
    try:
        from ocpp.store import records

        records.delete_file(store, _name(key))
    except OSError as error:
        log.error("charging profile %d cannot be removed: %r", key[3], error)
        return False
    return True


def expire(engine):
    """The keys of all profiles that are left when what has ended is gone."""
    keys = index(engine.store)
    return [key for key in keys if read(engine, key)]
