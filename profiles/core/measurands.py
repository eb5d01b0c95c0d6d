"""Takes samples of the meters and writes them for flash and for the wire (1.6 7.31, 7.33, 7.43, 7.45).

On flash a sample is [time, context, [[value, measurand, phase], ...]] with indexes into the tables below, a fifth of
its size on the wire. Values are integers in the meter's smallest unit: Wh, W, 0.1 A, 0.1 V, 0.01 Hz, degrees.
"""

from ocpp.clock import iso

from profiles.core.measurand_names import MEASURANDS

ENERGY = 0  # index of the register, which is never averaged
_CONTEXTS = ("Sample.Periodic", "Sample.Clock", "Transaction.Begin", "Transaction.End", "Trigger")
BEGIN, END = 2, 3
_UNITS = ("Wh", "W", "A", "V", None, "A", "W", "Celcius")  # "Celcius" as in the schemas (J 2.1); none for Hz (E 3.86)
_DIGITS = (0, 0, 1, 1, 2, 1, 0, 0)
_PHASES = (None, "L1", "L2", "L3", "L1-N", "L2-N", "L3-N")
_PHASE_OF_CURRENT, _PHASE_OF_VOLTAGE = 1, 4


def _sums(lists):
    """Element by element, as far as each goes: [160, 0], [100, 100, 100] -> [260, 100, 100]."""
    sums = []  # type: list
    for values in lists:
        for index, value in enumerate(values):
            if index < len(sums):
                sums[index] += value
            else:
                sums.append(value)
    return sums


def _offered(evse):
    return evse.limit if evse.pwm_on else 0


def _readings(evses, measurand):
    """(values, index of the first phase or 0) over `evses`: one connector, or all of them for connector 0."""
    meters = [evse.devices.meter for evse in evses]
    if measurand == 0:
        return [sum([meter.energy_wh for meter in meters])], 0
    if measurand == 1:
        return [sum([meter.power_w for meter in meters])], 0
    if measurand == 2:
        return _sums([meter.currents for meter in meters]), _PHASE_OF_CURRENT
    if measurand == 3:
        return meters[0].voltages, _PHASE_OF_VOLTAGE
    if measurand == 4:
        return [meters[0].frequency], 0
    if measurand == 5:
        return [sum([_offered(evse) for evse in evses])], 0
    if measurand == 6:
        return [sum([_offered(evse) * 23 * evse.phases for evse in evses])], 0
    degrees = [evse.devices.temperature.celsius() for evse in evses]
    degrees = [value for value in degrees if value is not None]
    return [max(degrees)] if degrees else [], 0


def context(name):
    """The index of a ReadingContext (1.6 7.38)."""
    return _CONTEXTS.index(name)


def sample(evses, names, context_name, now):
    """One sample of the measurands in `names` over `evses`, as on flash."""
    values = []
    for name in names:
        measurand = MEASURANDS.index(name)
        readings, phase = _readings(evses, measurand)
        for value in readings:
            values.append([value, measurand, phase])
            phase += phase > 0
    return [now, context(context_name), values]


def decimal(value, digits):
    """160 with 1 digit -> "16.0"; exact, for floats have 32 bits on the board."""
    if not digits:
        return str(value)
    scale = 10**digits
    return "%s%d.%0*d" % ("-" if value < 0 else "", abs(value) // scale, digits, abs(value) % scale)


def _sampled_value(where, value, measurand, phase):
    element = {"value": decimal(value, _DIGITS[measurand]), "context": _CONTEXTS[where]}
    element["measurand"] = MEASURANDS[measurand]
    if _UNITS[measurand]:
        element["unit"] = _UNITS[measurand]
    if phase:
        element["phase"] = _PHASES[phase]
    return element


def meter_value(packed, correction):
    """The MeterValue element (1.6 7.33) of a sample as it is on flash."""
    seconds, where, values = packed[:3]
    elements = [_sampled_value(where, *value) for value in values]
    return {"timestamp": iso(seconds + correction), "sampledValue": elements}
