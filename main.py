"""Assembles the charge point and keeps it running: `micropython main.py [CONFIG]` on a PC, by itself on the board.

Exit status on a PC: 0 after Ctrl-C, 75 for a reboot that OCPP asked for, 78 for a configuration that is wrong.
"""

import asyncio
import gc
import sys

from hal.evse import Evse
from hal.safety import Safety
from ocpp import log
from ocpp.engine import Engine
from profiles.core import Core
from profiles.core.metering import REGISTERS
from version import VERSION

_EXIT_RESET = 75
_EXIT_CONFIG = 78


def load_config(path):
    """The checked configuration; the loader is needed once, so it leaves no code behind."""
    from config import loader

    config = loader.load(path)
    del sys.modules["config.loader"], sys.modules["config"]
    return config


def make_board(config):
    """The board that the configuration names."""
    if config["board"]["type"] != "sim":
        raise ValueError("board.type: %r is not in this build, only 'sim'" % config["board"]["type"])
    from hal import sim

    return sim.Board(config["connectors"], config["board"]["max_current"] * 10, config["storage"]["path"])


def make_evse(number, devices, section, board_limit):
    """The EVSE of connector `number` from its section of config.json."""
    socket = section["cable"] == "socket"
    evse = Evse(devices, number, section["phases"], section["max_current"] * 10, socket)
    evse.set_limit("board", board_limit * 10)
    return evse


def boot_payload(section):
    """BootNotification.req from the section charge_point; what is empty is left out (1.6 6.3)."""
    fields = (
        ("chargePointVendor", section["vendor"]),
        ("chargePointModel", section["model"]),
        ("chargePointSerialNumber", section["serial_number"]),
        ("chargeBoxSerialNumber", section["box_serial_number"]),
        ("firmwareVersion", section["firmware_version"] or VERSION),
    )
    return {name: value for name, value in fields if value}


class ChargePoint:
    """Everything that runs, made from a checked configuration."""

    def __init__(self, config):
        self.config = config
        self.board = make_board(config)
        sections = config["connectors"]
        limit = config["board"]["max_current"]
        self.evses = [
            make_evse(index + 1, devices, sections[index], limit) for index, devices in enumerate(self.board.connectors)
        ]
        self.safety = Safety(self.evses)
        self.engine = Engine(config, boot_payload(config["charge_point"]), "schemas/ocpp16.tbl")
        log.configure(config["log"]["level"], self.engine.clock.stamp)
        for devices, energy in zip(self.board.connectors, self.engine.store.load(REGISTERS, [])):
            devices.set_energy(energy)
        self.core = Core(self.evses, self.board.card_reader)
        self.engine.add(self.core)
        self.engine.prepare()
        self.engine.restart = self._restart

    def _restart(self):
        self.safety.safe()
        sys.exit(_EXIT_RESET)

    async def run(self):
        """The safety loop first, then everything else, for ever."""
        self.engine.spawn(self.safety.run)
        self.engine.start()
        if self.config["web"]["port"]:
            self.engine.spawn(self._serve_web)
        gc.collect()
        gc.threshold(gc.mem_free() // 4 + gc.mem_alloc())
        while True:
            await asyncio.sleep(3600)

    async def _serve_web(self):
        import web

        section = self.config["web"]
        app = web.create_app(self.status, section["user"], section["password"])
        if self.board.type == "sim":
            from web import simulation

            simulation.add_routes(app, self.board, self._power_loss)
        log.info("http://%s:%d/api/status", section["host"], section["port"])
        await app.start_server(section["host"], section["port"])

    def _power_loss(self):
        sys.exit(1)

    def status(self):
        """The snapshot of GET /api/status (design 3.3)."""
        engine = self.engine
        csms = {"connected": engine.link.connected, "registration": engine.registration, "queued": engine.outbox.queued}
        return {
            "charge_point": self.config["charge_point"]["id"],
            "firmware": VERSION,
            "uptime_s": engine.clock.uptime(),
            "heap_free": gc.mem_free(),
            "tick_max_ms": self.safety.tick_max_ms,
            "writes": engine.store.writes,
            "csms": csms,
            "connectors": [self._connector_status(connector) for connector in self.core.connectors],
        }

    def _connector_status(self, connector):
        evse, transaction = connector.evse, connector.transaction
        meter = evse.devices.meter
        return {
            "id": connector.number,
            "status": connector.status,
            "error": connector.error[0],
            "transactionId": self.core.transactions.id_of(transaction) if transaction else None,
            "idTag": transaction.id_tag if transaction else None,
            "state": evse.state,
            "pwmOn": evse.pwm_on,
            "limit_a": evse.limit / 10,
            "current_a": [value / 10 for value in meter.currents],
            "power_w": meter.power_w,
            "energy_wh": meter.energy_wh,
            "contactor": evse.contactor_closed,
        }


def main(arguments):
    """Run until Ctrl-C, a reset or a wrong configuration; the contactor is open afterwards, whatever happened."""
    path = arguments[0] if arguments else "config/config.json"
    try:
        point = ChargePoint(load_config(path))
    except ValueError as error:
        print("%s: %s" % (path, error))
        sys.exit(_EXIT_CONFIG)
    try:
        asyncio.run(point.run())
    except KeyboardInterrupt:
        print("stopped, contactors open")
    finally:
        point.safety.safe()


if __name__ == "__main__":
    main(sys.argv[1:])
