"""The board, real or simulated: its devices, its EVSEs, and what runs beside them. Loaded for the start."""

import asyncio
import random

from hal.drivers.build_connector import build
from hal.evse.machine import Evse
from hal.evse.facts import EvseFacts
from hal.evse.self_test import SelfTest
from hal.evse.safety_loop import Safety
from ocpp import log

_WATCHDOG_MS = 5000


def assemble(point, config):
    """Fill in `board` (None unless it is simulated), `card_reader`, `evses`, `safety`, `tasks`, and of an ESP32
    `reset`, `set_clock`, `dns_server` and `wifi` of `point`. The safety loop runs when this returns, on a PC with the
    event loop.

    Returns the arguments of Panel after core, or None without any. ValueError, with one line for the owner, if the
    board does not allow this configuration."""
    section, connectors = config["board"], config["connectors"]
    find_second_contactors(section, connectors)
    chip = _chip()
    if section["type"] == "sim":
        devices, panel = _simulated_devices(point, section, connectors)
    elif chip:
        devices, panel = _devices(point, section, connectors)
    else:
        raise ValueError('board.type is "%s", must be "sim" on a PC' % section["type"])
    delay_ms = section["start_delay_s"] * 1000 if chip is None or chip.powered_up() else 0
    evses = [
        _evse(devices[at], at + 1, connectors[at], section["max_current"], random.randrange(delay_ms + 1))
        for at in range(len(connectors))
    ]
    point.evses = [EvseFacts(evse) for evse in evses]
    point.safety = Safety(evses, chip and chip.Watchdog(_WATCHDOG_MS))
    if not chip:
        # The ticks are a task here. MicroPython for the PC crashes when a socket is closed beside a ThreadSafeFlag.
        for evse in evses:
            evse.notify(asyncio.Event())
    _test(point, evses, not chip)
    _start(point.safety, chip)
    if chip:
        point.reset = chip.reset
        point.set_clock, point.dns_server = chip.set_clock, chip.dns_server
        _join(point, config["network"])
    return panel


def find_second_contactors(section, connectors):
    """Note for each connector whether L2 and L3 have a contactor of their own, so that it can charge with one phase.

    The simulated board has one unless its pin is -1. On a real board only the owner knows: many have one contactor for
    all phases and leave the pin at its default, and a limit for one phase would let three times as much flow. So there
    the pin must be named in board.pins."""
    unnamed = 0 if section["type"] == "sim" else -1
    for at, connector in enumerate(connectors):
        name = "contactor_l2l3_%d" % (at + 1) if at else "contactor_l2l3"
        connector["switches_phases"] = section["pins"].get(name, unnamed) >= 0


def _test(point, evses, polled):
    """Begin the self-test of each connector, which needs its meter; `polled`: the meters run from the first tick on."""
    for evse in evses:
        evse.self_test = SelfTest(evse)
        evse.self_test.polled = polled
        if hasattr(evse.devices.meter, "run"):
            point.tasks.append(evse.devices.meter.run)


def _start(safety, chip):
    """Tick from now on, also in the middle of what littlefs does."""
    if chip:
        from firmware_files import Flash

        Flash.between = safety.let_in
        safety.start(chip.Timer(0))
    else:
        from hal.sim.task_timer import TaskTimer

        safety.start(TaskTimer())


def _chip():
    """The ESP32 this runs on, or None on a PC."""
    try:
        from hal.esp32 import chip
    except ImportError:
        return None
    return chip


def _evse(devices, number, config, max_current, delay_ms):
    bounds = tuple(config["pilot"]["bounds_mv"])
    evse = Evse(
        devices,
        number,
        config["phases"],
        config["max_current"] * 10,
        config["cable"] == "socket",
        config["ventilated"],
        bounds,
        delay_ms,
    )
    evse.limits.set("board", max_current * 10)
    if delay_ms >= 1000:
        log.info("connector %d: offers nothing in the first %d s", number, delay_ms // 1000)
    return evse


def _simulated_devices(point, section, connectors):
    """As _devices(), of the simulated board."""
    from hal.sim import Board

    point.board = Board(connectors, section["max_current"], reader=section["reader"])
    point.card_reader = reader = point.board.card_reader
    panel = ([reader.poll], [None] * len(connectors), None, None) if section["reader"] != "none" else None
    return point.board.connectors, panel


def _devices(point, section, connectors):
    """(devices of each connector, what the panel is made of) of the real board."""
    from hal.drivers import build_enclosure
    from hal.esp32 import pins
    from hal.esp32.wires import Wires

    found, warnings = pins.assign_pins(section, connectors)
    for line in warnings:
        log.warning(line)
    wires = Wires(found)
    devices = [build(wires, at + 1, connector) for at, connector in enumerate(connectors)]
    for at, connector in enumerate(connectors):
        if not connector["residual"]:
            log.warning("connectors[%d].residual is false: the installation must trip on 6 mA DC and 30 mA AC", at)
    point.card_reader = reader = build_enclosure.reader(wires, section["reader"])
    buzzer = build_enclosure.buzzer(wires, section["buzzer"])
    polls = [part.poll for part in (reader, buzzer, wires.thermometer) if part]
    lights = [build_enclosure.indicator(wires, at + 1, section["indicator"]) for at in range(len(connectors))]
    button = build_enclosure.button(wires, section["button"])
    return devices, (polls, lights, buzzer, button) if polls or any(lights) or button else None


def _join(point, section):
    from hal.esp32.wifi import Wifi

    point.wifi = Wifi(section["wifi"], section["hostname"])
    if section["wifi"]:
        point.tasks.append(point.wifi.run)
    else:
        log.warning("network.wifi is empty: no central system can be reached")
