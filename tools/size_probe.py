"""Runs under MicroPython in a tree of build/ for tools/size.py: takes the firmware into a charging session by itself
and prints, at each stage, one line of JSON with the heap that it has in use.

    micropython size_probe.py CONFIG

The heap of the stand-in for the chip and what is around it (tests/board) is not counted; `before` tells it. Nor are
the names, which both share: tools/size.py adds those of the firmware to `busy`, `resident` and `most`, and takes what
all names take, here, from qstr_info().
"""

import builtins
import gc
import json
import sys

import micropython

gc.threshold(8192)  # what stays lies close together
sys.path.insert(0, "")  # the firmware in the working directory, before the tools beside this file
import slots  # noqa: E402

gc.collect()
_bare = gc.mem_alloc()
slots.start()
del slots, sys.modules["slots"]
gc.collect()
_slots = gc.mem_alloc() - _bare

import asyncio  # noqa: E402

import cards_in_field  # noqa: E402, F401
import machine  # noqa: E402, F401
import neopixel  # noqa: E402, F401
import network  # noqa: E402, F401
from world import world  # noqa: E402  tests/board

# What the stand-in needs during the session; then the firmware is to load its own of what both have.
world.wires.uart("rs485", 9600)
for name in list(sys.modules):
    if name.split(".")[0] in ("asyncio", "config", "hal", "memory") and name != "asyncio" and name[:7] != "hal.sim":
        del sys.modules[name]
gc.collect()
_before = gc.mem_alloc() - _slots
micropython.qstr_info()
_most = {}  # name of a stage -> most bytes in use at one of its import statements
_stage = ["start"]

import assembly  # noqa: E402
import memory  # noqa: E402

_run, _manage = assembly.ChargePoint.run, memory.manage


def manage():
    """As on a board that is always short of memory, and look at the heap at each import statement."""
    _manage(1 << 29)
    memory.free = nothing
    real = __import__  # not that of builtins, which stays the first one

    def watched(*names):
        module = real(*names)
        gc.collect()
        _most[_stage[0]] = max(_most.get(_stage[0], 0), gc.mem_alloc() - _before)
        return module

    builtins.__import__ = watched


def nothing():
    return 0


def tell(stage):
    """What is in use now, and what of it stays when everything is unloaded."""
    gc.collect()
    busy = gc.mem_alloc() - _before
    memory.unload()
    resident = gc.mem_alloc() - _before
    figures = {"stage": stage, "before": _before, "busy": busy, "resident": resident, "most": _most.get(_stage[0], 0)}
    figures["modules"] = sorted(sys.modules)
    print("\x1e" + json.dumps(figures))
    micropython.qstr_info(1)
    _stage[0] = stage


async def until(condition):
    while not condition():
        await asyncio.sleep_ms(100)
    await asyncio.sleep(2)  # what it brings about is sent and confirmed


async def session(point):
    """Connect, charge, and go on until the central system has sent all its messages."""
    tell("booted")
    await until(lambda: point.engine.registration == "Accepted")
    tell("connected")
    connector = point.core.connectors[0]
    world.obey({"lever": ("ev", {"state": "C", "max_current": 16}), "card": "04A21BC23D5E80"})
    await until(lambda: connector.status == "Charging" and not point.engine.outbox.queued)
    tell("charging")
    sys.exit(0)


async def run(point):
    asyncio.create_task(session(point))
    await _run(point)


memory.manage = manage
assembly.ChargePoint.run = run
assembly.main(sys.argv[1:])
