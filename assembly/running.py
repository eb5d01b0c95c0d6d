"""What the charge point does now and then beside its work: how it begins, how it is, its end at the console."""

import asyncio
import gc

from micropython import const

from ocpp import log
import memory

_COLLECT_AFTER = const(8192)  # bytes at least; often, so that what stays lies close together
_TICK_MS = const(20)
_TESTING = const(150)  # ticks at most; a self-test takes 2.1 s
_AT_WORK_MS = const(600000)  # the watchdog's patience with who works at the console
_STAGES = ("booted", "connected", "charging")
_NEAR = const(1024)  # bytes
_PAUSE_MS = const(100)  # between two looks, each of which takes as long as a collection or two


async def begin(point):
    """Everything that `point` does runs when this returns; the safety loop runs already."""
    while point.tasks:
        point.engine.spawn(point.tasks.pop())
    tests = [evse.post for evse in point.evses if evse.post]
    for test in tests:
        test.polled = True
    del tests
    for _ in range(_TESTING):
        # Nothing can be told of a connector before, and what tests it takes memory.
        if any([evse.post for evse in point.evses]):
            await asyncio.sleep_ms(_TICK_MS)
    for evse in point.evses:
        log.info("connector %d: self-test %s", evse.number, evse.devices.post or "has not ended")
    memory.unload()
    from ocpp import life
    life.start(point.engine)
    memory.unload()
    gc.threshold(max(_COLLECT_AFTER, gc.mem_free() // 4))
    if point.web["port"]:
        from assembly import pages
        await pages.Pages(point).serve()


async def look(point):
    """Tell what has gone wrong in the safety loop, and the heap of a stage that is reached for the first time."""
    if point.safety.error:
        log.exception("the safety loop", point.safety.error)
        point.safety.error = None
    stage = len(point.heap)
    charging = "Charging" in [connector.status for connector in point.core.connectors]
    if stage == 0 or stage < 3 and point.engine.online and (stage == 1 or charging):
        await _measure(point)


def interrupted(point):
    """Ctrl-C at the console; the watchdog cannot be stopped, only be given more time."""
    print("stopped, contactors open")
    if point.safety and point.safety.watchdog:
        type(point.safety.watchdog)(_AT_WORK_MS).feed()


async def _measure(point):
    """Add [bytes free, largest block] of the stage that is reached to `point.heap`."""
    stage = _STAGES[len(point.heap)]
    gc.collect()
    free = gc.mem_free()
    low, high = 0, free
    while high - low > _NEAR:
        middle = (low + high) // 2
        if _fits(middle):
            low = middle
        else:
            high = middle
        await asyncio.sleep_ms(_PAUSE_MS)
    log.info("heap when %s: %d bytes free, %d in one piece", stage, free, low)
    point.heap.append([free, low])


def _fits(size):
    gc.collect()
    try:
        bytearray(size)
    except MemoryError:
        return False
    finally:
        gc.collect()
    return True
