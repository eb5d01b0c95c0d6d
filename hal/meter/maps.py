"""The registers of meters: which quantity is where, as what. Needed only while a meter is being set up.

Eastron: SDM120, SDM230, SDM630, SDM72D-M and SDM72D-M-2 "Modbus Protocol", input registers; the address is the table's
"start address", one less than the register's number without its 3. All numbers are float32, high word first.
"""

import json

from hal.meter.modbus import MAX_REGISTERS

QUANTITIES = ("energy", "power", "frequency", "current1", "current2", "current3", "voltage1", "voltage2", "voltage3")
TYPES = ("float32", "int32", "uint32", "int16", "uint16")
_UNITS = (1000, 1, 100, 10, 10, 10, 10, 10, 10)  # ours in one of kWh, W, Hz, A and V
_LOW_FIRST = 8
_GAP = 18  # registers that are read too, for one question is quicker than two, and never mistaken for another

# Of one phase and of three; the SDM72D-M (sdm72) has neither currents nor voltages, the SDM72D-M-2 is sdm72v2.
_TABLES = (
    "voltage1 0 current1 6 power 12 frequency 70 energy 72",
    "voltage1 0 voltage2 2 voltage3 4 current1 6 current2 8 current3 10 power 52 frequency 70 energy 72",
    "power 52 energy 72",
)
# As text, for names in code stay in memory for ever.
NAMED = json.loads('{"sdm120": 0, "sdm230": 0, "sdm630": 1, "sdm72": 2, "sdm72v2": 1}')  # name -> which of them
PAUSES_MS = json.loads('{"sdm72": 500, "sdm72v2": 500}')  # between two questions


def named(name):
    """The requests of a meter in NAMED; KeyError if it is not there."""
    words = _TABLES[NAMED[name]].split()
    fields = []
    for at in range(0, len(words), 2):
        quantity = QUANTITIES.index(words[at])
        fields.append((4, int(words[at + 1]), 0, _UNITS[quantity], 1, quantity))
    return _requests(fields, _GAP)


def custom(config):
    """The requests of a map from config.json; ValueError with a plain sentence about what is wrong with it.

    {quantity: {"register": 0 to 65535, "type": one of TYPES, "scale": 1 or [1, 100], "function": 3 or 4,
    "low_word_first": false}}, all but "register" optional: float32, 1, 4. `scale` is what one of the meter's numbers is
    in kWh, W, Hz, A or V, as a whole number or [numerator, denominator]: 0.01 kWh is [1, 100].
    """
    if "energy" not in config:
        raise ValueError("the map of a meter needs energy")
    return _requests([_field(name, config[name]) for name in config], 0)


def resolution_wh(requests):
    """What one count of a register of whole numbers is, in Wh; a float32 has no such step."""
    for _, _, _, fields in requests:
        for _, kind, multiply, divide, quantity in fields:
            if QUANTITIES[quantity] == "energy" and TYPES[kind % _LOW_FIRST] != "float32":
                return abs(multiply) // divide
    return 0


def _field(name, entry):
    _require(name in QUANTITIES, "%s is unknown, must be one of %s", name, ", ".join(QUANTITIES))
    _require(type(entry) is dict, "%s is %r, must be a {section}", name, entry)
    for key in entry:
        _require(key in ("register", "type", "scale", "function", "low_word_first"), "%s.%s is unknown", name, key)
    kind = entry.get("type", "float32")
    _require(kind in TYPES, "%s.type is %r, must be one of %s", name, kind, ", ".join(TYPES))
    register = entry.get("register")
    _require(type(register) is int and 0 <= register <= 65534, "%s.register is %r, must be 0 to 65534", name, register)
    function = entry.get("function", 4)
    _require(function in (3, 4), "%s.function is %r, must be 3 or 4", name, function)
    given = entry.get("scale", 1)
    scale = given if type(given) is list else [given, 1]
    good = len(scale) == 2 and type(scale[0]) is int and type(scale[1]) is int and scale[0] and scale[1] > 0
    _require(good, "%s.scale is %r, must be a whole number or two, as in [1, 100]", name, given)
    quantity = QUANTITIES.index(name)
    kind = TYPES.index(kind) + (_LOW_FIRST if entry.get("low_word_first") else 0)
    return function, register, kind, scale[0] * _UNITS[quantity], scale[1], quantity


def _require(good, text, *values):
    if not good:
        raise ValueError(text % values)


def _requests(fields, gap):
    """((function, first register, how many, ((byte, type, multiply, divide, quantity), ...)), ...)"""
    requests = []  # type: list[list]
    for function, register, kind, multiply, divide, quantity in sorted(fields):
        end = register + (1 if kind % _LOW_FIRST > 2 else 2)
        last = requests[-1] if requests else None
        if not (last and last[0] == function and register <= last[2] + gap and end - last[1] <= MAX_REGISTERS):
            last = [function, register, end, []]
            requests.append(last)
        last[2] = max(last[2], end)
        last[3].append(((register - last[1]) * 2, kind, multiply, divide, quantity))
    return tuple((function, start, end - start, tuple(parts)) for function, start, end, parts in requests)
