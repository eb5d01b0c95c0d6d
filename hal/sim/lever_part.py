"""The levers of what may be wrong with one part of a simulated connector."""

from hal.sim.lever import check, require

# lever -> field -> attribute or method of the connector, and its least and most or the words for 0, 1, ...
_LEVERS = {  # type: dict[str, dict[str, tuple]]
    "contactor": {"state": ("contact", "good", "welded", "stays_open")},
    "residual": {"leak_ma": ("leak", 0, 1000), "monitor": ("dead", "good", "dead")},
    "lock": {"state": ("jammed", "good", "jammed", "loose")},
    "temperature": {"ambient_c": ("ambient", -40, 125), "sensor": ("lost", "good", "lost")},
    "pilot": {"line": ("line", "good", "shorted", "open"), "noise_mv": ("noise", 0, 5000)},
    "meter": {
        "energy_wh": ("set_energy", 0, (1 << 30) - 1),
        "shows_wh": ("show", 0, (1 << 30) - 1),
        "wire": ("wire", "good", "silent", "wrong_crc", "noise", "late"),
    },
    "proximity": {"cable": ("cable",)},
    "grid": {"volts": ("voltages",)},
}
_OHMS = {13: 1500, 20: 680, 32: 220, 63: 100, "none": None, "short": 0}


def pull(connector, values, lever):
    """Move the `lever` to `values`, fields as above and at least one; KeyError if there is no such lever, ValueError
    says what is wrong with a value."""
    if lever not in _LEVERS:
        raise KeyError("no such resource")
    fields = _LEVERS[lever]
    known = sorted(fields, key=lambda name: name not in values)
    check(values, *known)
    # All are looked at before any is moved.
    found = [(fields[name][0], _value(connector, name, fields[name], values[name])) for name in values]
    connector.count()
    for attribute, value in found:
        if attribute in ("set_energy", "show"):
            getattr(connector, attribute)(value)
        else:
            setattr(connector, attribute, value)


def _value(connector, name, entry, value):
    if name == "cable":
        require(type(value) in (int, str) and value in _OHMS, "cable must be 13, 20, 32 or 63 A, none or short")
        return _OHMS[value]
    if name == "shows_wh" and value is None:
        return None
    if name == "volts":
        return _volts(value, connector.phases)
    if type(entry[1]) is str:
        words = entry[1:]
        require(type(value) is str and value in words, "%s must be one of %s", name, ", ".join(words))
        return words.index(value)
    good = type(value) is int and entry[1] <= value <= entry[2]
    require(good, "%s must be a whole number from %d to %d", name, entry[1], entry[2])
    return value


def _volts(volts, count):
    each = volts if type(volts) is list else [volts] * count
    good = [value for value in each if type(value) in (int, float) and 0 <= value <= 400]
    require(len(good) == len(each) == count, "volts must be 0 to 400 V, or a list of %d such", count)
    return [int(value * 10 + 0.5) for value in each]
