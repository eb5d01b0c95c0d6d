"""What is in the folder of a Store and is not its own: the owner is told once, and it is left alone."""

import os

from ocpp import log

_FOLDER = 0x4000
_MOST = 5  # lines


def check(store):
    """Called at the start. Each folder is foreign, for a store has none; a temporary file gets a name that is free."""
    store.temporary = "tmp"
    store.folders = folders = [entry[0] for entry in os.ilistdir(store.path) if entry[1] == _FOLDER]
    tell(store, folders)
    while store.temporary in folders:
        store.temporary += "_"


def tell(store, names):
    """Tell that the files or folders `names` in the store are foreign."""
    for name in names[:_MOST]:
        log.warning("%s/%s is foreign and is ignored", store.path, name)
    if len(names) > _MOST:
        log.warning("%d more in %s are foreign and are ignored", len(names) - _MOST, store.path)
