"""Runs under MicroPython in build/host for tools/size.py: takes the firmware into a charging session by
itself and prints, at each stage, one line of JSON with the heap in use and the modules in memory.

    micropython size_probe.py CONFIG
"""

import gc
import json
import sys

import micropython

sys.path.insert(0, "")  # the firmware in the working directory, before the tools beside this file
import slots  # noqa: E402

slots.start()

import asyncio  # noqa: E402

import cards_in_field  # noqa: E402, F401
from world import world  # noqa: E402  tests/board

import hal  # noqa: E402

# What the stand-in needs during the session; then the firmware is to load its own of what both have.
world.wires.uart("rs485", 9600)
for name in list(sys.modules):
    if name.split(".")[0] == "hal" and not name.startswith("hal.sim"):
        del sys.modules[name]
del hal
gc.collect()
_before = gc.mem_alloc()

from ocpp.on_demand import drop  # noqa: E402

import assembly  # noqa: E402

_run = assembly.ChargePoint.run


def tell(stage):
    """What is in use now, and what of it stays when memory is short."""
    gc.collect()
    busy, free = gc.mem_alloc() - _before, gc.mem_free()
    drop(True)
    gc.collect()
    resident = gc.mem_alloc() - _before
    figures = {"stage": stage, "busy": busy, "free": free, "resident": resident}
    figures["modules"] = sorted(sys.modules)
    print("\x1e" + json.dumps(figures))
    micropython.qstr_info(1)


async def until(condition):
    while not condition():
        await asyncio.sleep_ms(100)
    await asyncio.sleep(2)  # what it brings about is sent and confirmed


async def session(point):
    """Connect, and charge."""
    tell("booted")
    # The firmware's own look at the heap is over then.
    await until(lambda: point.engine.registration == "Accepted" and len(point.heap) == 2)
    tell("connected")
    connector = point.core.connectors[0]
    world.obey({"lever": ("ev", {"state": "C", "max_current": 16}), "card": "04A21BC23D5E80"})
    await until(lambda: connector.status == "Charging" and not point.engine.outbox.queued and len(point.heap) == 3)
    tell("charging")
    sys.exit(0)


async def run(point):
    asyncio.create_task(session(point))
    await _run(point)


assembly.ChargePoint.run = run
assembly.main(sys.argv[1:])
