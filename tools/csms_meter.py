"""Meter values of OCPP 1.6 (7.33, 7.43) as a short line of text."""

_PLAIN = "Energy.Active.Import.Register"
_SCALE = {"kW": ("W", 1000), "kWh": ("Wh", 1000), "kvar": ("var", 1000), "kVA": ("VA", 1000)}


def values(meter_value, measurand):
    """List of (phase or None, number, unit) of one measurand.

    They are of the last MeterValue in the list that has it. Kilo units are turned into plain ones; SignedData
    and values that are no number are left out.
    """
    for entry in reversed(meter_value):
        found = [_number(v) for v in entry.get("sampledValue", ()) if v.get("measurand", _PLAIN) == measurand]
        found = [item for item in found if item]
        if found:
            return found
    return []


def _number(sampled):
    """(phase, number, unit) of one SampledValue, or None when it holds no number."""
    try:
        number = float(sampled["value"])
    except (KeyError, TypeError, ValueError):
        return None
    unit = sampled.get("unit", "Wh" if sampled.get("measurand", _PLAIN).startswith("Energy") else "")
    unit, factor = _SCALE.get(unit, (unit, 1))
    return sampled.get("phase"), number * factor, unit


def energy_wh(meter_value):
    """The latest total of Energy.Active.Import.Register in Wh, or None."""
    totals = [number for phase, number, unit in values(meter_value, _PLAIN) if phase is None]
    return totals[-1] if totals else None


def _total(found):
    """The value without a phase, or else the sum over the phases."""
    totals = [number for phase, number, unit in found if phase is None]
    return totals[-1] if totals else sum(number for phase, number, unit in found)


def _amperes(found):
    """One number when all phases carry the same current, else all of them: "16.0" or "16.0/15.8/0.0"."""
    texts = ["%.1f" % number for phase, number, unit in found]
    return texts[0] if len(set(texts)) == 1 else "/".join(texts)


def power_text(watt):
    """850 -> "850 W", 3680 -> "3.7 kW"."""
    return "%.1f kW" % (watt / 1000) if abs(watt) >= 1000 else "%.0f W" % watt


def summary(meter_value):
    """A list of MeterValue in one line: "3.7 kW 16.0 A 12 Wh", then any other measurand by its name."""
    parts = []
    power = values(meter_value, "Power.Active.Import")
    current = values(meter_value, "Current.Import")
    if power:
        parts.append(power_text(_total(power)))
    if current:
        parts.append(_amperes(current) + " A")
    energy = energy_wh(meter_value)
    if energy is not None:
        parts.append("%.0f Wh" % energy)
    parts += _others(meter_value)
    return " ".join(parts) or "no values"


def _others(meter_value):
    known = {"Power.Active.Import", "Current.Import", _PLAIN}
    names = {v.get("measurand", _PLAIN) for entry in meter_value for v in entry.get("sampledValue", ())}
    for name in sorted(names - known):
        found = values(meter_value, name)
        if found:
            numbers = "/".join("%g" % round(number, 2) for phase, number, unit in found)
            yield ("%s %s %s" % (name, numbers, found[0][2])).rstrip()
