"""Composes the charge point from its configuration, once; loaded for the start."""

import os
import sys

from micropython import const

from ocpp import log
from ocpp.clock import KEEP_S
import heap
import memory
import modules
from version import VERSION

_LOG_KB = const(32)
_FOLDER = const(0x4000)  # in the mode of os.stat()


def assemble(point, path):
    """Fill in `point` from the configuration in the file `path`. False, with one line for the owner, if that is wrong.

    Create the objects that stay in memory first; unload the code that only the start needs as soon as it has run."""
    try:
        config = _configuration(path)
        make_storage(config["storage"]["path"])
        _keep_log(config["storage"]["path"], config["log"]["flash_kb"])
        ended = _log_last_restart(point, config["storage"]["path"])
        memory.unload()
        panel = _hardware(point, config)
        memory.unload()
        point.id = config["charge_point"]["id"]
        point.web = _web(config)
        point.path = path
        build_engine(point, config, panel)
        _log_start(point, ended)
    except ValueError as error:
        text = str(error)
        print(log.one_line(text if path in text else "%s: %s" % (path, text)))
        return False
    return True


# A function for each, because a frame keeps the modules that it has imported in memory.


def _configuration(path):
    from config import loader

    return loader.load(path)


def _web(config):
    """The section web with the host name of the board among its names."""
    section = config["web"]
    section["names"] = (config["network"]["hostname"] + " " + section["names"]).strip()
    return section


def _log_last_restart(point, folder):
    from app import shutdown

    point.folder = folder
    return shutdown.log_last_restart(folder)


def _keep_log(folder, kilobytes):
    """Begin the log on flash. `kilobytes`: log.flash_kb; -1 means _LOG_KB where the 2 kB of memory that it takes are
    free."""
    if kilobytes < 0:
        kilobytes = 0 if heap.esp32 and memory.managed() and not modules.in_place else _LOG_KB
    if kilobytes:
        from ocpp.log import writing
        from ocpp.log.ring import Ring

        log.kept = writing.begin(Ring(), folder, kilobytes)


def _keep_security_log(engine, folder):
    from ocpp import events

    engine.each_second.append(events.begin(engine, folder).check)


def _log_start(point, ended):
    from app import starts

    starts.note(point.engine, ended)


def _hardware(point, config):
    from app import hardware

    return hardware.assemble(point, config)


def make_storage(path):
    """Make the folder `path`; ValueError if there is something else, or it cannot be made.

    One that is there but cannot be written is no mistake of the owner: flash may be full or worn, and cars still
    want to charge."""
    try:
        from ocpp.store import records

        records.make_folder(path)
        if os.stat(path)[0] & 0xF000 == _FOLDER:
            return
        error = "it is a file"
    except OSError as failure:
        error = failure
    raise ValueError("storage.path is %r, must be a folder that is there or can be made (%s)" % (path, error))


def build_engine(point, config, panel):
    """Engine and profiles, energy registers from flash; ValueError for a wrong first value of a key."""
    from ocpp.engine import Engine
    from profiles.core import Core

    point.engine = engine = Engine(config, _boot_payload(config["charge_point"]), sys.path[0] + "/schemas/ocpp16.tbl")
    log.configure(config["log"]["level"], engine.clock.stamp)
    log.frames = config["log"]["frames"] and (2 if config["log"]["level"] == "debug" else 1)
    if log.kept:
        engine.each_second.append(log.kept.check)
    free = [section["free"] and section["free_id_tag"] or None for section in config["connectors"]]
    point.core = core = Core(point.evses, point.card_reader, free)
    restore_registers(engine, [evse.devices for evse in point.evses])
    engine.restart = point.restart
    engine.link.on_tls = point.safety.set_tls
    if point.set_clock:
        _connect_network(point, config["network"]["ntp"])
    from ocpp.engine import start

    start.declare_keys(engine, _profiles(point, config))
    _keep_security_log(engine, config["storage"]["path"])
    if panel:
        from app.panel import Panel

        point.tasks.append(Panel(core, *panel).run)


def _profiles(point, config):
    from profiles.firmware import Firmware
    from profiles.local_auth import LocalAuth
    from profiles.remote_trigger import RemoteTrigger
    from profiles.reservation import Reservation
    from profiles.security import Security
    from profiles.smart_charging import SmartCharging

    core, settings = point.core, dict(config["updates"], board=config["board"]["type"])
    settings["ca_cert"] = settings["ca_cert"] or config["csms"]["ca_cert"]
    return (
        core,
        LocalAuth(core),
        Reservation(core),
        RemoteTrigger(core),
        SmartCharging(core),
        Firmware(core, settings, ("app.diagnostics", point)),
        Security(core, config["csms"]["ca_cert"]),
    )


def _connect_network(point, ntp):
    """Have the engine look names up and set the board's clock."""
    from ocpp.clock import iso8601
    from ocpp.link import lookup
    from version import BUILT

    engine, built = point.engine, iso8601.parse(BUILT)
    engine.link.net = lookup.network(engine, point.set_clock, point.dns_server, ntp, built)


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
    """Restore the energy registers and the time of the last message: neither may run backwards.

    Without a transaction the meter may have counted while this was off, for an unknown time. In one, energy has flowed
    until the power went at the latest; the clock's record is not older than that by more than KEEP_S."""
    from profiles.core.metering import REGISTERS

    registers = engine.store.load(REGISTERS)
    if not registers:
        return
    stored_at = registers.pop()
    seconds = max(0, engine.clock.now() - stored_at) + KEEP_S
    engine.clock.not_before(stored_at)
    for at, (devices, entry) in enumerate(zip(connectors, registers)):
        energy, shown = entry if isinstance(entry, list) else (entry, entry)
        charging = engine.store.exists("tx%d" % (at + 1))
        devices.meter.set_energy(energy, seconds if charging else None, shown)
