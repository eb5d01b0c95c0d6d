"""What the firmware takes of the board's memory, against the budget of the design.

    python tools/size.py [--brief]     exit status 1 when the budget is broken

Code: the sizes of the .mpy files of build/esp32, and which of them are resident, that is, still in memory
when a transaction runs and everything that can be imported again has been let go. Heap: the firmware of
build/host goes through a session as the charge point on an ESP32, with tests/board in place of the chip and what is
around it; that is not counted. Its figures are for words of eight bytes; for the board, objects halve and bytes of code
do not. How much of the code is bytes is known from microdot: 12.7 kB of .mpy take 30.9 kB of heap on a PC and 19 kB on
a board, so bytes + objects = 19 and bytes + 2 objects = 30.9. The web server and the page are left out, as in the
budget.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import HOST_BUILD, PATIENCE_S, ROOT, Child, NotBuilt, micropython, write_config

MODULES = ROOT / "build" / "modules" / "esp32"
CODE_BUDGET = 48 * 1024  # bytes of resident .mpy
NAMES_BUDGET = 1400
HEAP_BUDGET = 96 * 1024  # bytes of the board's heap with a transaction running
BYTES_OF_CODE = (2 * 19.0 - 30.9) / 12.7
BOARD = {"type": "esp32-devkitc-v4", "reader": "mfrc522", "indicator": {"type": "pixels"}}
CONNECTOR = {"phases": 3, "meter": {"type": "modbus"}}
NETWORK = {"wifi": [{"ssid": "home", "password": "secret12"}]}
_STAND_IN = ("board", "unit")  # folders of tests/
_HEAP = "400wK"  # the stand-in needs room, too
_MARK = "\x1e"


class Failed(Exception):
    """No figures; args[0] says why."""


def module_files(modules):
    """The file of build/modules/esp32 that each module of the firmware came from."""
    for module in modules:
        path = module.replace(".", "/")
        for name in (path + ".mpy", path + "/__init__.mpy"):
            if (MODULES / name).exists():
                yield name


def resident_files(modules, sizes):
    """Those of the board's files (`sizes`: name -> bytes) that stay in memory."""
    return {name for name in module_files(modules) if name in sizes and not name.startswith("hal/sim/")}


def on_the_board(heap, code):
    """Bytes of heap on the board for `heap` bytes on this PC, of which files of `code` bytes are part."""
    fixed = BYTES_OF_CODE * code
    return round(fixed + (heap - fixed) / 2)


def measure():
    """The figures of each stage, as size_probe.py prints them."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        ports = []
        command = [sys.executable, ROOT / "tools" / "csms.py", "--port", "0", "--json"]
        csms = Child("the central system", command, lambda line: ports.append(_port(line)))
        try:
            while not any(ports):
                if not csms.running:
                    raise Failed("\n".join([csms.ending(), *csms.tail()]))
            config = write_config(Path(folder) / "state", next(filter(None, ports)), 0, {},
                                  board=BOARD, connectors=[CONNECTOR], network=NETWORK)
            return _probe(config)
        finally:
            csms.stop()


def _port(line):
    try:
        return json.loads(line).get("port")
    except ValueError:
        return None


def _probe(config):
    command = [micropython(), "-X", "heapsize=" + _HEAP, ROOT / "tools" / "size_probe.py", config]
    path = ":".join([str(ROOT / "tests" / name) for name in _STAND_IN] + [".frozen"])
    try:
        done = subprocess.run(command, cwd=HOST_BUILD, capture_output=True, text=True, timeout=PATIENCE_S,
                              env={**os.environ, "MICROPYPATH": path}, stdin=subprocess.DEVNULL)
        output = done.stdout + done.stderr
    except subprocess.TimeoutExpired as expired:
        output = (expired.stdout or b"").decode()
    stages = [json.loads(line[1:]) for line in output.split("\n") if line.startswith(_MARK)]
    if stages:
        stages[-1]["names"] = count_names(output)
    if len(stages) != 3:
        raise Failed("the firmware did not get into a charging session:\n" + output[-2000:])
    return stages


def count_names(output):
    """How many names the firmware has left in memory: those of the last qstr_info() that are in one of its files."""
    told = re.findall(r"^Q\((.*)\)\r?$", output.split("qstr pool:")[-1], re.M)
    files = [path for path in MODULES.rglob("*.mpy") if "sim" not in path.parts]
    code = b"\n".join(path.read_bytes() for path in files)
    return sum(name.encode() in code for name in set(told))


def show_files(sizes, resident):
    """One line a file, with * for a resident one, and a total for each folder."""
    rooms = sorted({name.split("/")[0] for name in sizes})
    for room in rooms:
        names = sorted(name for name in sizes if name.split("/")[0] == room)
        total = sum(sizes[name] for name in names)
        kept = sum(sizes[name] for name in names if name in resident)
        print("%-42s %6d B, %6d resident" % (room, total, kept))
        if names != [room]:
            for name in names:
                print("  %s %-38s %6d" % ("*" if name in resident else " ", name, sizes[name]))


def verdict(code, stages):
    """Print the sums; returns the exit status. `code`: bytes of resident .mpy."""
    print("\nheap, bytes        PC in use    PC free  PC resident  board resident (estimate)")
    for stage in stages:
        row = [stage[name] for name in ("stage", "busy", "free", "resident")]
        print("  %-14s %11d %10d %12d %15d" % (*row, on_the_board(stage["resident"], code)))
    heap = on_the_board(stages[-1]["resident"], code)
    print("\nresident code  %6d B of %d" % (code, CODE_BUDGET))
    print("resident heap  %6d B of %d (code and data, estimate for the board)" % (heap, HEAP_BUDGET))
    names = stages[-1]["names"]
    print("names          %6d   of %d" % (names, NAMES_BUDGET))
    if code > CODE_BUDGET or heap > HEAP_BUDGET or names > NAMES_BUDGET:
        print("over the budget", file=sys.stderr)
        return 1
    return 0


def main():
    parser = argparse.ArgumentParser(description="The memory the firmware takes, against its budget.")
    parser.add_argument("--brief", action="store_true", help="leave out the files")
    options = parser.parse_args()
    try:
        sizes = {path.relative_to(MODULES).as_posix(): path.stat().st_size for path in MODULES.rglob("*.mpy")}
        stages = measure()
    except (Failed, NotBuilt, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    resident = resident_files(stages[-1]["modules"], sizes)
    if not options.brief:
        show_files(sizes, resident)
    return verdict(sum(sizes[name] for name in resident), stages)


if __name__ == "__main__":
    sys.exit(main())
