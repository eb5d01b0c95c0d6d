"""Gives CPython what MicroPython has and the firmware uses, with MicroPython's meaning; import it first."""

import asyncio
import gc
import os
import sys
import time
import traceback

import micropython  # noqa: F401  its `const`

# Ticks wrap, on a board every 12 days: half way there, so that no test gets by with plain subtraction.
_PERIOD = 1 << 30
_HALF = _PERIOD >> 1


def _ticks_ms():
    return (time.monotonic_ns() // 1_000_000 + _HALF) % _PERIOD


def _ticks_us():
    return (time.monotonic_ns() // 1_000 + _HALF) % _PERIOD


def _ticks_add(ticks, delta):
    return (ticks + delta) % _PERIOD


def _ticks_diff(new, old):
    return (new - old + _HALF) % _PERIOD - _HALF


class _ThreadSafeFlag:
    """One waiter; waiting takes the flag down."""

    def __init__(self):
        self._event = asyncio.Event()

    @property
    def state(self):
        return self._event.is_set()

    def set(self):
        self._event.set()

    def clear(self):
        self._event.clear()

    async def wait(self):
        await self._event.wait()
        self._event.clear()


async def _wait_for(awaitable, timeout):
    # Before CPython 3.12 its own one swallows a cancellation that comes together with the result.
    async with asyncio.timeout(timeout):
        return await awaitable


async def _wait_for_ms(awaitable, timeout):
    return await _wait_for(awaitable, timeout / 1000)


def _ilistdir(path="."):
    for entry in os.scandir(path):
        yield entry.name, 0x4000 if entry.is_dir() else 0x8000, entry.inode(), entry.stat().st_size


time.ticks_ms = _ticks_ms
time.ticks_us = _ticks_us
time.ticks_cpu = _ticks_us
time.ticks_add = _ticks_add
time.ticks_diff = _ticks_diff
time.sleep_ms = lambda ms: time.sleep(ms / 1000)
time.sleep_us = lambda us: time.sleep(us / 1_000_000)
asyncio.sleep_ms = lambda ms, result=None: asyncio.sleep(ms / 1000, result)
asyncio.wait_for = _wait_for
asyncio.wait_for_ms = _wait_for_ms
asyncio.ThreadSafeFlag = _ThreadSafeFlag
gc.mem_free = lambda: 1_000_000
gc.mem_alloc = lambda: 1_000_000
gc.threshold = lambda amount=-1: -1
os.ilistdir = _ilistdir
sys.print_exception = lambda error, file=None: traceback.print_exception(error, file=file)
