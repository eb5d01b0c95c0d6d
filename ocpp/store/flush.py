"""Writes to flash what had to wait in memory (waiting.py), in its order, once that is possible again."""

from micropython import const

from ocpp import log
from ocpp.store import records
from ocpp.store.waiting import DELETE, LINE, REMOVE, SAVE, append, notify, put_remove, put_save

_HEAD = "outbox"  # the record that says which lines have been taken
_RETRY_S = const(10)


def taken(store, number):
    """The line `number` has been delivered and need not be written any more. The head goes before everything else then:
    a power cut while the rest is written must not bring the line back."""
    head = [entry for entry in store.waiting if entry[:2] == [SAVE, _HEAD]][-1:]
    rest = [entry for entry in store.waiting if entry[:2] not in ([SAVE, _HEAD], [LINE, number])]
    store.waiting = head
    for kind, name, data in rest:
        if kind == SAVE:
            put_save(store, name, data)
        elif kind == REMOVE:
            put_remove(store, name, records.slots(store, name) != [])
        else:
            append(store, kind, name, data)


def retry(store, uptime):
    """Called once a second while something waits, with the seconds since the start."""
    if uptime % _RETRY_S == 0:
        write_all(store)


def write_all(store):
    """Write what waits, as far as there is room."""
    if not store.waiting:
        return
    while store.waiting:
        try:
            _write(store, *store.waiting[0])
        except OSError:
            if not _make_room(store):
                return
        else:
            store.waiting.pop(0)
    log.info("storage can be written again, nothing waits any more")
    notify(store)


def _write(store, kind, name, data):
    if kind == SAVE:
        records.write(store, name, data)
    elif kind == REMOVE:
        records.delete(store, name)
    elif kind == LINE:
        store.journal.write(name, data)
    else:
        records.delete_file(store, name)


def _make_room(store):
    """Delete a file that is to go, before its turn; whether that was possible."""
    for at in range(len(store.waiting)):
        kind, name, _ = store.waiting[at]
        if kind == DELETE:
            try:
                records.delete_file(store, name)
            except OSError:
                return False
            del store.waiting[at]
            return True
    return False
