"""Warns the owner at the start of files in the folder of a Store that are foreign, which are left alone, and of records
that are missing.

The record "kept" says what should be there: {"records": names, and more of the profiles that have files of their own}.
"""

import os

from ocpp import log

_FOLDER = 0x4000
_MAX_LINES = 5  # lines
_KEPT = "kept"
_PASSING = ("tx", "td")
_COMING = ("update", "diagnostics", "log", "events")


def check(store):
    """Called at the start. Each folder is foreign, for a store has none; a temporary file gets a name that is free."""
    store.temporary = "tmp"
    store.folders = folders = [entry[0] for entry in os.ilistdir(store.path) if entry[1] == _FOLDER]
    warn_foreign(store, folders)
    while store.temporary in folders:
        store.temporary += "_"


def warn_foreign(store, names):
    """Log that the files or folders `names` in the store are foreign."""
    for name in names[:_MAX_LINES]:
        log.warning("%s/%s is foreign and is ignored", store.path, name)
    if len(names) > _MAX_LINES:
        log.warning("%d more in %s are foreign and are ignored", len(names) - _MAX_LINES, store.path)


def kept(store, name, default):
    """The value of `name` in the record "kept"."""
    return store.load(_KEPT, {}).get(name, default)


def keep(store, name, value):
    """`value` is what there should be of `name` from now on."""
    record = store.load(_KEPT, {})
    if record.get(name) != value:
        record[name] = value
        store.save(_KEPT, record)


def check_records(store):
    """At the start: tell which records are missing. Those of transactions come and go; the outbox knows of them. So do
    those of transfers and of events."""
    names = set()
    for name in os.listdir(store.path):
        if name[-2:] in (".0", ".1") and "." not in name[:-2] and name[:2] not in _PASSING:
            names.add(name[:-2])
    names.difference_update((_KEPT, "queue"), _COMING)
    for name in kept(store, "records", ()):
        if name not in names and name not in _COMING:
            log.error("the record %s is missing: what it held is lost", name)
    keep(store, "records", sorted(names))
