"""Reads, writes and removes the records of a Store. What cannot be written waits, see unwritten.py."""

import json

from ocpp.store import files


def newest(store, name, default):
    """The newest whole generation of record `name`, or `default`."""
    if store.waiting:
        from ocpp.store import unwritten
        waits, body = unwritten.find(store, name)
        if waits:
            return default if body is None else json.loads(body)
    return files.newest(store, name, default)


def save(store, name, value):
    """Make `value` (anything JSON can hold) the newest generation of record `name`; returns when it is on flash, or
    waits for room."""
    body = json.dumps(value, separators=(",", ":")).encode()
    if not store.waiting:
        try:
            return files.write(store, name, body)
        except OSError as error:
            from ocpp.store import unwritten
            unwritten.failed(error)
    from ocpp.store import unwritten
    unwritten.put_save(store, name, body)


def exists(store, name):
    """Whether there is a file of record `name`, whole or not."""
    if store.waiting:
        from ocpp.store import unwritten
        waits, body = unwritten.find(store, name)
        if waits:
            return body is not None
    return files.slots(store, name) != []


def remove(store, name):
    """Delete record `name`, the older generation first so that a cut in between does not bring it back."""
    if not store.waiting:
        try:
            return files.delete(store, name)
        except OSError as error:
            from ocpp.store import unwritten
            unwritten.failed(error)
    from ocpp.store import unwritten
    unwritten.put_remove(store, name, files.slots(store, name) != [])
