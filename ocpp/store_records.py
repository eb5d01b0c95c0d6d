"""Reads, writes and removes the records of a Store. What cannot be written waits, see store_waiting.py."""

import json

from ocpp import store_files


def newest(store, name, default):
    """The newest whole generation of record `name`, or `default`."""
    if store.waiting:
        from ocpp import store_waiting
        waits, body = store_waiting.find(store, name)
        if waits:
            return default if body is None else json.loads(body)
    return store_files.newest(store, name, default)


def save(store, name, value):
    """Make `value` (anything JSON can hold) the newest generation of record `name`; returns when it is on flash, or
    waits for room."""
    body = json.dumps(value, separators=(",", ":")).encode()
    if not store.waiting:
        try:
            return store_files.write(store, name, body)
        except OSError as error:
            from ocpp import store_waiting
            store_waiting.failed(error)
    from ocpp import store_waiting
    store_waiting.put_save(store, name, body)


def exists(store, name):
    """Whether there is a file of record `name`, whole or not."""
    if store.waiting:
        from ocpp import store_waiting
        waits, body = store_waiting.find(store, name)
        if waits:
            return body is not None
    return store_files.slots(store, name) != []


def remove(store, name):
    """Delete record `name`, the older generation first so that a cut in between does not bring it back."""
    if not store.waiting:
        try:
            return store_files.delete(store, name)
        except OSError as error:
            from ocpp import store_waiting
            store_waiting.failed(error)
    from ocpp import store_waiting
    store_waiting.put_remove(store, name, store_files.slots(store, name) != [])
