"""Puts the charge point together and keeps it running: all that main.py would hold if it were compiled ahead."""

import asyncio
import gc
import sys

from micropython import const

from ocpp import log
from ocpp.on_demand import drop, load

_COLLECT_AFTER = const(8192)  # bytes at least; often, so that what stays lies close together
_EXIT_RESET = const(75)
_EXIT_CONFIG = const(78)
_LOOK_S = const(2)
_TICK_MS = const(20)
_TESTING = const(150)  # ticks at most; a self-test takes 2.1 s
_AT_WORK_MS = const(600000)  # the watchdog's patience with who works at the console


class ChargePoint:
    """Everything that runs: `evses`, `safety`, `engine`, `core`, `card_reader`, the simulated `board` or None, the `id`
    and the section `web` of the configuration; `tasks` to run beside, `reset` and `wifi` of an ESP32, and the `heap` as
    it was when booted, connected and charging. parts.py fills it in."""

    board = reset = wifi = None

    def __init__(self):
        self.tasks = []
        self.heap = []

    async def run(self):
        """The safety loop first, then everything else, for ever."""
        self.engine.spawn(self.safety.run)
        while self.tasks:
            self.engine.spawn(self.tasks.pop())
        for _ in range(_TESTING):
            # Nothing can be told of a connector before, and what tests it takes memory.
            if any([evse.post for evse in self.evses]):
                await asyncio.sleep_ms(_TICK_MS)
        drop(True)
        load("ocpp.life").start(self.engine)
        drop(True)
        gc.threshold(max(_COLLECT_AFTER, gc.mem_free() // 4))
        if self.web["port"]:
            await load("assembly.pages").Pages(self).serve()
        while True:
            if self.safety.error:
                log.exception("the safety loop", self.safety.error)
                self.safety.error = None
            stage = len(self.heap)
            if stage == 0 or stage < 3 and self.engine.online and (stage == 1 or self._charging()):
                await load("assembly.heap").measure(self)
            await asyncio.sleep(_LOOK_S)

    def _charging(self):
        return "Charging" in [connector.status for connector in self.core.connectors]

    def tested(self, number, text):
        """The self-test of a connector has ended with these results."""
        self.evses[number - 1].devices.post = text
        log.info("connector %d: self-test %s", number, text)

    def restart(self):
        """The reboot that OCPP asks for; on a PC the process ends with status 75 and is started again."""
        self.safety.safe()
        if self.reset:
            self.reset()
        sys.exit(_EXIT_RESET)


def main(arguments):
    """Run until Ctrl-C, a reset or a wrong configuration; the contactor is open afterwards, whatever happened."""
    gc.threshold(_COLLECT_AFTER)  # before anything is made
    gc.threshold(_COLLECT_AFTER)  # from now on: garbage that fills the heap first leaves what stays in pieces
    point = ChargePoint()
    if not load("assembly.parts").assemble(point, arguments[0] if arguments else "config/config.json"):
        # A board stays at its console, where the configuration can be put right.
        return sys.exit(_EXIT_CONFIG) if sys.platform != "esp32" else None
    drop(True)
    try:
        asyncio.run(point.run())
    except KeyboardInterrupt:
        print("stopped, contactors open")
        if point.safety.watchdog:
            # It cannot be stopped, only be given more time.
            type(point.safety.watchdog)(_AT_WORK_MS).feed()
    finally:
        point.safety.safe()
