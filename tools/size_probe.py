"""Runs under MicroPython in build/host for tools/size.py: takes the firmware into a charging session by
itself and prints, at each stage, one line of JSON with the heap in use and the modules in memory.

    micropython size_probe.py CONFIG
"""

import gc
import json
import sys

sys.path[0] = ""  # the firmware in the working directory, not the tools beside this file

import asyncio  # noqa: E402

gc.collect()
_before = gc.mem_alloc()

import assembly  # noqa: E402
from ocpp.on_demand import drop, load  # noqa: E402


def tell(stage):
    """What is in use now, and what of it stays when memory is short."""
    gc.collect()
    busy = gc.mem_alloc() - _before
    drop(True)
    gc.collect()
    figures = {"stage": stage, "busy": busy, "resident": gc.mem_alloc() - _before, "free": gc.mem_free()}
    figures["modules"] = sorted(sys.modules)
    print("\x1e" + json.dumps(figures))


async def until(condition):
    while not condition():
        await asyncio.sleep_ms(100)
    await asyncio.sleep(2)  # what it brings about is sent and confirmed


async def session(point):
    """Boot, connect, charge, leave."""
    tell("booted")
    await until(lambda: point.engine.registration == "Accepted")
    tell("connected")
    connector = point.core.connectors[0]
    point.board.plug(1, True)
    point.board.card("SIZE")
    point.board.ev(1, "C", 16, 3)
    await until(lambda: connector.status == "Charging" and not point.engine.outbox.queued)
    tell("charging")
    sys.exit(0)


async def main():
    point = assembly.ChargePoint(load("config.loader").load(sys.argv[1]))
    asyncio.create_task(session(point))
    await point.run()


asyncio.run(main())
