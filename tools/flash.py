"""Copies the firmware of build/esp32 to a board with MicroPython, and starts the board again.

    python tools/flash.py PORT [--config FILE] [--build FOLDER]

Only what differs by SHA-256 is copied, each file under another name first and then put in its place. main.py goes first
and comes back last, so that a board whose cable is pulled starts boot.py and nothing else. A config.json that is there
stays, so does the folder of the store. What is left of an older firmware, *.py and *.mpy in its folders, is removed:
a .py would be taken before the .mpy of that name. Exit status 1 with one line when it does not work.
"""

import argparse
import ast
import contextlib
import hashlib
import json
import struct
import sys
from pathlib import Path

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from build import ARCHITECTURES

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (1, 25)
CONFIG = "config/config.json"
LAST = ("manifest.json", "main.py")
_CHUNK = 1024
_NEW = ".new"  # behind the name of a file that is not whole yet
_ASIDE = "main.off"
_SILENT_S = 10
_LOST = (TransportError, OSError, struct.error)  # what the serial port and mpremote raise

# What the board does itself. A watchdog that runs already would reset the board meanwhile: it gets ten minutes.
_ON_BOARD = """
import hashlib, json, os, sys
try:
    import machine
    machine.WDT(timeout=600000)
except (ImportError, AttributeError, OSError, ValueError):
    pass
def digest(path):
    hash, part = hashlib.sha256(), bytearray(512)
    with open(path, 'rb') as file:
        while True:
            size = file.readinto(part)
            if not size:
                return ''.join('%02x' % byte for byte in hash.digest())
            hash.update(memoryview(part)[:size])
def kind(path):
    try:
        return os.stat(path)[0] & 0x4000
    except OSError:
        return None
def store():
    try:
        with open('config/config.json') as file:
            return json.load(file)['storage']['path'].strip('./')
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 'data'
def walk(path, kept):
    if path == kept:
        return
    if kind(path) == 0x4000:
        for name in sorted(os.listdir(path)):
            walk(path + '/' + name, kept)
    elif kind(path) == 0:
        print(repr((path, digest(path))))
"""


class Failed(Exception):
    """What is told to the owner, in one line."""


class Board:
    """The board at a serial port, in the raw REPL after a soft reset: its main.py does not run. Failed."""

    def __init__(self, port):
        try:
            with contextlib.redirect_stdout(None):  # mpremote prints what it did not expect
                self._link = SerialTransport(port, timeout=_SILENT_S)
                self._link.enter_raw_repl()
        except _LOST as error:
            raise Failed("%s: no MicroPython answers (%s)" % (port, error)) from error
        self.run(_ON_BOARD)

    def run(self, code):
        """What the code prints, as text."""
        try:
            return self._link.exec(code).decode()
        except _LOST as error:
            lines = (getattr(error, "error_output", "") or str(error)).strip().split("\n")
            raise Failed("the board says: " + lines[-1].strip()) from error

    def files(self, names):
        """Path -> SHA-256 of these files and of all below these folders but the store."""
        told = "".join(self.run("walk(%r, store())" % name) for name in names)
        return dict(ast.literal_eval(line) for line in told.split("\n") if line.strip())

    def write(self, path, content):
        """Make the file whole under another name, then put it in its place."""
        self._make_folders(path)
        new = path + _NEW
        try:
            self._link.fs_writefile(new, content, _CHUNK)
        except _LOST as error:
            raise Failed("%s: cannot be copied (%s)" % (path, error)) from error
        if self.run("print(digest(%r))" % new).strip() != hashlib.sha256(content).hexdigest():
            raise Failed("%s: arrived damaged" % path)
        self.run("os.rename(%r, %r)" % (new, path))

    def _make_folders(self, path):
        parts = path.split("/")[:-1]
        for count in range(1, len(parts) + 1):
            folder = "/".join(parts[:count])
            self.run("if kind(%r) is None: os.mkdir(%r)" % (folder, folder))

    def remove(self, path):
        self.run("os.remove(%r)" % path)

    def rename(self, old, new):
        self.run("os.rename(%r, %r)" % (old, new))

    def reset(self):
        """Start the board again; nothing can be asked of it afterwards."""
        self._link.exec_raw_no_follow("import machine\nmachine.reset()")
        self._link.close()

    def give_up(self):
        """Start the board again if it can be: with what it had, or with boot.py alone."""
        with contextlib.suppress(*_LOST):
            self.reset()


def check_board(board, architecture):
    """Failed unless the MicroPython on the board runs what was built."""
    told = board.run("print(repr((sys.implementation.version[:3], sys.implementation._mpy)))")
    version, mpy = ast.literal_eval(told.strip())
    if version[:2] < OLDEST:
        raise Failed("MicroPython %d.%d is on the board, it must be %d.%d or newer" % (*version[:2], *OLDEST))
    has = ARCHITECTURES[mpy >> 10 & 15] if (mpy >> 10 & 15) < len(ARCHITECTURES) else "unknown"
    if architecture and has != architecture:
        raise Failed("the build is for %s, the board runs %s" % (architecture, has))


def read_build(folder):
    """(path -> content of every file, architecture) of a build; Failed."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        names = [*manifest["files"], "manifest.json"]
        return {name: (folder / name).read_bytes() for name in names}, manifest["arch"]
    except (OSError, ValueError) as error:
        raise Failed("%s is no build: run `make build` first (%s)" % (folder, error)) from error


def flash(board, files, config):
    """Bring the board to `files`, and `config` (bytes) where it has none; (copied, removed) paths, told as they go."""
    rooms = sorted({name.split("/")[0] for name in files} | {_ASIDE})
    there = board.files(rooms)
    wanted = {name: content for name, content in files.items() if name != CONFIG}
    changed = [name for name in wanted if there.get(name) != hashlib.sha256(wanted[name]).hexdigest()]
    stale = [name for name in there if name not in files and name.endswith((".py", ".mpy", _NEW))]
    if CONFIG not in there:
        changed.append(CONFIG)
    first = [name for name in sorted(changed, key=lambda name: (name != "boot.py", name)) if name not in LAST]
    aside = "main.py" in there and (changed or stale)
    if aside:
        board.rename("main.py", _ASIDE)
    for name in stale:
        board.remove(name)
        print("removed %s" % name, flush=True)
    for name in first + [name for name in LAST if name in changed]:
        print("copying %s" % name, flush=True)
        board.write(name, config if name == CONFIG else wanted[name])
    if aside and "main.py" not in changed:
        board.rename(_ASIDE, "main.py")
    elif aside or _ASIDE in there:
        board.remove(_ASIDE)
    return changed, stale


def main():
    parser = argparse.ArgumentParser(description="Copy the firmware to a board and start it again.")
    parser.add_argument("port", help="serial port of the board, as /dev/ttyUSB0 or COM3")
    parser.add_argument("--config", type=Path, help="config.json for a board that has none")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "esp32")
    options = parser.parse_args()
    board = None
    try:
        files, architecture = read_build(options.build)
        config = options.config.read_bytes() if options.config else files[CONFIG]
        board = Board(options.port)
        check_board(board, architecture)
        changed, stale = flash(board, files, config)
        board.reset()
    except (Failed, OSError, KeyboardInterrupt) as error:
        print("flash: %s" % (error if str(error) else "interrupted; run it again"), file=sys.stderr)
        if board and isinstance(error, Failed):
            board.give_up()
        return 1
    kept = "" if CONFIG in changed else "; its config.json stays"
    print("%d files copied, %d removed, %d as they were%s; the board starts again" % (
        len(changed), len(stale), len(files) - len(changed), kept))
    return 0


if __name__ == "__main__":
    sys.exit(main())
