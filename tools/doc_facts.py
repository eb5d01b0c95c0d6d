"""What the firmware says of itself, for the tables in docs/: run by MicroPython, see doc_tables.py.

    micropython tools/doc_facts.py CHECKOUT FOLDER    one line of JSON; FOLDER is for what the firmware writes

A fact is [name, cell, ...]: a row of a table without its last column, which people write.
"""

import json
import os
import sys

sys.path[0] = sys.argv[1]  # the checkout, not tools/
_SIM = {"charge_point": {"id": "docs"}, "csms": {"url": "ws://127.0.0.1:9"}, "board": {"type": "sim"}}
_FOLDER = 0x4000
# Charge points that have keys, or defaults of them, which the first does not have.
_BOXES = (
    ("", {}),
    ("fixed cables only", {"connectors": [{"cable": "tethered"}]}),
    ("one phase", {"connectors": [{"phases": 1}]}),
    ("two connectors", {"connectors": [{}, {}]}),
    ("one contactor for all phases", {"board": {"type": "sim", "pins": {"contactor_l2l3": -1}}}),
    ("meter `pulse`", {"connectors": [{"meter": {"type": "pulse"}}]}),
    ("meter `none`", {"connectors": [{"meter": {"type": "none"}}]}),
)


def _assembled(sections, path):
    """The engine of a charge point with this configuration; nothing of it runs."""
    import app
    import app.compose

    config = dict(_SIM, storage={"path": path})
    config.update(sections)
    with open(path + ".json", "w") as file:
        json.dump(config, file)
    point = app.ChargePoint()
    if not app.compose.assemble(point, path + ".json"):
        sys.exit(1)
    return point.engine


def _declared(engine):
    """(profile, declaration as in ocpp/keys/key_values.py) of each configuration key."""
    profiles = {profile.keys[0]: profile.name for profile in engine.profiles if profile.keys}
    for module, arguments in engine.keys.sources:
        __import__(module)
        for declaration in sys.modules[module].declarations(*arguments):
            yield profiles.get(module, "Core"), declaration


def _key(profile, declaration, measurands):
    """[name, profile, access, type, default, allowed]."""
    name, access, kind, default, allowed = declaration
    access = access.replace("!", ", reboot").replace("*", "")
    kind = {"i": "integer", "b": "boolean", "l": "list", "s": "text"}[kind]
    return [name, profile, access, kind, _code(default), _allowed(kind, allowed, measurands)]


def _code(text):
    return "`%s`" % text.replace(",", ", ") if text else "empty"


def _allowed(kind, allowed, measurands):
    if callable(allowed):
        return "see there"
    if kind == "boolean":
        return "`true`, `false`"
    if kind == "list":
        return "measurands" if allowed == measurands else ", ".join(["`%s`" % name for name in allowed or ()]) or "any"
    if allowed[0] == allowed[1]:
        return "no other"
    return "%d to %d%s" % (allowed[0], allowed[1], " characters" if kind == "text" else "")


def keys(folder):
    """(the rows of all keys, those of what differs from box to box)."""
    from profiles.core.measurand_names import MEASURANDS

    usual, other = {}, []
    for number, (box, sections) in enumerate(_BOXES):
        rows = {}
        for profile, declaration in _declared(_assembled(sections, "%s/%d" % (folder, number))):
            row = _key(profile, declaration, MEASURANDS)
            rows[row[0]] = row
        usual = usual or rows
        for name in usual:
            row = rows.get(name)
            if row is None:
                other.append([name, box, "not there", ""])
            elif row != usual[name]:
                other.append([name, box, row[2], row[4]])
    return sorted(usual.values()), sorted(other)


def _files(folder):
    for name, kind, *_ in os.ilistdir(folder):
        if kind == _FOLDER:
            yield from _files(folder + "/" + name)
        elif name.endswith(".py"):
            yield folder + "/" + name


def calls(engine):
    """[action, profile] of each CALL of the central system that is handled."""
    rows = []
    for profile in engine.profiles:
        for path in _files("%s/profiles/%s" % (sys.argv[1], profile.folder)):
            with open(path) as file:
                if "\nasync def handle(" in file.read():
                    words = path.split("/")[-1][:-3].split("_")
                    rows.append(["".join([word[0].upper() + word[1:] for word in words]), profile.name])
    return sorted(rows)


def _rule(name, rule):
    """Rows of a section or field of config.json, its rule as in config/fields.py."""
    if rule is None:
        return [[name, "section", "empty", "see below"]]
    if isinstance(rule, dict):
        rows = []
        for field in sorted(rule):
            if field != "*":
                rows += _rule("%s.%s" % (name, field) if name else field, rule[field])
            elif rule[field]:
                rows += _rule("%s.(name)" % name, rule[field])
        return rows or [[name, "section", "empty", "see below"]]
    if not isinstance(rule[0], str):
        return _list(name, *rule)
    default = "must be given" if rule[1] is None else _json(rule[1])
    kind = {"int": "whole number", "bool": "true or false", "any": "one of these"}.get(rule[0], rule[0])
    return [[name, kind, default, _bounds(rule)]]


def _list(name, item, fewest, most, default):
    size = "%d of them" % most if fewest == most else "%d to %d of them" % (fewest, most)
    if isinstance(item, dict):
        return [[name, "list of sections", _json(default), size]] + _rule(name + "[]", item)
    return [[name, "list", _json(default), "%s, %s" % (size, _bounds(item))]]


def _json(value):
    return "`%s`" % json.dumps(value)


def _bounds(rule):
    if len(rule) < 3:
        return ""
    if isinstance(rule[2], list):
        return ", ".join([_json(choice) for choice in rule[2]])
    text = "%d to %d" % (rule[2], rule[3])
    if rule[0] == "text":
        text += " characters"
    if len(rule) > 4:
        signs = rule[4].strip()
        text += ", without `%s`" % signs + (" and blanks" if signs != rule[4] else "")
    return text


def meters():
    """The fields of each type of meter."""
    from config.fields import FIELDS

    rows = []
    for kind in sorted(FIELDS):
        rows += _rule(kind, FIELDS[kind]) if FIELDS[kind] else []
    return [["%s`, `%s" % tuple(row[0].split(".")[:2])] + row[1:] for row in rows]


def pins():
    """[name, GPIO on a WROOM, on a WROVER] of all devices."""
    from hal.esp32 import pins

    columns = []
    for module in ("wroom", "wrover"):
        tables = [pins._CONNECTOR, pins._RS485[module]]
        tables += list(pins._TEMPERATURE.values()) + list(pins._INDICATOR.values())
        for _, choices in pins._PARTS + pins._BOX:
            tables += list(choices.values())
        column = {}
        for entry in " ".join(tables).split():
            name, number, _ = entry.split(":")
            column[name] = "-" if number == "-1" or module == "wrover" and number in ("16", "17") else number
        columns.append(column)
    return [[name, columns[0][name], columns[1][name]] for name in sorted(columns[0])]


def lights():
    """[status, colour, rhythm]."""
    from hal.drivers.colours import _SCHEME

    colours = {"1": "blue", "2": "green", "4": "red", "6": "yellow"}
    rhythms = {"-": "steady", "F": "flashing", "f": "flickering", "w": "winking"}
    rows = [entry.split("=") for entry in _SCHEME.split()]
    return [[name, colours[light[0]], rhythms[light[1]]] for name, light in rows]


def faults():
    """[errorCode/detail] of each fault, the gravest first."""
    from hal.evse import fault_texts, faults

    return [["/".join(fault_texts.text(index)[:2])] for index in range(len(faults._BEGIN))]


def facts(folder):
    from config.fields import RULES
    from profiles.core.measurand_names import MEASURANDS

    every_key, by_box = keys(folder)
    found = {"keys": every_key, "keys by box": by_box, "measurands": [[name] for name in MEASURANDS]}
    found["calls"] = calls(_assembled({}, folder + "/calls"))
    for section in RULES:
        found["config " + section] = _rule(section, RULES[section])
    found.update({"meters": meters(), "pins": pins(), "lights": lights(), "faults": faults()})
    return found


print(json.dumps(facts(sys.argv[2])))
