"""The owner's config.json: defaults, and one plain line for every mistake."""

from config_file import PATH, load_bytes, load_changes, load_text, mistake
from helpers import raises

from config.fields import BOUNDS as DEFAULT_BOUNDS
from config.loader import ConfigError, load
from hal.evse.pilot import BOUNDS


def test_defaults():
    config = load_changes({})
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
        "urls": {"1": "", "2": "", "3": ""},
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
    assert config["web"] == {
        "host": "127.0.0.1",
        "port": 8080,
        "names": "",
        "user": "admin",
        "password": "",
    }
    assert config["storage"] == {"path": "data"}
    assert config["log"] == {"level": "info", "flash_kb": -1, "frames": False}
    assert config["updates"] == {"unsigned": False, "downgrade": False, "ca_cert": ""}
    assert config["ocpp"] == {}


def test_the_default_bounds_are_those_of_the_pilot():
    assert tuple(DEFAULT_BOUNDS) == BOUNDS


def test_shipped_config_loads():
    config = load("config/config.json")
    assert config["board"]["type"] == "sim"
    assert config["csms"]["url"] == "ws://127.0.0.1:9000"


def test_two_loads_share_no_default():
    first = load_changes({})
    first["csms"]["backoff_s"].append(3)
    first["connectors"][0]["phases"] = 1
    first["ocpp"]["x"] = "y"
    second = load_changes({})
    assert second["csms"]["backoff_s"] == [1, 120]
    assert second["connectors"][0]["phases"] == 3
    assert second["ocpp"] == {}


def test_values_are_taken():
    config = load_changes(
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
    assert str(raises(ConfigError, load, PATH + ".no")).startswith(PATH + ".no: cannot be read (")


def test_not_utf8():
    content = b'{"charge_point": {"id": "\xff"}}'
    assert str(raises(ConfigError, load_bytes, content)) == PATH + ": line 1, column 26: a character that is not UTF-8"


def test_byte_order_mark_of_windows_editors_is_skipped():
    content = b'\xef\xbb\xbf{"charge_point": {"id": "a"}, "csms": {"url": "ws://h"}}'
    assert load_bytes(content)["charge_point"]["id"] == "a"


def test_syntax_error_names_the_place():
    text = str(raises(ConfigError, load_text, '{\n  "csms": {"url": "ws://h",}\n}'))
    assert text == PATH + ': line 2, column 28: expected a field name in "..."'


def test_content_is_not_a_section():
    assert str(raises(ConfigError, load_text, "[1]")) == PATH + ": the content is a [list], must be a {section}"


def test_missing_fields():
    assert mistake({"csms": {}}) == "csms.url is missing"
    assert mistake({"charge_point": {}}) == "charge_point.id is missing"
    assert mistake({"network.wifi": [{}]}) == "network.wifi[0].ssid is missing"


def test_unknown_field():
    assert mistake({"charge_point.vendr": "x"}) == "charge_point.vendr is unknown, did you mean vendor?"
    assert mistake({"charge_point.Vendor": "x"}) == "charge_point.Vendor is unknown, did you mean vendor?"
    assert mistake({"conectors": []}) == "conectors is unknown, did you mean connectors?"
    assert mistake({"log.colour": "red"}) == "log.colour is unknown, known here: flash_kb, frames, level"
    assert mistake({"connectors": [{}, {"max-current": 6}]}) == (
        "connectors[1].max-current is unknown, did you mean max_current?"
    )


def test_wrong_type():
    assert mistake({"web.port": True}) == "web.port is true, must be a whole number"
    assert mistake({"web.port": "80"}) == 'web.port is "80", must be a whole number'
    assert mistake({"web.port": 80.5}) == "web.port is 80.5, must be a whole number"
    assert mistake({"web.user": None}) == 'web.user is null, must be "text"'
    assert mistake({"connectors": [{"lock": 1}]}) == (
        'connectors[0].lock is 1, must be true or false or "motor" or "solenoid"'
    )
    assert mistake({"connectors": {}}) == "connectors is a {section}, must be a [list]"
    assert mistake({"board": []}) == "board is a [list], must be a {section}"
    assert mistake({"board": 1.5}) == "board is a number, must be a {section}"
    assert mistake({"board": None}) == "board is null, must be a {section}"
    assert mistake({"ocpp": {"HeartbeatInterval": 60}}) == 'ocpp.HeartbeatInterval is 60, must be "text"'
    assert mistake({"board.pins": {"relay": "26"}}) == 'board.pins.relay is "26", must be a whole number'


def test_out_of_range():
    assert mistake({"web.port": 65536}) == "web.port is 65536, must be 0 to 65535"
    assert mistake({"web.port": -1}) == "web.port is -1, must be 0 to 65535"
    assert mistake({"board.max_current": 5}) == "board.max_current is 5, must be 6 to 80"
    assert mistake({"connectors": [{}, {"phases": 2}]}) == "connectors[1].phases is 2, must be 1 or 3"
    assert mistake({"connectors": [{"cable": "plug"}]}) == (
        'connectors[0].cable is "plug", must be "socket" or "tethered"'
    )
    assert mistake({"connectors": []}) == "connectors is [], must be a list of 1 to 4"
    assert mistake({"log.level": "loud"}) == (
        'log.level is "loud", must be "debug" or "info" or "warning" or "error"'
    )
    assert mistake({"board.pins": {"relay": 40}}) == "board.pins.relay is 40, must be -1 to 39"
    assert mistake({"board.module": "c3"}) == 'board.module is "c3", must be "wroom" or "wrover"'


def test_lengths():
    assert mistake({"charge_point": {"id": ""}}) == 'charge_point.id is "", must be 1 to 48 characters'
    assert mistake({"storage.path": ""}) == 'storage.path is "", must be 1 to 255 characters'
    assert mistake({"charge_point.serial_number": "1" * 26}) == (
        'charge_point.serial_number is "11111111111111111111111111", must be 1 to 25 characters or empty'
    )
    assert mistake({"charge_point.model": "m" * 100}).startswith(
        'charge_point.model is "' + "m" * 56 + "..., must be 1 to 20"
    )


def test_identity_without_colon():
    assert mistake({"charge_point": {"id": "a:b"}}) == 'charge_point.id is "a:b", must be without ":"'


def test_a_name_with_a_line_end_gives_one_line():
    assert mistake({"board.a\nb": 1}).startswith("board.a\\nb is unknown, known here: ")
    assert mistake({"a\r\nb": 1}).startswith("a\\r\\nb is unknown")
    assert mistake({"board.pins": {"a\nb": "x"}}) == 'board.pins.a\\nb is "x", must be a whole number'
    assert mistake({"x" * 5000: 1}).startswith("x" * 60 + " is unknown")


def test_texts_without_control_characters():
    """A line end in a URL or an id would end a line of the request for a connection."""
    for path in ("csms.url", "charge_point.id", "charge_point.vendor", "storage.path", "network.hostname", "web.user"):
        text = "ws://h/a%sb" if path == "csms.url" else "a%sb"
        for character in "\n\r\t\x00\x1b\x7f":
            section, name = path.split(".")
            changes = {section: {name: text % character}}
            if name == "vendor":
                changes[section]["id"] = "cp1"
            line = mistake(changes)
            assert line.startswith(path + ' is "') and line.endswith("must be without control characters"), line
    line = mistake({"csms.authorization_key": "0123456789abcdef\n"})
    assert line == "csms.authorization_key is 17 characters long, must be without control characters"
