"""What modules leave in memory for ever, the names in them, comes there first of all: later it would lie scattered
about the heap, and no larger piece of that would be free any more."""

import os

from ocpp.on_demand import drop, load

_FOLDERS = ("ocpp", "profiles/core", "web")  # with all the others the table of names would double on a PC


def gather(pages):
    """Load each module once and let it go again; those of the web server only when there are `pages`."""
    for folder in _FOLDERS:
        if folder != "web" or pages:
            for name in _names(folder):
                stem, _, kind = name.partition(".")
                if kind in ("mpy", "py") and stem[0] != "_":
                    load(folder.replace("/", ".") + "." + stem)
                    drop(True)


def _names(folder):
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []  # in the firmware image, where names take no memory
