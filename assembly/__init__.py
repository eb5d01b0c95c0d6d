"""Puts the charge point together and keeps it running: all that main.py would hold if it were compiled ahead."""

import asyncio
import gc
import sys

from micropython import const

from hal import safety
from ocpp import log
from ocpp.engine import Engine
from ocpp.on_demand import drop, load
from profiles.core import Core
from profiles.local_auth import LocalAuth
from profiles.remote_trigger import RemoteTrigger
from profiles.reservation import Reservation

_COLLECT_AFTER = const(8192)  # bytes at least; often, so that what stays lies close together
_EXIT_RESET = const(75)
_EXIT_CONFIG = const(78)


class ChargePoint:
    """Everything that runs: `board`, `evses`, `safety`, `engine`, `core`, the `id` and the section `web` of the
    configuration. parts.py fills it in."""

    async def run(self):
        """The safety loop first, then everything else, for ever."""
        self.engine.spawn(self.safety.run)
        load("ocpp.life").start(self.engine)
        drop(True)
        gc.threshold(max(_COLLECT_AFTER, gc.mem_free() // 4))
        if self.web["port"]:
            await load("assembly.pages").Pages(self).serve()
        while True:
            await asyncio.sleep(3600)


def _assemble(path):
    """The charge point of the configuration in the file `path`; what only the assembly took is free again."""
    parts = load("assembly.parts")
    try:
        config = parts.load_config(path)
        load("assembly.early").gather(config["web"]["port"])
        point = ChargePoint()
        parts.hardware(point, config)
        del parts
        drop(True)
        point.safety = safety.Safety(point.evses)
        point.engine = Engine(config, point.boot_payload, "schemas/ocpp16.tbl")
        log.configure(config["log"]["level"], point.engine.clock.stamp)
        point.core = Core(point.evses, point.board.card_reader)
        profiles = (
            point.core,
            LocalAuth(point.core),
            Reservation(point.core),
            RemoteTrigger(point.core),
        )
        load("assembly.parts").connect(point, profiles, lambda: restart(point))
    except ValueError as error:
        print(error if path in str(error) else "%s: %s" % (path, error))
        sys.exit(_EXIT_CONFIG)
    drop(True)
    return point


def restart(point):
    """The reboot that OCPP asks for: the process ends with status 75 and is started again."""
    point.safety.safe()
    sys.exit(_EXIT_RESET)


def main(arguments):
    """Run until Ctrl-C, a reset or a wrong configuration; the contactor is open afterwards, whatever happened."""
    point = _assemble(arguments[0] if arguments else "config/config.json")
    try:
        asyncio.run(point.run())
    except KeyboardInterrupt:
        print("stopped, contactors open")
    finally:
        point.safety.safe()
