"""The owner's config.json: defaults, and one plain line for every mistake."""

import json

from config.loader import ConfigError, load
from config.strict_json import parse
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
    assert config["board"] == {"type": "sim", "module": "wroom", "max_current": 32, "pins": {}}
    assert config["connectors"] == [
        {"phases": 3, "max_current": 32, "cable": "socket", "lock": True, "meter": {"type": "sim"}}
    ]
    assert config["web"] == {"host": "127.0.0.1", "port": 8080, "user": "admin", "password": ""}
    assert config["storage"] == {"path": "data"}
    assert config["log"] == {"level": "info"}
    assert config["ocpp"] == {}


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
    assert _mistake({"connectors": [{"lock": 1}]}) == "connectors[0].lock is 1, must be true or false"
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
    for url in ("http://h", "ws:/h", "h:9000", "ws://", "ws:///path"):
        assert "must be ws://host:port/path or wss" in _mistake({"csms.url": url}), url
    for url in ("ws://h:0", "ws://h:65536", "ws://h:", "ws://h:x/y"):
        assert "must be with a port of 1 to 65535" in _mistake({"csms.url": url}), url
    for url, sign in (("ws://h/?a", "?"), ("ws://h/#a", "#"), ("ws://u:p@h", "@"), ("ws://a b", " ")):
        assert _mistake({"csms.url": url}).endswith('must be without "%s"' % sign), url
    for url in ("ws://h", "ws://h:1", "ws://10.0.0.1:65535/", "ws://h/a/b"):
        assert _load({"csms.url": url})["csms"]["url"] == url


def test_wss_needs_the_authority_to_verify_against():
    assert _mistake({"csms.url": "wss://h"}) == (
        'csms.ca_cert is "", must be the DER file of the certificate authority for wss'
    )


def test_backoff():
    assert _mistake({"csms.backoff_s": [9, 3]}).startswith("csms.backoff_s is [9, 3], must be [first,")
    assert _mistake({"csms.backoff_s": [1]}) == "csms.backoff_s is [1], must be a list of 2 to 2"
    assert _mistake({"csms.backoff_s": [0, 3]}) == "csms.backoff_s[0] is 0, must be 1 to 3600"


def test_meter_fits_the_board():
    assert 'connectors[0].meter.type is "modbus", must be "sim"' == _mistake(
        {"connectors": [{"meter": {"type": "modbus"}}]}
    )
    board = {"board.type": "esp32-devkitc-v4"}
    assert _load(board)["connectors"][0]["meter"]["type"] != "sim"
    board["connectors"] = [{}, {"meter": {"type": "sim"}}]
    assert _mistake(board).startswith('connectors[1].meter.type is "sim", must be "')


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
