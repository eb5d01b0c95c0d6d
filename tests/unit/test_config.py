"""The owner's config.json: defaults, and one plain line for every mistake."""

import json

from config.fields import BOUNDS as DEFAULT_BOUNDS
from config.loader import ConfigError, load
from config.strict_json import parse
from hal.pilot import BOUNDS
from helpers import folder, raises

_PATH = folder("config") + "/config.json"


def _load_text(text):
    return _load_bytes(text.encode())


def _load_bytes(content):
    with open(_PATH, "wb") as file:
        file.write(content)
    return load(_PATH)


def _load(changes):
    """Load a config of the two needed fields and `changes`: {"section.field": value}."""
    content = {"charge_point": {"id": "cp1"}, "csms": {"url": "ws://h:9000/ocpp"}}
    for path in changes:
        section, _, name = path.partition(".")
        if name:
            content.setdefault(section, {})[name] = changes[path]
        else:
            content[section] = changes[path]
    return _load_text(json.dumps(content))


def _mistake(changes):
    text = str(raises(ConfigError, _load, changes))
    assert text.startswith(_PATH + ": ") and "\n" not in text, text
    return text[len(_PATH) + 2 :]


def _syntax(text):
    return str(raises(ValueError, parse, text))


def test_defaults():
    config = _load({})
    assert config["charge_point"] == {
        "id": "cp1",
        "vendor": "upoint",
        "model": "ESP32-DevKitC",
        "serial_number": "",
        "box_serial_number": "",
        "firmware_version": "",
    }
    assert config["csms"] == {
        "url": "ws://h:9000/ocpp",
        "authorization_key": "",
        "ca_cert": "",
        "backoff_s": [1, 120],
    }
    assert config["network"] == {"wifi": [], "hostname": "upoint"}
    assert config["board"] == {
        "type": "sim",
        "module": "wroom",
        "max_current": 32,
        "start_delay_s": 0,
        "reader": "none",
        "indicator": {"type": "none", "pixels": 1, "brightness": 48},
        "buzzer": "none",
        "button": False,
        "pins": {},
    }
    assert config["connectors"] == [
        {
            "phases": 3,
            "max_current": 32,
            "cable": "socket",
            "lock": True,
            "ventilated": False,
            "free": False,
            "free_id_tag": "FREE",
            "residual": True,
            "temperature": "ntc",
            "pilot": {"reading": "peak", "zero_mv": 1311, "gain_permille": 11712, "bounds_mv": list(BOUNDS)},
            "meter": {"type": "sim"},
        }
    ]
    assert config["web"] == {"host": "127.0.0.1", "port": 8080, "user": "admin", "password": ""}
    assert config["storage"] == {"path": "data"}
    assert config["log"] == {"level": "info"}
    assert config["ocpp"] == {}


def test_the_default_bounds_are_those_of_the_pilot():
    assert tuple(DEFAULT_BOUNDS) == BOUNDS


def test_shipped_config_loads():
    config = load("config/config.json")
    assert config["board"]["type"] == "sim"
    assert config["csms"]["url"] == "ws://127.0.0.1:9000"


def test_two_loads_share_no_default():
    first = _load({})
    first["csms"]["backoff_s"].append(3)
    first["connectors"][0]["phases"] = 1
    first["ocpp"]["x"] = "y"
    second = _load({})
    assert second["csms"]["backoff_s"] == [1, 120]
    assert second["connectors"][0]["phases"] == 3
    assert second["ocpp"] == {}


def test_values_are_taken():
    config = _load(
        {
            "csms.url": "wss://csms.example.com/a/b",
            "csms.ca_cert": "ca.der",
            "csms.authorization_key": "0123456789abcdef",
            "csms.backoff_s": [5, 5],
            "connectors": [{"phases": 1, "lock": False}, {"cable": "tethered"}],
            "board.pins": {"contactor": 26, "weld": -1},
            "board.module": "wrover",
            "network.wifi": [{"ssid": "home"}],
            "ocpp": {"HeartbeatInterval": "60"},
            "web.port": 0,
        }
    )
    assert config["connectors"][0]["phases"] == 1 and config["connectors"][0]["lock"] is False
    assert config["connectors"][1]["cable"] == "tethered" and config["connectors"][1]["phases"] == 3
    assert config["board"]["pins"] == {"contactor": 26, "weld": -1} and config["board"]["module"] == "wrover"
    assert config["network"]["wifi"] == [{"ssid": "home", "password": ""}]
    assert config["ocpp"] == {"HeartbeatInterval": "60"}
    assert config["web"]["port"] == 0
    assert config["csms"]["backoff_s"] == [5, 5]


def test_unreadable_file():
    assert str(raises(ConfigError, load, _PATH + ".no")).startswith(_PATH + ".no: cannot be read (")


def test_not_utf8():
    content = b'{"charge_point": {"id": "\xff"}}'
    assert str(raises(ConfigError, _load_bytes, content)) == _PATH + ": is not UTF-8 text"


def test_byte_order_mark_of_windows_editors_is_skipped():
    content = b'\xef\xbb\xbf{"charge_point": {"id": "a"}, "csms": {"url": "ws://h"}}'
    assert _load_bytes(content)["charge_point"]["id"] == "a"


def test_syntax_error_names_the_place():
    text = str(raises(ConfigError, _load_text, '{\n  "csms": {"url": "ws://h",}\n}'))
    assert text == _PATH + ': line 2, column 28: expected a field name in "..."'


def test_content_is_not_a_section():
    assert str(raises(ConfigError, _load_text, "[1]")) == _PATH + ": the content is [1], must be a {section}"


def test_missing_fields():
    assert _mistake({"csms": {}}) == "csms.url is missing"
    assert _mistake({"charge_point": {}}) == "charge_point.id is missing"
    assert _mistake({"network.wifi": [{}]}) == "network.wifi[0].ssid is missing"


def test_unknown_field():
    assert _mistake({"charge_point.vendr": "x"}) == "charge_point.vendr is unknown, did you mean vendor?"
    assert _mistake({"charge_point.Vendor": "x"}) == "charge_point.Vendor is unknown, did you mean vendor?"
    assert _mistake({"conectors": []}) == "conectors is unknown, did you mean connectors?"
    assert _mistake({"log.colour": "red"}) == "log.colour is unknown, known here: level"
    assert _mistake({"connectors": [{}, {"max-current": 6}]}) == (
        "connectors[1].max-current is unknown, did you mean max_current?"
    )


def test_wrong_type():
    assert _mistake({"web.port": True}) == "web.port is true, must be a whole number"
    assert _mistake({"web.port": "80"}) == 'web.port is "80", must be a whole number'
    assert _mistake({"web.port": 80.5}) == "web.port is 80.5, must be a whole number"
    assert _mistake({"web.user": None}) == 'web.user is null, must be "text"'
    assert _mistake({"connectors": [{"lock": 1}]}) == (
        'connectors[0].lock is 1, must be true or false or "motor" or "solenoid"'
    )
    assert _mistake({"connectors": {}}) == "connectors is {}, must be a [list]"
    assert _mistake({"board": []}) == "board is [], must be a {section}"
    assert _mistake({"ocpp": {"HeartbeatInterval": 60}}) == 'ocpp.HeartbeatInterval is 60, must be "text"'
    assert _mistake({"board.pins": {"relay": "26"}}) == 'board.pins.relay is "26", must be a whole number'


def test_out_of_range():
    assert _mistake({"web.port": 65536}) == "web.port is 65536, must be 0 to 65535"
    assert _mistake({"web.port": -1}) == "web.port is -1, must be 0 to 65535"
    assert _mistake({"board.max_current": 5}) == "board.max_current is 5, must be 6 to 80"
    assert _mistake({"connectors": [{}, {"phases": 2}]}) == "connectors[1].phases is 2, must be 1 or 3"
    assert _mistake({"connectors": [{"cable": "plug"}]}) == (
        'connectors[0].cable is "plug", must be "socket" or "tethered"'
    )
    assert _mistake({"connectors": []}) == "connectors is [], must be a list of 1 to 4"
    assert _mistake({"log.level": "loud"}) == (
        'log.level is "loud", must be "debug" or "info" or "warning" or "error"'
    )
    assert _mistake({"board.pins": {"relay": 40}}) == "board.pins.relay is 40, must be -1 to 39"
    assert _mistake({"board.module": "c3"}) == 'board.module is "c3", must be "wroom" or "wrover"'


def test_lengths():
    assert _mistake({"charge_point": {"id": ""}}) == 'charge_point.id is "", must be 1 to 48 characters'
    assert _mistake({"storage.path": ""}) == 'storage.path is "", must be 1 to 255 characters'
    assert _mistake({"charge_point.serial_number": "1" * 26}) == (
        'charge_point.serial_number is "11111111111111111111111111", must be 1 to 25 characters or empty'
    )
    assert _mistake({"charge_point.model": "m" * 100}).startswith(
        'charge_point.model is "' + "m" * 56 + "..., must be 1 to 20"
    )


def test_identity_without_colon():
    assert _mistake({"charge_point": {"id": "a:b"}}) == 'charge_point.id is "a:b", must be without ":"'


def test_secrets_are_not_shown():
    for path in ("csms.authorization_key", "web.password"):
        assert _mistake({path: "hunter2" * 10}).startswith(path + " is 70 characters long, must be")
    assert _mistake({"csms.authorization_key": "short"}) == (
        "csms.authorization_key is 5 characters long, must be 16 to 40 characters or empty"
    )


def test_url():
    for url in ("http://h", "ws:/h", "h:9000", "ws://", "ws:///path", "ws://?a=b", "ws://{id}.h/a", "ws://h/{ID}", "ws://h/{id",
                "ws://h/id}", "ws://h/{}?a={id}"):
        assert "must be ws://host:port/path or wss" in _mistake({"csms.url": url}), url
    for url in ("ws://h:0", "ws://h:65536", "ws://h:", "ws://h:x/y"):
        assert "must be with a port of 1 to 65535" in _mistake({"csms.url": url}), url
    for url, sign in (("ws://h/#a", "#"), ("ws://u:p@h", "@"), ("ws://a b", " ")):
        assert _mistake({"csms.url": url}).endswith('must be without "%s"' % sign), url
    for url in ("ws://h", "ws://h:1", "ws://10.0.0.1:65535/", "ws://h/a/b", "ws://h?a=b", "ws://h:1/a?b=c&d",
                "ws://h/ocpp/{id}/", "ws://h/a?cp={id}", "ws://h:1?{id}"):
        assert _load({"csms.url": url})["csms"]["url"] == url


def test_wss_needs_the_authority_to_verify_against():
    assert _mistake({"csms.url": "wss://h"}) == (
        'csms.ca_cert is "", must be the DER file of the certificate authority for wss'
    )


def test_backoff():
    assert _mistake({"csms.backoff_s": [9, 3]}).startswith("csms.backoff_s is [9, 3], must be [first,")
    assert _mistake({"csms.backoff_s": [1]}) == "csms.backoff_s is [1], must be a list of 2 to 2"
    assert _mistake({"csms.backoff_s": [0, 3]}) == "csms.backoff_s[0] is 0, must be 1 to 3600"


def _board(**connector):
    return {"board.type": "esp32-devkitc-v4", "connectors": [connector]}


def test_meter_fits_the_board():
    assert _mistake({"connectors": [{"meter": {"type": "ct"}}]}) == (
        'connectors[0].meter.type is "ct", must be "sim" or "modbus" or "pulse" or "none"'
    )
    assert _load(_board())["connectors"][0]["meter"]["type"] == "pulse"
    assert _mistake(_board(meter={"type": "sim"})).startswith('connectors[0].meter.type is "sim", must be "pulse" or ')
    for kind in ("cse7766", "hlw8012"):
        assert _load(_board(meter={"type": kind}, phases=1))["connectors"][0]["meter"]["type"] == kind
        assert _mistake(_board(meter={"type": kind})) == (
            'connectors[0].meter.type is "%s", must be "pulse" or "modbus" or "ct" or "none"' % kind
        )


def test_each_meter_has_fields_of_its_own():
    def meter(phases=3, **fields):
        return _load(_board(meter=fields, phases=phases))["connectors"][0]["meter"]

    assert meter() == {"type": "pulse", "pulses_per_kwh": 1000, "volts": 230}
    assert meter(type="ct", ma_per_v=50000, hertz=60) == {
        "type": "ct", "ma_per_v": 50000, "least_ma": 300, "volts": 230, "hertz": 60
    }
    bus = {"type": "modbus", "map": {}, "address": 1, "baudrate": 9600, "parity": "none", "volts": 230}
    assert meter(type="modbus") == dict(bus, model="sdm630")
    assert meter(1, type="modbus", address=7) == dict(bus, model="sdm120", address=7)
    assert meter(1, type="cse7766") == {"type": "cse7766", "shunt_uohm": 1000}
    assert meter(type="none") == {"type": "none"}
    assert _mistake(_board(meter={"address": 2})) == (
        "connectors[0].meter.address is unknown, known here: pulses_per_kwh, type, volts"
    )
    assert _mistake(_board(meter={"type": "modbus", "adress": 2})).endswith("did you mean address?")
    assert _mistake(_board(meter={"type": "modbus", "address": 248})) == (
        "connectors[0].meter.address is 248, must be 1 to 247"
    )
    assert _mistake(_board(meter={"type": "modbus", "model": "sdm999"})).startswith(
        'connectors[0].meter.model is "sdm999", must be "sdm120" or '
    )
    assert _mistake(_board(meter={"type": "modbus", "model": "sdm120", "map": {"energy": {"register": 1}}})) == (
        'connectors[0].meter.model is "sdm120", must be left out where there is a map'
    )
    assert _mistake(_board(meter={"type": "modbus", "map": []})) == (
        "connectors[0].meter.map is [], must be a {section}"
    )


def test_meters_on_one_bus():
    def bus(*meters):
        connectors = [{"meter": dict(meter, type="modbus")} for meter in meters]
        return {"board.type": "esp32-devkitc-v4", "connectors": connectors}

    two = _load(bus({"address": 1, "baudrate": 2400}, {"address": 2, "baudrate": 2400}))["connectors"]
    assert [connector["meter"]["address"] for connector in two] == [1, 2]
    assert _mistake(bus({}, {})) == (
        "connectors[1].meter.address is 1, must be another than connectors[0].meter has"
    )
    assert _mistake(bus({}, {"address": 2, "baudrate": 2400})) == (
        "connectors[1].meter.baudrate is 2400, must be the same for all meters, they share a bus"
    )
    assert _mistake(bus({"parity": "even"}, {"address": 2})).startswith('connectors[1].meter.parity is "none", must be')


def test_pilot_and_lock_and_sensors():
    connector = _load(_board(lock="solenoid", temperature="ds18b20"))["connectors"][0]
    assert (connector["lock"], connector["temperature"]) == ("solenoid", "ds18b20")
    assert _load(_board())["connectors"][0]["temperature"] == "none"
    assert _mistake(_board(lock="magnet")) == (
        'connectors[0].lock is "magnet", must be true or false or "motor" or "solenoid"'
    )
    assert _mistake(_board(pilot={"reading": "fast"})) == (
        'connectors[0].pilot.reading is "fast", must be "peak" or "sampled"'
    )
    bounds = [10400, 7400, 4400, 1400, -1400, -9900]
    assert _load(_board(pilot={"bounds_mv": bounds}))["connectors"][0]["pilot"]["bounds_mv"] == bounds
    assert _mistake(_board(pilot={"bounds_mv": [1, 2]})) == (
        "connectors[0].pilot.bounds_mv is [1, 2], must be a list of 6 to 6"
    )
    assert _mistake(_board(pilot={"bounds_mv": [1, 2, 3, 4, 5, 6]})) == (
        "connectors[0].pilot.bounds_mv is [1, 2, 3, 4, 5, 6], must be falling"
    )
    assert _mistake(_board(pilot={"bounds_mv": [14000] + bounds[1:]})) == (
        "connectors[0].pilot.bounds_mv[0] is 14000, must be -13000 to 13000"
    )
    assert _mistake(_board(temperature="hot")) == (
        'connectors[0].temperature is "hot", must be "none" or "ntc" or "ds18b20"'
    )


def test_what_the_box_has():
    assert _load({"board.reader": "pn532-i2c", "board.button": True})["board"]["reader"] == "pn532-i2c"
    assert _mistake({"board.reader": "rfid"}).startswith('board.reader is "rfid", must be "none" or "mfrc522" or ')
    assert _mistake({"board.indicator": {"type": "led"}}) == (
        'board.indicator.type is "led", must be "none" or "leds" or "pixels"'
    )
    assert _mistake({"board.start_delay_s": 1801}) == "board.start_delay_s is 1801, must be 0 to 1800"
    assert _mistake({"board.buzzer": True}) == 'board.buzzer is true, must be "text"'


def test_strict_json_values():
    text = '{"a": {"b": [1, -25, 2.5, 1e2, true, false, null, "x\\n\\u20ac\\\\"]}, "c": []}\n'
    assert parse(text) == {"a": {"b": [1, -25, 2.5, 100.0, True, False, None, "x\n\u20ac\\"]}, "c": []}


def test_strict_json_truncated():
    for text in ("", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', "[", "[1,", '"a', '"a\\', '{"a":"b\\"'):
        assert _syntax(text).startswith("line 1, column "), text


def test_strict_json_what_micropython_lets_through():
    assert _syntax("[1 2]") == 'line 1, column 4: expected "," or "]"'
    assert _syntax('{"a" 1}') == 'line 1, column 6: expected ":"'
    assert _syntax("[01]") == "line 1, column 2: 01 is not a value"
    assert _syntax("[1,]") == "line 1, column 4: expected a value"
    assert _syntax('{"a":1} x') == "line 1, column 9: text after the end"
    assert _syntax('{"a":1,\n "a":2}') == 'line 2, column 2: "a" for the second time'
    assert _syntax('["C:\\data"]') == "line 1, column 2: text with an unknown escape \\d"
    assert _syntax('["\\u12"]') == "line 1, column 2: text with a bad \\u escape"
    assert _syntax('["a\nb"]') == 'line 1, column 2: text without its closing "'
    assert _syntax("{'a': 1}") == 'line 1, column 2: expected a field name in "..."'
    assert _syntax("[True]") == "line 1, column 2: True is not a value"
    assert _syntax("[" * 9 + "]" * 9) == "line 1, column 9: nested too deeply"


def test_free_charging():
    config = _load({"connectors": [{"free": True}, {"free": True, "free_id_tag": "12345678901234567890"}, {}]})
    free = [(connector["free"], connector["free_id_tag"]) for connector in config["connectors"]]
    assert free == [(True, "FREE"), (True, "12345678901234567890"), (False, "FREE")]
    for id_tag in ("", "123456789012345678901", "\u00e9", "a\nb"):
        assert _mistake({"connectors": [{"free_id_tag": id_tag}]}).startswith("connectors[0].free_id_tag is "), id_tag
    assert _mistake({"connectors": [{"free": "yes"}]}) == 'connectors[0].free is "yes", must be true or false'
