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
# After so many tries to connect in a row that failed here.
_UNLOAD = const(2)
_RADIO = const(4)
_RESTART = const(8)
_STAGES = ("booted", "connected", "charging")


async def begin(point):
    """Everything that `point` does runs when this returns; the safety loop runs already."""
    while point.tasks:
        point.engine.spawn(point.tasks.pop())
    for evse in point.evses:
        if evse.post:
            evse.post.polled = True
    for _ in range(_TESTING):
        # Nothing can be told of a connector before, and what tests it takes memory.
        if any([evse.post for evse in point.evses]):
            await asyncio.sleep_ms(_TICK_MS)
    for evse in point.evses:
        log.info("connector %d: self-test %s", evse.number, evse.devices.post or "has not ended")
    memory.unload()
    _start(point.engine)
    memory.unload()
    gc.threshold(max(_COLLECT_AFTER, memory.free() // 4))
    if point.web["port"]:
        await _serve(point)


def _start(engine):
    from ocpp import life

    life.start(engine)


async def _serve(point):
    from assembly import pages

    await pages.Pages(point).serve()


def look(point):
    """Tell what has gone wrong in the safety loop, and the heap of a stage that is reached for the first time; cure a
    network that is dead."""
    if point.engine.link.dead != point.cured:
        point.cured = point.engine.link.dead
        _cure(point)
    if point.safety.error:
        log.exception("the safety loop", point.safety.error)
        point.safety.error = None
    stage = len(point.heap)
    charging = "Charging" in [connector.status for connector in point.core.connectors]
    if stage == 0 or stage < 3 and point.engine.online and (stage == 1 or charging):
        gc.collect()
        point.heap.append(memory.free())
        log.info("heap when %s: %d bytes free", _STAGES[stage], point.heap[-1])


def _cure(point):
    """Nothing could be sent for reasons of the board itself, `cured` times: without memory for the radio, or in a
    Wi-Fi that is joined though nothing can be reached. Step by step; the last one waits until no energy flows."""
    if point.cured == _UNLOAD:
        memory.unload()
    elif not (point.wifi and point.wifi.ssid):
        return  # a PC, or a board that waits for its Wi-Fi to come back
    elif point.cured == _RADIO:
        log.warning("the network is dead: radio off and on")
        point.wifi.stuck = True
    elif point.cured >= _RESTART and not any([evse.contactor_closed for evse in point.evses]):
        from assembly import ending

        ending.restart(point, "the network was dead")


def interrupted(point):
    """Ctrl-C at the console; the watchdog cannot be stopped, only be given more time."""
    print("stopped, contactors open")
    if point.safety and point.safety.watchdog:
        type(point.safety.watchdog)(_AT_WORK_MS).feed()
