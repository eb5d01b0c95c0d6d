"""Puts the charge point together and keeps it running: all that main.py would hold if it were compiled ahead."""

import asyncio
import gc
import sys

from hal.safety import Safety
from ocpp import log
from ocpp.engine import Engine
from ocpp.on_demand import drop, load
from profiles.core import Core
from profiles.core.metering import REGISTERS
from version import VERSION

_EXIT_RESET = 75
_EXIT_CONFIG = 78


class ChargePoint:
    """Everything that runs, made from a checked configuration."""

    def __init__(self, config):
        """`config`: as config/loader.py gives it; ValueError for what only the other rooms can judge."""
        self.id = config["charge_point"]["id"]
        self.web = config["web"]
        parts = load("assembly.parts")
        self.board = parts.make_board(config)
        self.evses = parts.make_evses(config, self.board)
        payload = parts.boot_payload(config["charge_point"], VERSION)
        del parts
        drop(True)
        self.safety = Safety(self.evses)
        self.engine = Engine(config, payload, "schemas/ocpp16.tbl")
        log.configure(config["log"]["level"], self.engine.clock.stamp)
        for devices, energy in zip(self.board.connectors, self.engine.store.load(REGISTERS, [])):
            devices.set_energy(energy)
        self.core = Core(self.evses, self.board.card_reader)
        self.engine.add(self.core)
        self.engine.prepare()
        self.engine.restart = self._restart
        drop(True)

    def _restart(self):
        self.safety.safe()
        sys.exit(_EXIT_RESET)

    async def run(self):
        """The safety loop first, then everything else, for ever."""
        self.engine.spawn(self.safety.run)
        self.engine.start()
        drop(True)
        gc.threshold(gc.mem_free() // 4 + gc.mem_alloc())
        if self.web["port"]:
            self.engine.spawn(self._serve_web)
        while True:
            await asyncio.sleep(3600)

    async def _serve_web(self):
        await load("assembly.pages").serve(self)


def _load(path):
    """The checked configuration; what the loader took is free again."""
    loader = load("config.loader")
    try:
        return loader.load(path)
    except loader.ConfigError as error:
        _refuse(error)
    finally:
        del loader
        drop(True)


def _refuse(error):
    print(error)
    sys.exit(_EXIT_CONFIG)


def main(arguments):
    """Run until Ctrl-C, a reset or a wrong configuration; the contactor is open afterwards, whatever happened."""
    path = arguments[0] if arguments else "config/config.json"
    try:
        point = ChargePoint(_load(path))
    except ValueError as error:
        _refuse("%s: %s" % (path, error))
    try:
        asyncio.run(point.run())
    except KeyboardInterrupt:
        print("stopped, contactors open")
    finally:
        point.safety.safe()
