"""Reads and writes firmware.slot: the slot that starts, and the state of a trial; replaced as a whole by a rename.

    firmware.b
    {"trial": 1, "version": "1.2.3", "reason": ""}                                    on trial, started once so far
    {"outcome": "Installed" or "InstallationFailed", "version": "1.2.3", "reason": ..}

It has the second line only while there is a trial, or an outcome that nobody has asked to forget. slots.py and
slot_trial.py, which lie beside the firmware, read and write the same. `root` of the functions here is "" on a board,
else a folder with a slash at its end.
"""

import json
import os
import sys

from micropython import const

from updates import PART, UpdateError

SLOTS = ("firmware.a", "firmware.b")
POINTER = "firmware.slot"
_MAX_POINTER = const(512)
_MAX_REASON = const(100)


def read(root=""):
    """(the slot that starts, what the second line has or {})."""
    try:
        with open(root + POINTER) as file:
            slot, _, about = file.read(_MAX_POINTER).partition("\n")
    except (OSError, ValueError):
        return SLOTS[0], {}
    try:
        about = json.loads(about)
    except ValueError:
        about = {}
    slot = slot.strip()
    return (slot, about if isinstance(about, dict) else {}) if slot in SLOTS else (SLOTS[0], {})


def write(root, slot, about=None):
    """On flash when this returns, or not at all: OSError."""
    with open(root + POINTER + ".new", "w") as file:
        file.write(slot)
        if about:
            file.write("\n" + json.dumps(about))
    os.rename(root + POINTER + ".new", root + POINTER)


def other(slot):
    return SLOTS[1 - SLOTS.index(slot)]


def running(root=""):
    """The slot whose firmware runs. It is not the one in the file when that is damaged, or when the start of a trial
    could not be counted, and the file could not be written either."""
    files = sys.modules.get("firmware_files")
    return getattr(files and files.Archive.mounted, "slot", None) or read(root)[0]


def on_trial(root=""):
    """Whether the running version is."""
    slot, about = read(root)
    return "trial" in about and slot == running(root)


def install(head, root="", store=None):
    """Let the package that Receiver.finish() has verified start the next time, on trial; `head` is what that returned,
    or kept of it: "version", "sha256" and "layout" count. `store` gets the layout that the package reads. It may be
    called again after a power cut within it. UpdateError."""
    slot, about = read(root)
    if "trial" in about:
        if about.get("version") == head["version"] and _holds(root + slot, head):
            return
        raise UpdateError("OnTrial", "version %s is still on trial" % about.get("version"))
    new = other(running(root))
    try:
        if _holds(root + PART, head):
            os.rename(root + PART, root + new)
        if not _holds(root + new, head):
            raise UpdateError("NothingReceived", "version %s is not on flash" % head["version"])
        if store:
            from updates import layout

            layout.prepare(store, head["layout"])
        write(root, new, {"trial": 0, "version": head["version"], "reason": ""})
    except OSError as error:
        raise UpdateError("FlashFailed", "firmware.slot cannot be written: %r" % error)


def _holds(path, head):
    """Whether the archive in this file has the same content as one with this head; it is not read."""
    try:
        with open(path, "rb") as file:
            file.readline()
            return json.loads(file.readline())["sha256"] == head["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def confirm(root=""):
    """Confirm the version on trial: it stays. OSError."""
    slot, about = read(root)
    if on_trial(root):
        write(root, slot, {"outcome": "Installed", "version": about.get("version"), "reason": ""})


def result(root=""):
    """{"outcome", "version", "reason"} of the last installation until forget(): Installing while it is on trial, then
    Installed or InstallationFailed. None if there is nothing to tell."""
    about = read(root)[1]
    if not about:
        return None
    outcome = "Installing" if "trial" in about else about.get("outcome")
    return {"outcome": outcome, "version": about.get("version"), "reason": about.get("reason") or ""}


def forget(root=""):
    """The central system has the outcome: remove it. A trial continues. OSError."""
    slot, about = read(root)
    if about and "trial" not in about:
        write(root, slot)


def note(reason, root=""):
    """If the running version is on trial: why it is about to restart. OSError."""
    slot, about = read(root)
    if on_trial(root):
        about["reason"] = "".join([letter if " " <= letter <= "~" else "?" for letter in reason[:_MAX_REASON]])
        write(root, slot, about)
