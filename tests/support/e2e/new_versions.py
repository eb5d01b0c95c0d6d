"""Other versions of the firmware as packages, and their installation on the flash of a charge point of its own."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import charge_point
from limits import patient

ROOT = Path(__file__).resolve().parents[3]
VERSION = "99.0.0"
OWNERS = """
import asyncio, json
from updates import installation
from updates.receiver import Receiver


def install():
    receiver = Receiver({"unsigned": True, "downgrade": False}, "sim")
    receiver.begin(0)
    with open("package.bin", "rb") as file:
        while True:
            piece = file.read(1000)
            if not piece:
                break
            receiver.write(piece)
    installation.install(asyncio.run(receiver.finish()))


def tell():
    print(json.dumps(installation.result()))
"""


def tool(name):
    """A module of tools/; the folder does not stay on the path, as it has a `schemas` of its own."""
    path = list(sys.path)
    sys.path.append(str(ROOT / "tools"))
    try:
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / (name + ".py"))
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        return sys.modules[name]
    finally:
        sys.path[:] = path


def source(name, *changes):
    """The text of a source with each of `changes`, (what is there, what comes in its place)."""
    text = (ROOT / name).read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def new_version(folder, **sources):
    """The package of version 99.0.0, whose trial takes a second; `sources`: path -> text in the place of that file."""
    build, archive = tool("build"), tool("archive")
    made = {"version.py": source("version.py", ('VERSION = "', 'VERSION = "%s"  # ' % VERSION)),
            "updates/trial.py": source("updates/trial.py", ("const(300)", "const(1)"),
                                       ("const(1200)", "const(2)"), ("const(5)", "const(1)")), **sources}
    folder.mkdir()
    files = build.sources()
    for name, text in made.items():
        assert name in files
        files[name] = folder / name.replace("/", "-")
        files[name].write_text(text)
    architecture = archive.read_head((charge_point.HOST_BUILD / "firmware.a").read_bytes())["arch"]
    cache = ROOT / "build" / "cache"
    _, _, archived = build.contents(files, architecture, "sim", cache)
    return archive.pack(archived, **build.head(files, architecture))


class Flash:
    """What a charge point has on flash beside its store: a build of its own, for `firmware.build`."""

    def __init__(self, folder):
        self.folder = shutil.copytree(charge_point.HOST_BUILD, folder, ignore=shutil.ignore_patterns("data"))

    def install(self, package):
        """As the firmware that is on flash installs a package."""
        (self.folder / "package.bin").write_bytes(package)
        self._run("install")

    def result(self):
        """What the firmware that is on flash says of its last installation."""
        return json.loads(self._run("tell").strip().split("\n")[-1])

    def starts(self):
        """(the slot that starts, the second line of the file)."""
        slot, _, about = (self.folder / "firmware.slot").read_text().partition("\n")
        return slot, json.loads(about or "null")

    def _run(self, function):
        # In the place of a module of the firmware, so that it is read with the names that this is built with.
        owners = self.folder / "updates" / "owners.py"
        owners.parent.mkdir(exist_ok=True)
        owners.write_text(OWNERS)
        program = "import slots; slots.start(); import updates.owners; updates.owners.%s()" % function
        command = [charge_point.Firmware.interpreter, "-c", program]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=patient(10))
        shutil.rmtree(owners.parent)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
