"""From config.json to drivers on the pins of an ESP32: each device where it belongs, and only what is fitted."""

import json
import sys

import esp32_fakes
from config.fields import METERS
from config.loader import load
from esp32_fakes import PWM, Pin, made, reset
from hal.drivers import build_enclosure
from hal.esp32 import pins
from hal.drivers.build_connector import build
from hal.esp32.wires import Wires
from helpers import folder, raises

_PATH = folder("wires") + "/config.json"


def _config(section, *connectors):
    content = {"charge_point": {"id": "a"}, "csms": {"url": "ws://h"}, "connectors": connectors or [{}]}
    content["board"] = dict(section, type="esp32-devkitc-v4")
    with open(_PATH, "w") as file:
        file.write(json.dumps(content))
    return load(_PATH)


def _made(*connectors, **section):
    """(wires, devices of each connector) of a board with these sections."""
    reset()
    config = _config(section, *connectors)
    wires = Wires(pins.assign_pins(config["board"], config["connectors"])[0])
    return wires, [build(wires, at + 1, one) for at, one in enumerate(config["connectors"])]


def _kind(thing):
    return type(thing).__name__


def test_the_usual_connector():
    _, (devices,) = _made({})
    kinds = [_kind(getattr(devices, name)) for name in ("pilot", "proximity", "residual", "contactor", "lock", "meter")]
    assert kinds == ["PeakPilot", "Proximity", "ResidualMonitor", "Contactor", "MotorLock", "PulseMeter"]
    assert devices.temperature is devices and devices.celsius() == 0 and not devices.tripped()
    assert devices.report is devices and devices.error is None and not devices.reset
    assert (PWM.made[27].frequency, PWM.made[27].duty) == (1000, 0)
    outputs = [number for number in sorted(Pin.pins) if Pin.pins[number].mode == Pin.OUT]
    assert outputs == [2, 13, 15, 25, 26] and not any([Pin.pins[number].level for number in outputs])


def test_the_pulls_are_those_of_the_wiring():
    _made({})
    pulls = {number: Pin.pins[number].pull for number in (33, 32, 35)}
    assert pulls == {33: Pin.PULL_UP, 32: Pin.PULL_DOWN, 35: None}  # 35 has none


def test_one_phase_has_one_relay():
    _made({"phases": 1})
    assert 25 not in Pin.pins


def test_what_is_not_fitted_is_not_there():
    pins = {"weld": -1, "residual_test": -1, "contactor_l2l3": -1, "lock_feedback": -1}
    _, (devices,) = _made({"residual": True}, pins=pins)
    assert devices.contactor.closed is None and devices.residual.prove is None
    _, (devices,) = _made({"residual": False, "cable": "tethered"})
    assert (devices.residual is devices, devices.lock, devices.proximity) == (True, None, None)
    assert 32 not in Pin.pins and 34 not in Pin.pins
    assert _made({"lock": False})[1][0].lock is None
    assert _kind(_made({"lock": "solenoid"})[1][0].lock) == "SolenoidLock" and 15 not in Pin.pins


def test_the_pilot_is_read_as_configured():
    pilot = {"reading": "sampled", "zero_mv": 1300, "gain_permille": 11000}
    _, (devices,) = _made({"pilot": pilot})
    assert _kind(devices.pilot) == "SampledPilot" and 39 not in Pin.pins
    assert (devices.pilot._zero, devices.pilot._gain) == (1300, 11000)


def test_meters_on_their_lines():
    _, (devices,) = _made({"meter": {"type": "modbus", "baudrate": 2400, "parity": "odd"}})
    line = {"baudrate": 2400, "bits": 8, "parity": 1, "stop": 1, "timeout": 0, "tx": 17, "rx": 16}
    assert made == [("UART", ((2,), line))] and Pin.pins[21].mode == Pin.OUT
    assert _kind(devices.meter) == "RegisterMeter"
    _made({"phases": 1, "meter": {"type": "cse7766"}})
    line = {"baudrate": 4800, "bits": 8, "parity": 0, "stop": 1, "timeout": 0, "rx": 16}
    assert made == [("UART", ((2,), line))]
    _, (devices,) = _made({"lock": False, "phases": 1, "meter": {"type": "ct", "ma_per_v": 20000}})
    assert _kind(devices.meter) == "CurrentTransformers" and 35 in Pin.pins
    assert _kind(_made({"meter": {"type": "none"}})[1][0].meter) == "NoMeter"


def test_each_kind_of_meter_has_its_driver():
    """What config.json allows on this board is built, each as another class."""
    kinds = []
    for kind in METERS["esp32-devkitc-v4"]:
        meter = {"type": kind, "ma_per_v": 20000} if kind == "ct" else {"type": kind}
        (devices,) = _made({"lock": False, "phases": 1, "meter": meter})[1]
        kinds.append(_kind(devices.meter))
    assert len(set(kinds)) == len(METERS["esp32-devkitc-v4"])
    reset()
    config = _config({})
    wires = Wires(pins.assign_pins(config["board"], config["connectors"])[0])
    told = raises(ValueError, build, wires, 1, dict(config["connectors"][0], meter={"type": "textline"}))
    assert str(told) == 'connectors[0].meter.type "textline" has no driver'


def test_two_meters_share_a_bus():
    two = [{"cable": "tethered", "phases": 1, "residual": False, "meter": {"type": "modbus", "address": at}}
           for at in (1, 2)]
    _, (first, second) = _made(*two, pins={"contactor_2": 4, "pilot_2": 14, "pilot_high_2": 35, "pilot_low_2": 34})
    assert first.meter._bus is second.meter._bus and len(made) == 1
    assert second.contactor._relay is Pin.pins[4] and 14 in PWM.made


def test_pulses_are_counted_in_hardware_where_there_is_some():
    _, (devices,) = _made({})
    assert made == [("PCNT", ((0,), {"pin": 14, "falling": 1, "filter": 1023, "max": 32000}))]
    assert devices.meter._counter.value() == 7 and devices.meter._modulus == 32000
    _, (devices,) = _made({"phases": 1, "meter": {"type": "hlw8012"}})
    assert _kind(devices.meter) == "Hlw8012" and [entry[1][0] for entry in made] == [(0,), (1,)]
    module = sys.modules.pop("hal.esp32.counter")
    try:
        del esp32_fakes._Esp32.PCNT  # MicroPython before v1.26
        _, (devices,) = _made({})
        assert made == [] and Pin.pins[14].handler[1] == Pin.IRQ_FALLING and devices.meter._modulus == 65536
        told = raises(ValueError, _made, {"phases": 1, "meter": {"type": "hlw8012"}})
        assert str(told).startswith("connectors[0].meter.type is hlw8012, which needs ")
    finally:
        esp32_fakes._Esp32.PCNT = esp32_fakes.PCNT
        sys.modules["hal.esp32.counter"] = module


def test_a_wrong_map_names_its_field():
    told = raises(ValueError, _made, {"meter": {"type": "modbus", "map": {"energy": {"register": 70000}}}})
    assert str(told) == "connectors[0].meter.map: energy.register is 70000, must be 0 to 65534"


def test_there_are_two_serial_ports():
    three = [{"phases": 1, "cable": "tethered", "residual": False, "meter": {"type": "cse7766"}} for _ in range(3)]
    pins = {"contactor_2": 4, "pilot_2": 14, "pilot_high_2": 35, "pilot_low_2": 34, "meter_rx_2": 18,
            "contactor_3": 21, "pilot_3": 22, "pilot_high_3": 32, "pilot_low_3": 33, "meter_rx_3": 19, "weld": -1}
    told = raises(ValueError, lambda: _made(*three, pins=pins))
    assert str(told).startswith("connectors[2].meter.type needs a third serial port")


def test_sensors_of_temperature():
    wires, (devices,) = _made({"temperature": "ds18b20"})
    assert _kind(devices.temperature) == "Ds18b20" and wires.thermometer is devices.temperature
    assert made[0][0] == "OneWire"
    wires, (devices,) = _made({"temperature": "ntc", "lock": False})
    assert _kind(devices.temperature) == "Ntc" and wires.thermometer is None


def test_card_readers():
    def of(kind):
        wires, _ = _made({}, reader=kind)
        made.clear()
        return _kind(build_enclosure.reader(wires, kind))

    assert of("mfrc522") == "Mfrc522" and Pin.pins[5].level == 1
    assert made == [("SPI", ((2,), {"baudrate": 2000000, "sck": 18, "mosi": 23, "miso": 19}))]
    assert of("pn532-uart") == "Pn532" and made[0][1][1]["baudrate"] == 115200
    assert of("pn532-i2c") == "Pn532" and made == [
        ("I2C", ((0,), {"scl": 19, "sda": 18, "freq": 100000, "timeout": 10000}))]
    assert of("wiegand") == "Wiegand" and (Pin.pins[18].pull, Pin.pins[19].pull) == (Pin.PULL_UP, Pin.PULL_UP)
    assert of("none") == "NoneType"


def test_lights_buzzer_and_button():
    wires, _ = _made({}, indicator={"type": "pixels", "pixels": 8}, button=True, buzzer="passive", pins={"buzzer": 21})
    section = {"type": "pixels", "pixels": 8, "brightness": 9}
    assert _kind(build_enclosure.indicator(wires, 1, section)) == "Pixels" and made[-1][0] == "NeoPixel"
    assert build_enclosure.indicator(wires, 2, section) is None
    assert build_enclosure.indicator(wires, 1, {"type": "none"}) is None
    buzzer = build_enclosure.buzzer(wires, "passive")
    buzzer.play("accepted")
    buzzer.poll(0)
    assert (PWM.made[21].frequency, PWM.made[21].duty) == (2700, 32768)
    assert _kind(build_enclosure.button(wires, True)) == "Button" and Pin.pins[0].pull == Pin.PULL_UP
    assert build_enclosure.buzzer(wires, "none") is None and build_enclosure.button(wires, False) is None
    leds = {"led_red": 4, "led_green": 21, "led_blue": 22}
    wires, _ = _made({}, indicator={"type": "leds"}, pins=leds)
    assert _kind(build_enclosure.indicator(wires, 1, {"type": "leds"})) == "Leds" and Pin.pins[22].mode == Pin.OUT

