"""Packages of firmware for the tests of updates/, and a board's flash that they come to."""

import asyncio
import os
import sys

import vfs

import firmware_files
import slots
from flash import BLOCK, Flash
from slots_flash import archive

from updates import installation
from updates.receiver import Receiver

SETTINGS = {"unsigned": True, "downgrade": False}
BOARD = "sim"


def package(files, signature=b"-", **head):
    """The bytes of a package, written from the descriptions in slots.py and updates/package.py."""
    about = {"boards": [BOARD], "layout": 1, "micropython": "1.25", "version": "99.0.0"}
    about.update(head)
    return archive(files, signature, **about)


NEW = package({"answer.py": b"VALUE = 43\n"})


class Board:
    """A board's flash as the working folder; use with `with`. `files`: path -> content, for a new one."""

    def __init__(self, files=None, flash=None, blocks=64):
        self.flash = flash or Flash(blocks)
        if flash is None:
            self.flash.format()
        self.files = files or {}

    def __enter__(self):
        self.flash.mount()
        self.home, self.path = os.getcwd(), list(sys.path)
        self.modules = set(sys.modules)
        os.chdir("/flash")
        for name, content in self.files.items():
            write(name, content)
        return self

    def __exit__(self, *error):
        self.end()
        os.chdir(self.home)
        vfs.umount("/flash")

    def start(self):
        """(the slot that starts as after a reset, or None; the lines that were printed)."""
        self.end()
        lines = []
        printed = lambda *words: lines.append(" ".join([str(word) for word in words]))  # noqa: E731
        import slot_trial

        slots.print = slot_trial.print = printed
        try:
            return slots.start(), lines
        finally:
            del slots.print, slot_trial.print

    def end(self):
        """What the firmware has left in memory goes."""
        sys.path[:] = self.path
        for name in set(sys.modules) - self.modules:
            if not name.startswith(("machine", "slot", "updates")):
                del sys.modules[name]
        if firmware_files.Archive.mounted:
            firmware_files.Archive.mounted._file.close()
            vfs.umount(slots.MOUNTED_AT)


def write(name, content):
    at = name.rfind("/")
    if at > 0:
        try:
            os.mkdir(name[:at])
        except OSError:
            pass
    with open(name, "wb") as file:
        file.write(content)


def receive(content=None, settings=SETTINGS):
    """The head of the package `content`, NEW if there is none, which is on flash now."""
    receiver = Receiver(settings, BOARD)
    receiver.begin(0)
    receiver.write(NEW if content is None else content)
    return asyncio.run(receiver.finish())


def installed(board):
    """The head of NEW, which starts the next time."""
    head = receive()
    installation.install(head)
    return head


class Machine:
    """The module machine of an ESP32."""

    WDT_RESET = 3

    class Timer:
        PERIODIC = 1
        made = []

        def __init__(self, number):
            self.number = number
            Machine.Timer.made.append(self)

        def init(self, mode, period, callback):
            self.mode, self.period, self.callback = mode, period, callback

        def deinit(self):
            self.period = None

    def __init__(self, cause):
        self.cause = cause
        self.watchdogs, self.resets = [], []
        Machine.Timer.made = []

    def reset_cause(self):
        return self.cause

    def WDT(self, timeout):
        self.watchdogs.append(timeout)

    def reset(self):
        self.resets.append(True)

    def __enter__(self):
        self.home = sys.modules.get("machine")
        sys.modules["machine"] = self
        return self

    def __exit__(self, *error):
        sys.modules.pop("machine", None)
        if self.home:
            sys.modules["machine"] = self.home


def recorded(flash, story):
    """(what was on `flash`, all its block operations while `story()` ran)."""
    first, operations = bytes(flash.data), []
    flash.each = lambda address, data: operations.append((address, data and bytes(data)))
    try:
        story()
    finally:
        flash.each = None
    return first, operations


def cut_anywhere(first, operations):
    """(the flash after a power cut, whether it was torn) at each block operation: before it, and when half of it was
    done; at last without a cut."""
    landed = bytearray(first)
    flash = Flash(len(first) // BLOCK)
    for address, data in operations:
        size = BLOCK if data is None else len(data)
        for torn in (False, True, None):
            flash.data[:] = landed
            part = {False: 0, True: size // 2, None: size}[torn]
            if data is None:
                flash.erase(address, part)
            else:
                flash.program(address, data[:part])
            if torn is None:
                landed[:] = flash.data
            else:
                yield flash, torn
    flash.data[:] = landed
    yield flash, None
