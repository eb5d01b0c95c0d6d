"""What could not be written to flash: it waits in memory, in its order, until it can be written.

Entries of Store.waiting are [kind, name, bytes]: a record to SAVE or REMOVE, a LINE of the journal whose name is its
number, or a file to DELETE. They are written in this order, so that a power cut meanwhile finds what it would have
found had there been room all the time. A newer version of a record takes the place of the one that waits, unless a
start or a stop has come in between. What is in memory only is lost in a power cut.
"""

from micropython import const

from ocpp import log

SAVE, REMOVE, LINE, DELETE = "save", "remove", "line", "delete"
_HEAD = "outbox"  # the record that says which lines have been taken
_RETRY_S = const(10)
_VALUES = b',"M",'  # in the beginning of a line: meter values


def failed(error):
    """Writing fails from now on; this is the only line about it until it works again."""
    log.error("storage cannot be written (%r): what must be kept stays in memory until it can be", error)


def put_save(store, name, body):
    """`body` is the newest version of record `name`."""
    at = _place(store, name)
    if at is not None and store.waiting[at][0] == SAVE:
        store.waiting[at][2] = body
    else:
        _append(store, SAVE, name, body)


def put_remove(store, name, on_flash):
    """Record `name` is to go; `on_flash`: there is something of it."""
    at = _place(store, name)
    if at is not None:
        del store.waiting[at]
    if on_flash or not store.waiting or name in [entry[1] for entry in store.waiting]:
        _append(store, REMOVE, name, None)


def put_line(store, number, line):
    """The line `number` of the journal."""
    _append(store, LINE, number, line)


def put_delete(store, name):
    """The file `name` is to go."""
    _append(store, DELETE, name, None)


def _append(store, kind, name, data):
    store.waiting.append([kind, name, data])
    if len(store.waiting) == 1:
        _changed(store)


def _changed(store):
    if store.changed:
        store.changed()


def _place(store, name):
    """The index of the entry for record `name` that a newer one may replace, or None."""
    for at in range(len(store.waiting) - 1, -1, -1):
        kind, _, data = store.waiting[at]
        if kind == LINE and _VALUES not in data[:60]:
            return None
        if store.waiting[at][1] == name:
            return at
    return None


def find(store, name):
    """(whether record `name` waits, its newest body or None when it is to go)."""
    for kind, other, body in reversed(store.waiting):
        if other == name and kind in (SAVE, REMOVE):
            return True, body
    return False, None


def lines(store, at_least=0):
    """The lines that wait, from the number `at_least` on."""
    return [data for kind, number, data in store.waiting if kind == LINE and number >= at_least]


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
            from ocpp.store import files
            put_remove(store, name, files.slots(store, name) != [])
        else:
            _append(store, kind, name, data)


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
    _changed(store)


def _write(store, kind, name, data):
    if kind == SAVE:
        from ocpp.store import files
        files.write(store, name, data)
    elif kind == REMOVE:
        from ocpp.store import files
        files.delete(store, name)
    elif kind == LINE:
        from ocpp.outbox import journal_files
        journal_files.write(store.journal, name, data)
    else:
        from ocpp.store import files
        files.delete_file(store, name)


def _make_room(store):
    """Delete a file that is to go, before its turn; whether that was possible."""
    for at in range(len(store.waiting)):
        kind, name, _ = store.waiting[at]
        if kind == DELETE:
            try:
                from ocpp.store import files
                files.delete_file(store, name)
            except OSError:
                return False
            del store.waiting[at]
            return True
    return False
