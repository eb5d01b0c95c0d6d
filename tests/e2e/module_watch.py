"""Starts the charge point and watches the modules of the rooms below: each has an open file in the folder named by the
second argument. For each line of standard input it collects garbage and prints "@ collected"; a line "unload" has
everything unloaded before, as memory.py does where memory is short. Runs under MicroPython in the firmware's folder, in
the place of main.py, with the firmware's names in the place of those of the sources.

A module is in memory as long as anything refers to its globals: the table of modules, a function, a frame, an instance.
The file is one of its globals, and MicroPython closes a file that it collects. So those that are open show what is
there, and the folder what has been."""

import asyncio
import gc
import sys

_ROOMS = ("updates/", "transfers/", "profiles/firmware/")
_count = 0
_settle = None  # that of modules.py


def settle():
    """As that of modules.py: the module that has been imported as "_" gets its name; here also its file."""
    global _count
    module = sys.modules.get("_")
    path = sys.modules["firmware_files"].Archive.mounted.target
    if module and path.startswith(_ROOMS):
        _count += 1
        module.file_of_the_watch = open("%s/%d %s" % (sys.argv[2], _count, path.replace("/", " ")), "w")
    _settle()


async def obey():
    lines = asyncio.StreamReader(sys.stdin)
    while True:
        line = await lines.readline()
        if not line:
            return
        if line.strip() == b"unload":
            sys.modules["memory"].unload()
        gc.collect()
        print("@ collected")


def run(point):
    global _settle

    async def both():
        asyncio.create_task(obey())
        await point

    modules = sys.modules["modules"]
    _settle, modules.settle = modules.settle, settle
    return _run(both())


_run = asyncio.run
asyncio.run = run
sys.path[0] = ""

import main  # noqa: E402, F401
