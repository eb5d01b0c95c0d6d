"""What the firmware takes of the board's memory, against the budget of the design.

    python tools/size.py [--brief] [--image]     exit status 1 when the budget is broken

Bytecode and texts run in place, as on the board (in_place.py), here from a copy of the archive beside the heap. With
--image all code comes from a ROMFS, as in an image of one's own (manifest.py).

The firmware goes through a session as the charge point on an ESP32 with Modbus meter, card reader, lights, Wi-Fi and
all profiles, answers a CALL of each kind, and transfers diagnostics and a package over HTTP, with tests/board in place
of the chip and what is around it; that is not counted. It runs in a MicroPython with words of 32 bits, as the chip's,
from build/host32; of names those count that the chip's image does not have (size_names.py). Where that cannot be had
(tools/micropython32.py), this PC's MicroPython measures, and half is the estimate. The firmware believes all the time
that memory is short, so that live, the most that is in use, without garbage, at any import statement and between the
stages, is what it cannot do without; resident is what is left when everything is unloaded that can be imported again.
The web server and the page are left out.

A run differs from the next by up to a kilobyte: an address that a finished call has left on the stack of C, or a task
in the list of tasks, keeps what lies there in use by chance. So there are up to three runs; the first within the budget
counts, and how many went before is said.
"""

import argparse
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import keys
from archive import sign
from chip_certificates import root_pem
from file_server import FileServer
from micropython32 import Missing, micropython32
from mpremote.romfs import make_romfs
from processes import HOST_BUILD, ROOT, Child, NotBuilt, micropython, write_config
from rom_names import translated
from size_names import MODULES, bytes_of_names, firmware_names, names_take, pooled, put_names

RESIDENT_BUDGET = 70 * 1024  # bytes of the board's heap while charging
LIVE_BUDGET = 100 * 1024  # bytes of the board's heap at the worst moment
BOARD = {"type": "esp32-devkitc-v4", "reader": "mfrc522", "indicator": {"type": "pixels"}}
CONNECTOR = {"phases": 3, "meter": {"type": "modbus"}}
NETWORK = {"wifi": [{"ssid": "home", "password": "secret12"}]}
_STAND_IN = (ROOT / "tests" / "board", ROOT / "tests" / "support" / "unit", ROOT / "tools")
_PATHS = ":".join([str(path) for path in _STAND_IN])
_HEAP = "400wK"  # more than it needs
_HEAP_FOR_IMAGE = "800wK"  # the same, beside the image
_MARK = "\x1e"
_KEY = "config/update.pub"  # as tools/build.py has it
_DEADLINE_S = 300
_RUNS = 3


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


def measure(image=False):
    """The figures of each stage, as size_probe.py prints them; `image`: the code is in flash, not in memory."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder, _package_server() as (server, public):
        ports = []
        command = [sys.executable, ROOT / "tools" / "csms.py", "--port", "0", "--json"]
        csms = Child("the central system", command, lambda line: ports.append(_port(line)))
        try:
            while not any(ports):
                if not csms.running:
                    raise Failed("\n".join([csms.ending(), *csms.tail()]))
            site = Path(folder) / "site"  # the working folder, in which an update leaves a file
            config = write_config(Path(folder) / "state", next(filter(None, ports)), 0, {"CpoName": "size"}, site,
                                  charge_point={"id": "upoint-01", "serial_number": "1"},
                                  board=BOARD, connectors=[CONNECTOR], network=NETWORK)
            config.with_name("root.pem").write_text(root_pem())
            config.with_name("files.url").write_text(server.url())
            config.with_name("update.pub").write_bytes(public)
            return _probe(config, site, image)
        finally:
            csms.stop()


@contextlib.contextmanager
def _package_server():
    """(A server of a package that is received and checked, and not installed, for its last byte is wrong; the key that
    checks its signature)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        keys.make(path)
        _, tree, _ = _interpreter()
        package = sign((tree / "firmware.a").read_bytes(), keys.signer(path))
        with FileServer(package[:-1] + b"#") as server:
            yield server, (path / keys.PUBLIC).read_bytes()


def _port(line):
    try:
        return json.loads(line).get("port")
    except ValueError:
        return None


def _interpreter():
    """(MicroPython, the tree that it runs, bytes of a word)."""
    try:
        return micropython32(), ROOT / "build" / "host32", 4
    except Missing as missing:
        print("%s; half of what it takes in 64 bits is the estimate" % missing, file=sys.stderr)
        return micropython(), HOST_BUILD, 8


def _probe(config, site, image):
    interpreter, tree, words = _interpreter()
    shutil.copytree(tree, site, ignore=shutil.ignore_patterns("data"))
    shutil.copy(config.with_name("update.pub"), site / _KEY)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        path = Path(folder)
        if image:  # where all names of the firmware are in flash as they are
            tools, path = [_STAND_IN[-1] / "size_probe.py", config, _romfs(path / "rom", tree.name)], _PATHS
        else:
            tools = [translated(path, _STAND_IN, tree) / "size_probe.py", config]
            if words == 4:
                put_names(path, tree)
        command = [interpreter, "-X", "heapsize=" + (_HEAP_FOR_IMAGE if image else _HEAP), *tools]
        try:
            environment = {**os.environ, "MICROPYPATH": "%s:.frozen" % path}
            done = subprocess.run(command, cwd=site, env=environment, capture_output=True, text=True, errors="replace",
                                  timeout=_DEADLINE_S, stdin=subprocess.DEVNULL)
            output, whole = done.stdout + done.stderr, done.returncode == 0
        except subprocess.TimeoutExpired as expired:
            output, whole = (expired.stdout or b"").decode(errors="replace"), False
    before, *parts = re.split("^" + _MARK, output, flags=re.M)
    if not whole:
        raise Failed("the firmware did not get through a session and its messages:\n" + output[-2000:])
    return [_stage(part, bytes_of_names(before), words, None if image else tree) for part in parts]


def _romfs(path, tree):
    """The file `path` with all modules as they are in build/`tree`, in the form from which MicroPython runs them."""
    with contextlib.redirect_stdout(io.StringIO()):
        path.write_bytes(make_romfs(str(ROOT / "build" / "modules" / tree), mpy_cross=False))
    return path


def _stage(output, names_before, words, tree):
    """The figures of one stage, in bytes of the board, with all names counted that it does not have in its image; it
    has all of them without `tree`."""
    stage = json.loads(output.split("\n")[0])
    stage["names"] = firmware_names(output, tree) if tree else ()
    others = bytes_of_names(output) - names_before
    stage["names_take"] = names_take(stage["names"], pooled() if tree else ())
    for kind in ("busy", "resident", "most"):
        stage[kind] = (stage[kind] - others) * 4 // words + stage["names_take"]
    return stage


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


def sums(stages):
    """(resident, live) in bytes."""
    return stages[-1]["resident"], max(max(stage["busy"], stage["most"]) for stage in stages)


def within(resident, live):
    return resident <= RESIDENT_BUDGET and live <= LIVE_BUDGET


def verdict(stages):
    """Print the sums; returns the exit status."""
    print("\nheap, bytes                 in use   resident   most in use meanwhile")
    for stage in stages:
        print("  %-22s %9d %10d %10d" % tuple(stage[name] for name in ("stage", "busy", "resident", "most")))
    resident, live = sums(stages)
    print("\nresident  %6d B of %d" % (resident, RESIDENT_BUDGET))
    print("live      %6d B of %d" % (live, LIVE_BUDGET))
    names = stages[-1]["names"]
    print("names     %6d, %d B of the above, beside those in flash" % (len(names), stages[-1]["names_take"]))
    if not within(resident, live):
        print("more than the budget", file=sys.stderr)
        return 1
    return 0


def main():
    parser = argparse.ArgumentParser(description="The memory the firmware takes, against its budget.")
    parser.add_argument("--brief", action="store_true", help="leave out the files")
    parser.add_argument("--image", action="store_true", help="with the code in flash, in an image of one's own")
    options = parser.parse_args()
    try:
        sizes = {path.relative_to(MODULES).as_posix(): path.stat().st_size for path in MODULES.rglob("*.mpy")}
        for run in range(_RUNS):
            stages = measure(options.image)
            if within(*sums(stages)):
                break
            print("run %d of %d: resident %d B, live %d B" % (run + 1, _RUNS, *sums(stages)))
    except (Failed, NotBuilt, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    if not options.brief and not options.image:
        show_files(sizes, resident_files(stages[-1]["modules"], sizes))
    return verdict(stages)


if __name__ == "__main__":
    sys.exit(main())
