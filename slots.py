"""Finds the firmware on flash and makes it importable: one archive, of which there are two slots.

Like boot.py, main.py, slot_trial.py and firmware_files.py it lies beside the archive and is never updated over the air.
It runs only at the start. An archive, as tools/archive.py writes it, is:

    upoint firmware 1
    {"arch": .., "members": n, "mpy": .., "sha256": .., "size": .., "version": .., and what updates/package.py wants}
    a signature of these two lines, or "-"; updates/package.py checks it
    n CRC-32 of paths, n + 1 places (both 32 bits, little-endian), and the members from place to place

size and sha256 are those of all that follows the third line. A path that ends in a slash is a folder.
"""

import binascii
import hashlib
import json
import os
import sys

import vfs
from micropython import const

from firmware_files import Archive, Flash

_SLOTS = ("firmware.a", "firmware.b")
_POINTER = "firmware.slot"  # the slot that starts, and a second line during a trial and after it: see slot_trial.py
MOUNTED_AT = "/fw"
_VENDORS = "vendors"  # a folder that only the owner fills
_MAGIC = b"upoint firmware 1\n"
_READ = const(64)
_PIECE = const(512)  # a stale pointer on the stack may keep it for ever


def _open_archive(path):
    """(its head, its Archive). Raises OSError for a file that cannot be read, and ValueError, which says why, for one
    that is no whole firmware for this interpreter."""
    file = open(path, "rb")
    try:
        head = _checked(file)
        return head, Archive(file, head["members"])
    except BaseException:
        file.close()
        raise


def _checked(file):
    """The head of the archive `file`, read and checked with all that follows it; `file` stands behind it then."""
    if file.readline() != _MAGIC:
        raise ValueError("no firmware")
    try:
        head = json.loads(file.readline())
        file.readline()  # the signature
        start, digest = file.seek(0, 1), hashlib.sha256()
        piece = bytearray(_PIECE)
        size = 0
        while True:
            count = file.readinto(piece)
            if not count:
                break
            size += count
            digest.update(memoryview(piece)[:count])
        if size != head["size"] or binascii.hexlify(digest.digest()).decode() != head["sha256"]:
            raise ValueError("damaged")
    except (KeyError, TypeError):
        raise ValueError("damaged")
    if head["mpy"] not in (sys.implementation._mpy, sys.implementation._mpy & 0xFF):
        raise ValueError("for another interpreter: %s" % head["arch"])
    file.seek(start)
    return head


def pointer():
    """(the slot that _POINTER names, or the first one; what its second line has, or {})."""
    try:
        with open(_POINTER) as file:
            name, _, about = file.read(512).partition("\n")
    except (OSError, ValueError):
        return _SLOTS[0], {}
    try:
        about = json.loads(about)
    except ValueError:
        about = {}
    name = name.strip()
    return (name, about if isinstance(about, dict) else {}) if name in _SLOTS else (_SLOTS[0], {})


def select(name, about=None):
    """Let the slot `name` start the next time; it is on flash when this returns, or not at all. OSError."""
    with open(_POINTER + ".new", "w") as file:
        file.write(name)
        if about:
            file.write("\n" + json.dumps(about))
    os.rename(_POINTER + ".new", _POINTER)


def _patches(archive):
    """The plain .py files in the board's own folders that go before a member of the same name, so that the owner can
    change one file and see its lines in a traceback."""
    found = []
    for name in sorted(os.listdir("")):
        stem, _, kind = name.rpartition(".")
        own = kind == "py" and (archive.find(name) is not None or archive.find(stem + ".mpy") is not None)
        if own or name == _VENDORS or archive.find(name + "/") is not None:
            _look_for_patches(name, found)
    return found


def _look_for_patches(path, items):
    if path.endswith(".py"):
        items.append(path)
        print("slots:", path, "goes before the firmware's own")
    elif os.stat(path)[0] & 0x4000:
        for name in sorted(os.listdir(path)):
            if name.endswith(".py") or "." not in name:
                _look_for_patches(path + "/" + name, items)


def _read_more_at_once():
    """Mount littlefs again so that it reads 64 bytes at once instead of 32, and lets ticks in between (Flash). With 256
    bytes a start with wss is 0.9 s shorter, but that takes 3 kB more, which a message about certificates needs there.
    On a PC there is none."""
    try:
        from flashbdev import bdev
    except ImportError:
        return
    file_system = vfs.VfsLfs2(Flash(bdev), readsize=_READ, progsize=32, lookahead=32)
    vfs.umount("/")
    vfs.mount(file_system, "/")
    os.chdir("/")


def start():
    """Mount the chosen slot, or the other one if that is damaged; its name, or None with a line that says why."""
    _read_more_at_once()
    chosen, about = pointer()
    if "trial" in about:
        import slot_trial

        chosen, about = slot_trial.count(chosen, _other(chosen), about, select)
    for name in (chosen, _other(chosen)):
        try:
            archive = _open_archive(name)[1]
        except (OSError, ValueError) as error:
            why = "not there" if isinstance(error, OSError) else error
            print("slots: %s cannot be started: %s" % (name, why))
            continue
        if name != chosen:
            _keep_to(name, about)
        elif "trial" in about:
            slot_trial.guard()
        archive.slot = name
        archive.patches = _patches(archive)
        vfs.mount(archive, MOUNTED_AT)
        sys.path[0] = MOUNTED_AT
        sys.modules.pop("slot_trial", None)  # needed no more
        return name
    print("slots: no firmware can be started; copy one with `make flash`")
    return None


def _other(name):
    return _SLOTS[1 - _SLOTS.index(name)]


def _keep_to(name, about):
    """The chosen slot is damaged: `name` is the one that runs, so that no update replaces it."""
    try:
        if "trial" in about:
            import slot_trial

            slot_trial.give_up(name, about, "it is damaged", select)
        else:
            select(name, about)
    except OSError as error:
        print("slots: that cannot be written:", error)


def end(exc):
    """Handle the exception that ended the firmware; on trial the board restarts here and this does not return."""
    import slot_trial

    slot_trial.end(exc, *pointer(), select)
