"""Reads config.json, fills in the defaults and says in one line what is wrong; needed at boot only."""

import json

from .strict_json import parse

_NEEDED = None
_METERS = {"sim": ("sim",), "esp32-devkitc-v4": ("pulse", "modbus", "ct")}
_SECRETS = ("authorization_key", "password")

# A field is (type, default), then either the choices, or the lowest and the highest value (of a text: its
# length) and the characters it must not hold; its default is always allowed. A {...} is a section, "*" in it
# any name. A list is [rule of an item, fewest, most, default].
_RULES = {
    "charge_point": {
        "id": (str, _NEEDED, 1, 48, ":"),  # the user name of HTTP Basic (OCPP-J 6.2.2) ends at a colon
        "vendor": (str, "upoint", 1, 20),  # as long as BootNotification.req has room for (1.6 6.3)
        "model": (str, "ESP32-DevKitC", 1, 20),
        "serial_number": (str, "", 1, 25),
        "box_serial_number": (str, "", 1, 25),
        "firmware_version": (str, "", 1, 50),
    },
    "csms": {
        "url": (str, _NEEDED, 1, 255, "?#@[] "),
        "authorization_key": (str, "", 16, 40),
        "ca_cert": (str, "", 1, 255),
        "backoff_s": [(int, _NEEDED, 1, 3600), 2, 2, [1, 120]],
    },
    "network": {
        "wifi": [{"ssid": (str, _NEEDED, 1, 32), "password": (str, "", 8, 64)}, 0, 8, []],
        "hostname": (str, "upoint", 1, 32, " ."),
    },
    "board": {
        "type": (str, "sim", tuple(sorted(_METERS))),
        "module": (str, "wroom", ("wroom", "wrover")),
        "max_current": (int, 32, 6, 80),
        "pins": {"*": (int, _NEEDED, -1, 39)},  # -1 = not fitted; the rest is checked by hal/board.py
    },
    "connectors": [
        {
            "phases": (int, 3, (1, 3)),
            "max_current": (int, 32, 6, 80),
            "cable": (str, "socket", ("socket", "tethered")),
            "lock": (bool, True),
            "meter": {"type": (str, "", 1, 16)},
        },
        1,
        4,
        [{}],
    ],
    "web": {
        "host": (str, "127.0.0.1", 1, 64),
        "port": (int, 8080, 0, 65535),
        "user": (str, "admin", 1, 32, ":"),
        "password": (str, "", 1, 64),
    },
    "storage": {"path": (str, "data", 1, 255)},
    "log": {"level": (str, "info", ("debug", "info", "warning", "error"))},
    "ocpp": {"*": (str, _NEEDED, 0, 500)},
}
_NAMES = {str: '"text"', int: "a whole number", bool: "true or false", dict: "a {section}", list: "a [list]"}


class ConfigError(ValueError):
    """Its text is one line for the owner: file, field, value and what is allowed."""


def load(path):
    """The checked configuration of the file `path`, all defaults filled in (nested dicts); ConfigError."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        return _check(parse(text[1:] if text[:1] == "\ufeff" else text))
    except OSError as error:
        raise ConfigError("%s: cannot be read (%s)" % (path, error))
    except UnicodeError:
        raise ConfigError("%s: is not UTF-8 text" % path)
    except ValueError as error:
        raise ConfigError("%s: %s" % (path, error))


def _check(content):
    config = _fill(_RULES, content, "")
    _check_url(config["csms"])
    _check_backoff(config["csms"]["backoff_s"])
    _check_meters(config["connectors"], config["board"]["type"])
    return config


def _wrong(where, value, allowed):
    if where.split(".")[-1] in _SECRETS and type(value) is str:
        shown = "%d characters long" % len(value)
    else:
        shown = json.dumps(value)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
    raise ValueError("%s is %s, must be %s" % (where or "the content", shown, allowed))


def _fill(rule, value, where):
    """`value` with the defaults that `rule` knows filled in; ValueError naming a field that breaks it."""
    wanted = rule[0] if type(rule) is tuple else type(rule)
    if type(value) is not wanted:  # isinstance would take true for 1
        _wrong(where, value, _NAMES[wanted])
    if wanted is dict:
        return _fill_section(rule, value, where + "." if where else "")
    if wanted is list:
        if not rule[1] <= len(value) <= rule[2]:
            _wrong(where, value, "a list of %d to %d" % (rule[1], rule[2]))
        return [_fill(rule[0], item, "%s[%d]" % (where, at)) for at, item in enumerate(value)]
    if value != rule[1] and len(rule) > 2:
        _check_field(rule, value, where)
    return value


def _fill_section(rules, values, prefix):
    any_name = rules.get("*")
    section = {}
    for name in values:
        rule = rules.get(name, any_name)
        if rule is None:
            raise ValueError("%s%s is unknown, %s" % (prefix, name, _hint(name, rules)))
        section[name] = _fill(rule, values[name], prefix + name)
    for name in sorted(rules):
        if name not in section and name != "*":
            section[name] = _default(rules[name], prefix + name)
    return section


def _default(rule, where):
    if type(rule) is dict:
        return _fill(rule, {}, where)
    if type(rule) is list:
        return _fill(rule, rule[3], where)
    if rule[1] is _NEEDED:
        raise ValueError("%s is missing" % where)
    return rule[1]


def _check_field(rule, value, where):
    if type(rule[2]) is tuple:
        if value not in rule[2]:
            _wrong(where, value, " or ".join(json.dumps(choice) for choice in rule[2]))
        return
    size = len(value) if rule[0] is str else value
    if not rule[2] <= size <= rule[3]:
        unit = " characters" if rule[0] is str else ""
        _wrong(where, value, "%d to %d%s%s" % (rule[2], rule[3], unit, " or empty" if rule[1] == "" else ""))
    for character in rule[4] if len(rule) > 4 else "":
        if character in value:
            _wrong(where, value, 'without "%s"' % character)


def _hint(name, rules):
    """What the owner may have meant: a name that differs in two characters at one place, else all names."""
    for known in sorted(rules):
        left, right = name.lower(), known
        while left and left[:1] == right[:1]:
            left, right = left[1:], right[1:]
        while left and left[-1:] == right[-1:]:
            left, right = left[:-1], right[:-1]
        if len(left) <= 2 and len(right) <= 2:
            return "did you mean %s?" % known
    return "known here: %s" % ", ".join(sorted(rules))


def _check_url(csms):
    scheme, _, rest = csms["url"].partition("://")
    host, colon, port = rest.partition("/")[0].partition(":")
    if scheme not in ("ws", "wss") or not host:
        _wrong("csms.url", csms["url"], "ws://host:port/path or wss://host:port/path")
    if colon and not (port.isdigit() and 0 < int(port) < 65536):
        _wrong("csms.url", csms["url"], "with a port of 1 to 65535")
    if scheme == "wss" and not csms["ca_cert"]:
        # Without it no certificate would be verified, and wss would only look safe.
        _wrong("csms.ca_cert", "", "the DER file of the certificate authority for wss")


def _check_backoff(backoff):
    if backoff[0] > backoff[1]:
        _wrong("csms.backoff_s", backoff, "[first, longest] with first not above longest")


def _check_meters(connectors, board_type):
    """A meter the board cannot read would bill nothing; left out, it is the board's usual one."""
    meters = _METERS[board_type]
    for at, connector in enumerate(connectors):
        meter = connector["meter"]
        meter["type"] = meter["type"] or meters[0]
        _check_field((str, None, meters), meter["type"], "connectors[%d].meter.type" % at)
