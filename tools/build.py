"""Builds the firmware: build/host for this PC, build/host32 for its 32-bit MicroPython, build/esp32 for the board.

    python tools/build.py [--quiet]

Each tree has what lies beside the firmware (boot.py, main.py, slots.mpy, slot_trial.mpy, firmware_files.mpy,
config/config.json and, where there is one, config/update.pub) and the firmware itself in its first slot, one archive of
all modules and tables. build/modules has what is in the archives, as files and with the names of the sources;
build/frozen is for an image with the modules in it (manifest.py), its archive has the tables alone. The same commit
gives the same bytes. A tree changes only when every file of it has been compiled; build/host/data, the state of
`make run`, stays.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import mpy_index
import name_numbers
from archive import pack
from compiler import MPY, Refused, chosen, compile_all
from micropython32 import COMMAND as MICROPYTHON32
from rom_names import SIMULATION, TABLE

ROOT = Path(__file__).resolve().parents[1]
# The firmware: they start it and are not replaced with it.
BESIDE = ("boot.py", "main.py", "slots.py", "slot_trial.py", "firmware_files.py")
ALSO_WITHIN = "firmware_files.py"  # for what runs beside it, see in_place.py
CONFIG = "config/config.json"
SECRETS = "secrets.json"  # the owner's, beside config.json: must be in no package
KEY = "config/update.pub"  # of the owner's, to check signatures of updates with
SLOT = "firmware.a"
KEPT = "data"
BOARD = "esp32-devkitc-v4"
# All trees have both kinds of hardware: a board without electronics is simulated, too, and a PC may stand in for one.
BOARDS = (BOARD, "sim")
MICROPYTHON = "1.25"  # the oldest
# The order is that of the .mpy format: bits 10 and up of sys.implementation._mpy.
ARCHITECTURES = (None, "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp")
ARCHITECTURES += ("xtensa", "xtensawin", "rv32imc", "rv64imc")


def host_architecture():
    """What native code the MicroPython of this environment runs; None if it runs none."""
    interpreter = Path(sys.executable).with_name("micropython")
    command = [interpreter, "-c", "import sys; print(sys.implementation._mpy >> 10)"]
    return ARCHITECTURES[int(subprocess.check_output(command))]


def sources():
    """Path in the build -> file, for all of the firmware."""
    found = [path for path in ROOT.glob("*.py") if path.name != "manifest.py"]
    for package in ROOT.glob("*/__init__.py"):
        found += (path for path in package.parent.rglob("*") if path.is_file() and path.suffix != ".pyc"
                  and path.name != SECRETS)
    found += (ROOT / "schemas").glob("*.tbl")
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(found)}


def board_config(content, board):
    """The checkout's config.json for a real board: its type, its usual meter. The page is for the network, but off, for
    it needs a password that only the owner can know."""
    config = json.loads(content)
    config["board"]["type"] = board
    for connector in config["connectors"]:
        connector.pop("meter", None)
    config["web"].update(host="0.0.0.0", port=0)
    config["network"] = {"wifi": [{"ssid": "your network", "password": "its password"}]}
    return (json.dumps(config, indent=2) + "\n").encode()


def constant(path, name):
    """The value of the constant `name` in the source `path`, which imports nothing."""
    scope = {}
    exec(Path(path).read_text(), scope)
    return scope[name]


def head(files, architecture):
    """What the head of an archive says of what is built from the sources `files`, see updates/package.py."""
    mpy = MPY | ARCHITECTURES.index(architecture) << 10 if architecture else MPY & 0xFF
    layout = constant(files["updates/layout.py"], "LAYOUT") if "updates/layout.py" in files else 1
    return {"version": constant(files["version.py"], "VERSION"), "arch": architecture, "mpy": mpy, "boards": BOARDS,
            "layout": layout, "micropython": MICROPYTHON}


def commit_time():
    """When the last commit was made, as dateTime text in UTC; "" where the sources are no checkout of their own."""
    if not (ROOT / ".git").exists():
        return ""
    command = ["git", "-C", ROOT, "log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%dT%H:%M:%SZ"]
    try:
        done = subprocess.run(command, env={**os.environ, "TZ": "UTC"}, capture_output=True, text=True)
    except OSError:  # no git
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def dated(source, folder, version=None):
    """The path of a copy of version.py, `source`, in `folder` whose BUILT is not before the last commit; with another
    `version` if it is given."""
    text = source.read_text()
    if version:
        text = re.sub(r'^VERSION = ".*"$', 'VERSION = "%s"' % version, text, flags=re.MULTILINE)
    built = re.search(r'^BUILT = "(.*)"$', text, re.MULTILINE)
    copy = folder / source.name
    new = copy.with_name("%s.%d" % (copy.name, os.getpid()))
    new.write_text(text.replace(built[1], max(built[1], commit_time())) if built else text)
    os.replace(new, copy)
    return copy


def contents(files, architecture, board, cache):
    """Path -> bytes from the sources `files` of: what lies beside the firmware; the firmware, with the names of its
    sources; the same as it goes into the archive, with names of MicroPython's image.

    Refused says what mpy-cross said of each file."""
    plain, compiled, table = compile_all(files, architecture, cache, BESIDE)
    beside, firmware, archived = {}, {}, {TABLE: table}
    for name in chosen(list(files), architecture):
        path = name.removesuffix(".py") + ".mpy" if name in plain else name
        if name in (*BESIDE, CONFIG, KEY):
            beside[path] = compiled.get(name) or files[name].read_bytes()
            if name == ALSO_WITHIN:
                archived[path] = beside[path]
        else:
            firmware[path] = plain.get(name) or files[name].read_bytes()
            archived[path] = compiled.get(name, firmware[path])
    # With words of 32 bits tools/size.py numbers the names, before all else and with the names of the sources.
    first = (archived if architecture == "xtensawin" else firmware).get(name_numbers.FIRST, b"")
    early = name_numbers.early(beside) - set(name_numbers.of_image()) | mpy_index.names(first)
    archived = _indexed(archived, architecture, early)
    if board != "sim":
        beside[CONFIG] = board_config(beside[CONFIG], board)
    return beside, firmware, archived


def _indexed(archived, architecture, early):
    """The members `archived` (path -> bytes) with what in_place.py and name_pool.py want to know of them; `early`: the
    names that are there before."""
    modules = {path: content for path, content in archived.items() if path.endswith(".mpy")}
    own = [content for path, content in modules.items() if not path.startswith(SIMULATION)]
    names = set().union(*map(mpy_index.names, own))
    known = _known(architecture, names)
    pooled = name_numbers.order(names - set(known) - early) if known else []
    numbers = name_numbers.numbered(pooled, known)
    made = {path: mpy_index.with_index(content, path, numbers) for path, content in modules.items()}
    if known:
        made[name_numbers.MEMBER] = name_numbers.pool(pooled)
    return {**archived, **made}


def _known(architecture, names):
    """Name -> number of MicroPython's own names, for the board, and of those among `names` for this PC's MicroPython
    with words of 32 bits; none for others, where nothing runs in place."""
    if architecture == "xtensawin":
        return name_numbers.of_image()
    if architecture == "x86" and MICROPYTHON32.exists():
        return name_numbers.of_interpreter(MICROPYTHON32, names)
    return {}


def _write(tree, files):
    """Make the folder `tree` hold just these files, each replaced whole, so that a firmware may run in it meanwhile."""
    for name, content in files.items():
        path = tree / name
        if path.is_file() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name("%s.%d.new" % (path.name, os.getpid()))
        new.write_bytes(content)
        os.replace(new, path)
    for path in sorted(tree.rglob("*"), reverse=True):
        name = path.relative_to(tree)
        if name.parts[0] == KEPT or name.as_posix() in files:
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink(missing_ok=True)


def build(name, architecture, board="sim", folder=ROOT / "build", version=None, changed=None):
    """Build the tree `name` in `folder`; returns (modules and tables in the archive, its size in bytes). With
    `version` in the place of that in version.py if it is given, and `changed`, path -> file, in the place of those
    sources. Refused."""
    files = {**sources(), **(changed or {})}
    cache = folder / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    files["version.py"] = dated(files["version.py"], folder, version)
    beside, firmware, archived = contents(files, architecture, board, cache)
    about = head(files, architecture)
    archive = pack(archived, **about)
    _write(folder / "modules" / name, firmware)
    _write(folder / name, {**beside, SLOT: archive})
    if architecture == "xtensawin":
        tables = {path: content for path, content in firmware.items() if not path.endswith(".mpy")}
        _write(folder / "frozen", {**beside, SLOT: pack(tables, **about)})
    return len(archived), len(archive)


def main():
    parser = argparse.ArgumentParser(description="Build the firmware.")
    parser.add_argument("--quiet", action="store_true", help="say nothing unless a file is refused")
    quiet = parser.parse_args().quiet
    native = host_architecture()
    if native is None:
        print("build/host: no native code for this machine, the plain twins of the viper files are used")
    trees = [("host", native, "sim"), ("esp32", "xtensawin", BOARD)]
    if MICROPYTHON32.exists():
        trees.append(("host32", "x86", "sim"))
    failed = False
    for name, architecture, board in trees:
        try:
            count, size = build(name, architecture, board)
        except Refused as refusal:
            print("build/%s: mpy-cross refuses\n%s" % (name, refusal), file=sys.stderr)
            failed = True
            continue
        if not quiet:
            print("build/%s: %d modules and tables in an archive of %d bytes" % (name, count, size))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
