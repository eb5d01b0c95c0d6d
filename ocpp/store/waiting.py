"""Keeps in memory, in order, writes that flash has refused, until flush.py can write them.

Entries of Store.waiting are [kind, name, bytes]: a record to SAVE or REMOVE, a LINE of the journal whose name is its
number, or a file to DELETE. They are written in this order, so that a power cut meanwhile finds what it would have
found had there been room all the time. A newer version of a record takes the place of the one that waits, unless a
start or a stop has come in between. What is in memory only is lost in a power cut.
"""

from ocpp import log

SAVE, REMOVE, LINE, DELETE = "save", "remove", "line", "delete"
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
        append(store, SAVE, name, body)


def put_remove(store, name, on_flash):
    """Record `name` is to go; `on_flash`: there is something of it."""
    at = _place(store, name)
    if at is not None:
        del store.waiting[at]
    if on_flash or not store.waiting or name in [entry[1] for entry in store.waiting]:
        append(store, REMOVE, name, None)


def put_line(store, number, line):
    """The line `number` of the journal."""
    append(store, LINE, number, line)


def put_delete(store, name):
    """The file `name` is to go."""
    append(store, DELETE, name, None)


def append(store, kind, name, data):
    """An entry of Store.waiting."""
    store.waiting.append([kind, name, data])
    if len(store.waiting) == 1:
        notify(store)


def notify(store):
    """Writing has begun to fail, or works again."""
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
