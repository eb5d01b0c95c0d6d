"""The files in examples/: each config.json is taken by loader and board, the meter's map reads a meter."""

import os

import esp32_fakes
from config.loader import load
from config.json_file import parse
from hal.drivers import build_enclosure
from hal.drivers.build_connector import build
from hal.esp32 import pins
from hal.esp32.wires import Wires
from hal.meter import maps
from hal.meter.modbus import Bus
from hal.meter.registers import RegisterMeter
from meter_wire import Line, Slave, run

FOLDER = "examples/config/"


def configurations():
    """(name, what the loader makes of it) of each."""
    return [(name, load(FOLDER + name)) for name in sorted(os.listdir(FOLDER))]


def test_a_config_for_each_kind_of_box():
    found = configurations()
    cables = [connector["cable"] for _, config in found for connector in config["connectors"]]
    assert {"socket", "tethered"} <= set(cables)
    types = [config["board"]["type"] for _, config in found]
    assert set(types) == {"sim", "esp32-devkitc-v4"}
    assert {1, 2} <= {len(config["connectors"]) for _, config in found}
    assert {1, 3} <= {connector["phases"] for _, config in found for connector in config["connectors"]}
    assert {"wroom", "wrover"} == {config["board"]["module"] for _, config in found}


def test_the_board_can_have_all_that_they_name():
    for name, config in configurations():
        section = config["board"]
        if section["type"] == "sim":
            continue
        esp32_fakes.reset()
        found, _ = pins.assign_pins(section, config["connectors"])
        wires = Wires(found)
        for at, connector in enumerate(config["connectors"]):
            devices = build(wires, at + 1, connector)
            assert devices.contactor and devices.pilot and devices.meter, name
            assert bool(devices.lock) == (connector["cable"] == "socket"), name
            build_enclosure.indicator(wires, at + 1, section["indicator"])
        assert bool(build_enclosure.reader(wires, section["reader"])) == (section["reader"] != "none"), name


def test_the_map_reads_a_meter():
    with open("examples/meter-map.json", "rb") as file:
        section = parse(file.read())
    shown = {0: 2301, 2: 2302, 4: 2303, 12: 16000, 14: 15900, 16: 15800, 40: 110400, 52: 123456}
    words = {51: 500}
    for register, value in shown.items():
        words[register], words[register + 1] = value & 0xFFFF, value >> 16
    line = Line(Slave(section["address"], {}, words))
    meter = RegisterMeter(Bus(line, line), section["address"], maps.custom(section["map"]), phases=3)
    run(line, [meter], 2000)
    assert meter.ok and meter.register.shown == 12345600
    assert (meter.power_w, meter.frequency) == (11040, 5000)
    assert meter.currents == [160, 159, 158] and meter.voltages == [2301, 2302, 2303]
