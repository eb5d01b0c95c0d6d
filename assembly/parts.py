"""What is made once, from the configuration; loaded for the start."""

from config import loader
from hal.evse import Evse
from ocpp import life
from profiles.core.metering import REGISTERS
from version import VERSION


def load_config(path):
    """The checked configuration; ValueError with one line for the owner."""
    try:
        return loader.load(path)
    except loader.ConfigError as error:
        raise ValueError(str(error))


def hardware(point, config):
    """Fill in board, EVSEs and what is needed later of the configuration; ValueError for a board not in this build."""
    section = config["board"]
    if section["type"] != "sim":
        raise ValueError("board.type: %r is not in this build, only 'sim'" % section["type"])
    from hal import sim

    point.id = config["charge_point"]["id"]
    point.web = config["web"]
    point.boot_payload = _boot_payload(config["charge_point"])
    point.board = sim.Board(config["connectors"], section["max_current"])
    point.evses = []
    for number, connector in enumerate(config["connectors"]):
        socket = connector["cable"] == "socket"
        limit = connector["max_current"] * 10
        evse = Evse(point.board.connectors[number], number + 1, connector["phases"], limit, socket)
        evse.set_limit("board", section["max_current"] * 10)
        point.evses.append(evse)


def _boot_payload(section):
    """BootNotification.req from the section charge_point; what is empty is left out (1.6 6.3)."""
    fields = (
        ("chargePointVendor", section["vendor"]),
        ("chargePointModel", section["model"]),
        ("chargePointSerialNumber", section["serial_number"]),
        ("chargeBoxSerialNumber", section["box_serial_number"]),
        ("firmwareVersion", section["firmware_version"] or VERSION),
    )
    return {name: value for name, value in fields if value}


def restore_registers(engine, connectors):
    """What the meters showed in the last message, and its time: neither goes back."""
    registers = engine.store.load(REGISTERS)
    if registers:
        engine.clock.not_before(registers.pop())
        for devices, energy in zip(connectors, registers):
            devices.set_energy(energy)


def connect(point, profiles, restart):
    """Energy registers from flash, profiles and keys into the engine; ValueError for a wrong first value of a key."""
    restore_registers(point.engine, point.board.connectors)
    point.engine.restart = restart
    life.prepare(point.engine, profiles)
