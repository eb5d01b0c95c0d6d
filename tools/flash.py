"""Brings a board with MicroPython to the firmware of build/esp32, and starts the board again.

    python tools/flash.py PORT [--config FILE] [--build FOLDER]

The archive goes into the slot that does not run, compressed, in lines of base64 that the board confirms one by one; a
copy that was interrupted goes on where it stopped. When its SHA-256 is right, the pointer names that slot: until then
the board starts what it had. A trial of an update is over then. What lies beside the firmware is copied where it
differs, each file under another name first, main.py last; so is config/update.pub if the build has one. A config.json
or secrets.json that is there stays, so do the folder of the store and vendors/. What is left of an older firmware, *.py
and *.mpy in its folders, is removed: a .py there would go before the archive. Exit status 1 with one line when it does
not work.
"""

import argparse
import ast
import hashlib
import sys
from pathlib import Path

from archive import Damaged, read_head
from serial_board import NEW, Board, Failed

from build import ARCHITECTURES, KEY, SLOT

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (1, 25)
CONFIG, SECRETS = "config/config.json", "config/secrets.json"
BESIDE = ("boot.py", "firmware_files.mpy", "slot_trial.mpy", "slots.mpy", "main.py")  # the firmware; main.py last
SLOTS = ("firmware.a", "firmware.b")
POINTER = "firmware.slot"
PART = "firmware.part"  # an archive that is not whole yet
# Of an older firmware.
FOLDERS = ("app", "assembly", "config", "hal", "microdot", "ocpp", "profiles", "schemas", "updates", "web")
FILES = ("version.mpy", "manifest.json", "main.off")


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
    """(path -> content of what lies beside the firmware, the archive, its architecture) of a build; Failed."""
    try:
        archive = (folder / SLOT).read_bytes()
        beside = {name: (folder / name).read_bytes() for name in (*BESIDE, CONFIG)}
        if (folder / KEY).exists():
            beside[KEY] = (folder / KEY).read_bytes()
        return beside, archive, read_head(archive)["arch"]
    except (OSError, Damaged) as error:
        raise Failed("%s is no build: run `make build` first (%s)" % (folder, error)) from error


def flash_archive(board, archive, there):
    """Bring `archive` into a slot of the board and let it start; True if anything had to be copied."""
    digest = hashlib.sha256(archive).hexdigest()
    pointer = board.run("print(open(%r).read() if kind(%r) == 0 else '')" % (POINTER, POINTER)).strip()
    first = pointer.split("\n")[0].strip()  # what follows is of a trial
    running = first if first in SLOTS else SLOTS[0]
    slot = running if there.get(running) in (digest, None) else SLOTS[1 - SLOTS.index(running)]
    copied = there.get(slot) != digest
    if copied:
        _copy_archive(board, archive, there)
        board.rename(PART, slot)
    if slot != running or '"trial"' in pointer:
        board.write(POINTER, slot.encode())
    return copied


def _copy_archive(board, archive, there):
    """Make PART on the board the whole `archive`, with what is there of it already."""
    done = board.size(PART) if PART in there else 0
    if done > len(archive) or PART in there and there[PART] != hashlib.sha256(archive[:done]).hexdigest():
        board.remove(PART)
        done = 0
    shown = [-1]

    def progress(count):
        percent = (done + count) * 100 // len(archive)
        if percent // 10 > shown[0]:
            shown[0] = percent // 10
            print("copying the firmware: %d %% of %d bytes" % (percent, len(archive)), flush=True)

    board.append(PART, archive[done:], progress)
    if board.digest(PART) != hashlib.sha256(archive).hexdigest():
        board.remove(PART)
        raise Failed("the firmware arrived damaged")


def flash(board, beside, archive, own):
    """Bring the board to this build, and what is the owner's `own`, path -> bytes, where the board has none of it;
    (copied, removed) paths."""
    there = board.files([*BESIDE, *SLOTS, PART, *FILES, *FOLDERS])
    copied = ["the firmware"] if flash_archive(board, archive, there) else []
    wanted = {**beside, **own}
    changed = [name for name in wanted if there.get(name) != hashlib.sha256(wanted[name]).hexdigest()]
    for name in sorted(changed, key=[SECRETS, CONFIG, KEY, *BESIDE].index):
        if name in own and name in there:
            continue
        print("copying %s" % name, flush=True)
        board.write(name, wanted[name])
        copied.append(name)
    folders = tuple(name + "/" for name in FOLDERS)
    stale = [name for name in there if name in FILES or name.endswith(NEW)
             or name.startswith(folders) and name.endswith((".py", ".mpy", ".tbl"))]
    for name in stale:
        board.remove(name)
        print("removed %s" % name, flush=True)
    return copied, stale


def main():
    parser = argparse.ArgumentParser(description="Copy the firmware to a board and start it again.")
    parser.add_argument("port", help="serial port of the board, as /dev/ttyUSB0 or COM3")
    parser.add_argument("--config", type=Path, help="config.json, and secrets.json beside it, for a board without")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "esp32")
    options = parser.parse_args()
    board = None
    try:
        beside, archive, architecture = read_build(options.build)
        own = {CONFIG: beside[CONFIG]}
        if options.config:
            own[CONFIG] = options.config.read_bytes()
            secrets = options.config.with_name("secrets.json")
            own |= {SECRETS: secrets.read_bytes()} if secrets.exists() else {}
        board = Board(options.port)
        check_board(board, architecture)
        copied, removed = flash(board, beside, archive, own)
        board.reset()
    except (Failed, OSError, KeyboardInterrupt) as error:
        print("flash: %s" % (error if str(error) else "interrupted; run it again"), file=sys.stderr)
        if board and isinstance(error, Failed):
            board.give_up()
        return 1
    kept = "" if CONFIG in copied else "; its config.json stays"
    print("%s; %d old files removed%s; the board starts again" % (
        "copied " + ", ".join(copied) if copied else "nothing to copy", len(removed), kept))
    return 0


if __name__ == "__main__":
    sys.exit(main())
