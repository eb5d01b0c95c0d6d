"""The owner's config.json: defaults, and one plain line for every mistake."""

import gc
import json
import time

from config.fields import BOUNDS as DEFAULT_BOUNDS
from config.loader import ConfigError, load
from config.strict_json import parse
from hal.evse.pilot import BOUNDS
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
    return str(raises(ValueError, parse, text.encode()))


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
    assert config["network"] == {"wifi": [], "hostname": "upoint", "ntp": ""}
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
    assert config["log"] == {"level": "info", "flash_kb": 32, "frames": False}
    assert config["updates"] == {"unsigned": False, "downgrade": False, "ca_cert": ""}
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
    assert str(raises(ConfigError, _load_text, "[1]")) == _PATH + ": the content is a [list], must be a {section}"


def test_missing_fields():
    assert _mistake({"csms": {}}) == "csms.url is missing"
    assert _mistake({"charge_point": {}}) == "charge_point.id is missing"
    assert _mistake({"network.wifi": [{}]}) == "network.wifi[0].ssid is missing"


def test_unknown_field():
    assert _mistake({"charge_point.vendr": "x"}) == "charge_point.vendr is unknown, did you mean vendor?"
    assert _mistake({"charge_point.Vendor": "x"}) == "charge_point.Vendor is unknown, did you mean vendor?"
    assert _mistake({"conectors": []}) == "conectors is unknown, did you mean connectors?"
    assert _mistake({"log.colour": "red"}) == "log.colour is unknown, known here: flash_kb, frames, level"
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
    assert _mistake({"connectors": {}}) == "connectors is a {section}, must be a [list]"
    assert _mistake({"board": []}) == "board is a [list], must be a {section}"
    assert _mistake({"board": 1.5}) == "board is a number, must be a {section}"
    assert _mistake({"board": None}) == "board is null, must be a {section}"
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


def test_a_secret_of_the_wrong_type_is_not_shown():
    """Nor what stands in the place of the section of one, a section or list that may hold one, a word without its
    quotes, or the user in a URL."""
    secret = 87654321
    for changes in (
        {"csms.authorization_key": secret},
        {"csms.authorization_key": ["87654321"]},
        {"csms.authorization_key": {"key": "87654321"}},
        {"csms.authorization_key": 87654321.5},
        {"csms": "87654321"},
        {"csms": secret},
        {"csms": ["87654321"]},
        {"web.password": secret},
        {"web.password": [[secret]]},
        {"web": "87654321"},
        {"web": [{"password": "87654321"}]},
        {"web.user": {"password": "87654321"}},
        {"web.user": ["87654321"]},
        {"network.wifi": {"ssid": "home", "password": "87654321"}},
        {"network.wifi": ["home", "87654321"]},
        {"network.wifi": "87654321"},
        {"network.wifi": secret},
        {"network.wifi": [secret]},
        {"network.wifi": [["home", "87654321"]]},
        {"network.wifi": [{"ssid": "home", "password": secret}]},
        {"network.wifi": [{"ssid": "home", "password": None}, {"ssid": {"password": "87654321"}}]},
        {"network.wifi": [{"ssid": "home", "pass": "87654321"}]},
        {"ocpp": {"AuthorizationKey": secret}},
        {"csms.url": "ws://user:87654321@host/"},
        {"csms.url": "http://user:87654321@host/"},
    ):
        assert "87654321" not in _mistake(changes), changes
    for word in ("87654321x", "pw87654321", "{87654321", "087654321", '"8765\\4321"'):
        line = str(raises(ConfigError, _load_text, '{"web": {"password": %s}}' % word))
        assert "8765" not in line and "4321" not in line, line


def test_mistakes_in_secrets_name_the_field_and_what_is_allowed():
    assert _mistake({"csms.authorization_key": 12345678}) == (
        'csms.authorization_key is a whole number, must be "text"'
    )
    assert _mistake({"web.password": None}) == 'web.password is null, must be "text"'
    assert _mistake({"network.wifi": [{"ssid": "x", "password": True}]}) == (
        'network.wifi[0].password is true or false, must be "text"'
    )


def test_a_name_with_a_line_end_gives_one_line():
    assert _mistake({"board.a\nb": 1}).startswith("board.a\\nb is unknown, known here: ")
    assert _mistake({"a\r\nb": 1}).startswith("a\\r\\nb is unknown")
    assert _mistake({"board.pins": {"a\nb": "x"}}) == 'board.pins.a\\nb is "x", must be a whole number'
    assert _mistake({"x" * 5000: 1}).startswith("x" * 60 + " is unknown")


def test_texts_without_control_characters():
    """A line end in a URL or an id would end a line of the request for a connection."""
    for path in ("csms.url", "charge_point.id", "charge_point.vendor", "storage.path", "network.hostname", "web.user"):
        text = "ws://h/a%sb" if path == "csms.url" else "a%sb"
        for character in "\n\r\t\x00\x1b\x7f":
            section, name = path.split(".")
            changes = {section: {name: text % character}}
            if name == "vendor":
                changes[section]["id"] = "cp1"
            line = _mistake(changes)
            assert line.startswith(path + ' is "') and line.endswith("must be without control characters"), line
    line = _mistake({"csms.authorization_key": "0123456789abcdef\n"})
    assert line == "csms.authorization_key is 17 characters long, must be without control characters"


def _padded(size):
    """A right config.json of `size` bytes."""
    text = '{"charge_point": {"id": "cp1"}, "csms": {"url": "ws://h"}}'
    return text + " " * (size - len(text))


def test_size_limit():
    """More than 16 kB is refused unread."""
    assert _load_text(_padded(16384))["charge_point"]["id"] == "cp1"
    for size in (16385, 50000, 300000):
        assert str(raises(ConfigError, _load_text, _padded(size))) == _PATH + ": is longer than 16384 bytes"


def _seconds(data, times):
    """The processor time that it takes to parse `data` so often."""
    clock = getattr(time, "clock", None) or time.process_time
    gc.collect()
    began = clock()
    for _ in range(times):
        parse(data)
    return clock() - began


def test_time_is_linear_in_the_size():
    """16 times the size takes 16 times as long and some collections of garbage, not 256 times."""
    for make in (
        lambda count: b'{"a": 1' + b" " * count + b"}",
        lambda count: b'{"a": "' + b"x" * count + b'"}',
        lambda count: b'{"a": [' + b"1," * (count // 2) + b"1]}",
        lambda count: b'{"a": [' + b'"\xc3\xa4",' * (count // 5) + b"1]}",
        lambda count: b'{"a": [' + b'"\\n",' * (count // 5) + b"1]}",
    ):
        ten_small = min([_seconds(make(4000), 10) for _ in range(3)])
        large = min([_seconds(make(64000), 1) for _ in range(3)])
        assert large < 10 * ten_small, (make(20), ten_small, large)


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
        "connectors[0].meter.map is a [list], must be a {section}"
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


_WRONG = ("null", "true", "0", "-1", "1.5", "1e999", "9" * 40, '""', '"x"', '"%s"' % ("x" * 300), "[]", "{}", "[[]]",
          '[{"a": {}}]', '{"a": [null]}', '"\\ud800"', "x", "")
_FULL = {
    "charge_point": {"id": "cp1", "vendor": "v"},
    "csms": {"url": "ws://h", "authorization_key": "0123456789abcdef", "ca_cert": "", "backoff_s": [1, 2]},
    "network": {"wifi": [{"ssid": "home", "password": "01234567"}], "hostname": "h", "ntp": "n"},
    "board": {"type": "sim", "max_current": 32, "indicator": {"pixels": 1}, "button": False, "pins": {"relay": 4}},
    "connectors": [
        {"phases": 3, "cable": "socket", "lock": True, "pilot": {"zero_mv": 1311, "bounds_mv": [6, 5, 4, 3, 2, 1]},
         "meter": {"type": "modbus", "map": {"energy": {"register": 1}}, "address": 1}},
    ],
    "web": {"port": 8080, "user": "admin", "password": "p"},
    "storage": {"path": "data"},
    "log": {"level": "info"},
    "ocpp": {"HeartbeatInterval": "60"},
}


def _variants(value):
    """The JSON texts of `value` with one thing in it, or all of it, replaced by something wrong."""
    for text in _WRONG:
        yield text
    if isinstance(value, (dict, list)):
        for at in value if isinstance(value, dict) else range(len(value)):
            kept, value[at] = value[at], 1234567
            whole = json.dumps(value)
            for text in _variants(kept):
                yield whole.replace("1234567", text, 1)
            value[at] = kept


def test_whatever_is_wrong_is_one_line():
    """Each field and each section, with a value of every other type and size: it loads, or it is a ConfigError."""
    count = wrong = 0
    for text in _variants(_FULL):
        count += 1
        try:
            _load_text(text)
        except ConfigError as error:
            wrong += 1
            line = str(error)
            assert line.startswith(_PATH + ": ") and "\n" not in line and len(line) < 300, (text, line)
            for secret in ("0123456789abcdef", "01234567"):
                assert secret not in line, line
    assert count > 500 and wrong > count // 2, (count, wrong)


def test_broken_bytes_are_one_line():
    """A byte less, or another one, at every third place of a file: it loads, or it is a ConfigError."""
    whole = json.dumps(_FULL).encode()
    for at in range(0, len(whole), 3):
        for put in (b"", b"\xff", b'"', b"\\", b"}"):
            try:
                _load_bytes(whole[:at] + put + whole[at + 1 :])
            except ConfigError as error:
                line = str(error)
                assert "\n" not in line and "0123456789abcdef" not in line, line


def test_strict_json_pairs_of_surrogates():
    """As editors and Python write what is not ASCII; half a pair could not be sent as UTF-8."""
    assert parse(b'["\\ud83d\\udd0c", "\\u00e4"]') == ["\U0001f50c", "\u00e4"]
    assert parse('["\U0001f50c \u00e4"]'.encode()) == ["\U0001f50c \u00e4"]
    for text in ('["\\ud83d"]', '["\\ud83dx"]', '["\\udd0c"]', '["\\ud83d\\ud83d\\udd0c"]'):
        assert _syntax(text) == "line 1, column 2: text with a bad \\u escape", text


def test_strict_json_counts_characters_not_bytes():
    assert _syntax('{"\u00e4\u20ac": 1,}') == 'line 1, column 10: expected a field name in "..."'
    assert _syntax('{"a":\n "\u00e4" x}') == 'line 2, column 6: expected "," or "}"'


def test_strict_json_long_words():
    for word in ("9" * 41, "x" * 41, "1" * 16000):
        assert _syntax("[%s]" % word) == 'line 1, column 2: expected a value, text in "..."'


def test_strict_json_values():
    text = '{"a": {"b": [1, -25, 2.5, 1e2, true, false, null, "x\\n\\u20ac\\\\"]}, "c": []}\n'
    assert parse(text.encode()) == {"a": {"b": [1, -25, 2.5, 100.0, True, False, None, "x\n\u20ac\\"]}, "c": []}


def test_strict_json_truncated():
    for text in ("", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', "[", "[1,", '"a', '"a\\', '{"a":"b\\"'):
        assert _syntax(text).startswith("line 1, column "), text


def test_strict_json_what_micropython_lets_through():
    assert _syntax("[1 2]") == 'line 1, column 4: expected "," or "]"'
    assert _syntax('{"a" 1}') == 'line 1, column 6: expected ":"'
    assert _syntax("[01]") == 'line 1, column 2: expected a value, text in "..."'
    assert _syntax("[1,]") == "line 1, column 4: expected a value"
    assert _syntax('{"a":1} x') == "line 1, column 9: text after the end"
    assert _syntax('{"a":1,\n "a":2}') == 'line 2, column 2: "a" for the second time'
    assert _syntax('["C:\\data"]') == "line 1, column 5: text with an unknown escape"
    assert _syntax('["\\u12"]') == "line 1, column 2: text with a bad \\u escape"
    assert _syntax('["a\nb"]') == 'line 1, column 2: text without its closing "'
    assert _syntax("{'a': 1}") == 'line 1, column 2: expected a field name in "..."'
    assert _syntax("[True]") == 'line 1, column 2: expected a value, text in "..."'
    assert _syntax("[" * 9 + "]" * 9) == "line 1, column 9: nested too deeply"


def test_free_charging():
    config = _load({"connectors": [{"free": True}, {"free": True, "free_id_tag": "12345678901234567890"}, {}]})
    free = [(connector["free"], connector["free_id_tag"]) for connector in config["connectors"]]
    assert free == [(True, "FREE"), (True, "12345678901234567890"), (False, "FREE")]
    for id_tag in ("", "123456789012345678901", "\u00e9", "a\nb"):
        assert _mistake({"connectors": [{"free_id_tag": id_tag}]}).startswith("connectors[0].free_id_tag is "), id_tag
    assert _mistake({"connectors": [{"free": "yes"}]}) == 'connectors[0].free is "yes", must be true or false'
