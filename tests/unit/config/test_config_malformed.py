"""A config.json with anything wrong in it loads, or is one line of a ConfigError; one that is too long is not read."""

import json

from config_file import PATH, load_bytes, load_text
from helpers import raises

from config.loader import ConfigError


def _padded(size):
    """A right config.json of `size` bytes."""
    text = '{"charge_point": {"id": "cp1"}, "csms": {"url": "ws://h"}}'
    return text + " " * (size - len(text))


def test_size_limit():
    """More than 16 kB is refused unread."""
    assert load_text(_padded(16384))["charge_point"]["id"] == "cp1"
    for size in (16385, 50000, 300000):
        assert str(raises(ConfigError, load_text, _padded(size))) == PATH + ": is longer than 16384 bytes"


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
            load_text(text)
        except ConfigError as error:
            wrong += 1
            line = str(error)
            assert line.startswith(PATH + ": ") and "\n" not in line and len(line) < 300, (text, line)
            for secret in ("0123456789abcdef", "01234567"):
                assert secret not in line, line
    assert count > 500 and wrong > count // 2, (count, wrong)


def test_broken_bytes_are_one_line():
    """A byte less, or another one, at every third place of a file: it loads, or it is a ConfigError."""
    whole = json.dumps(_FULL).encode()
    for at in range(0, len(whole), 3):
        for put in (b"", b"\xff", b'"', b"\\", b"}"):
            try:
                load_bytes(whole[:at] + put + whole[at + 1 :])
            except ConfigError as error:
                line = str(error)
                assert "\n" not in line and "0123456789abcdef" not in line, line
