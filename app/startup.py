"""Starts the tasks of the charge point after compose.py has built it."""

import asyncio
import gc
import os

from micropython import const

from ocpp import log
import memory

_COLLECT_AFTER = const(8192)  # bytes at least; often, so that what stays lies close together
_TICK_MS = const(20)
_MAX_TEST_TICKS = const(150)  # a self-test takes 2.1 s
_ONE_LINE_BYTES = const(11)  # of the file firmware.slot: longer, it has something to tell of an update


async def start(point):
    """Start all tasks of `point`, the engine and the web server; the safety loop runs already."""
    while point.tasks:
        point.engine.spawn(point.tasks.pop())
    for evse in point.evses:
        if evse.self_test:
            evse.self_test.polled = True
    for _ in range(_MAX_TEST_TICKS):
        # Wait for the self-tests, then unload their code before connecting.
        if any([evse.self_test for evse in point.evses]):
            await asyncio.sleep_ms(_TICK_MS)
    for evse in point.evses:
        log.info("connector %d: self-test %s", evse.number, evse.devices.self_test_result or "has not ended")
    memory.unload()
    _start_engine(point.engine)
    if _updated():
        _tell_of_update(point)
    memory.unload()
    gc.threshold(max(_COLLECT_AFTER, memory.free() // (4 if memory.managed() else 2)))
    if point.web["port"]:
        await _serve(point)


def _start_engine(engine):
    from ocpp.engine import start

    start.start(engine)


def _updated():
    """Whether a version is on trial, or an installation has an outcome. So a normal start loads nothing of updates/."""
    try:
        return os.stat("firmware.slot")[6] > _ONE_LINE_BYTES
    except OSError:
        return False


def _tell_of_update(point):
    from updates import trial

    if trial.log_outcome():
        from app import on_trial

        point.engine.spawn(on_trial.Trial(point).run)


async def _serve(point):
    from app import web_server

    await web_server.WebServer(point).serve()
