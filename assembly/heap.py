"""How much memory is free, and in how large a piece."""

import asyncio
import gc

from micropython import const

from ocpp import log

_STAGES = ("booted", "connected", "charging")
_NEAR = const(1024)  # bytes
_PAUSE_MS = const(100)  # between two looks, each of which takes as long as a collection or two


async def measure(point):
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
