"""Checks the objects and arrays of a payload against the record of its message. What is wrong with a value, and what
is right with the rarer ones, is in schema_values.py."""

from .on_demand import load

_KINDS = "oaibn"
_VIOLATION = "PropertyConstraintViolation"
_TYPES = ((dict,), (list,), (int,), (bool,), (int, float), (str,))
_VALUES = "ocpp.schema_values"


def check_object(objects, number, value, where):
    """Check the dict `value` against line `number` of the record `objects`; `where` is None for the payload itself, or
    (the where of what holds it, its name). Raises the OcppError of the first fault."""
    fields = objects[number]
    if type(fields) is str:
        fields = fields.split()  # here, for all of them at once would be the peak of all memory
    required = int(fields[0]) * 2
    found = 0
    for i in range(1, len(fields), 2):
        name = fields[i]
        if name in value:
            found += 1
            _check_value(objects, fields[i + 1], value[name], where, name)
        elif i < required:
            load(_VALUES).fail("ProtocolError", where, name, "missing")
    if found < len(value):
        for name in value:
            if name not in fields[1::2]:
                load(_VALUES).fail("FormationViolation", where, name[:50], "unknown field")


def _check_value(objects, code, value, where, name):
    kind = code[0]
    place = _KINDS.find(kind)
    if type(value) not in _TYPES[place]:
        load(_VALUES).fail("TypeConstraintViolation", where, name, (place, value))
    if place == 0:
        check_object(objects, int(code[1]), value, (where, name))
    elif place == 1:
        if len(value) < int(code[1]):
            load(_VALUES).fail("OccurenceConstraintViolation", where, name, "fewer than %s items" % code[1])
        where = (where, name)
        code = code[2:]
        for i in range(len(value)):
            _check_value(objects, code, value[i], where, i)
    elif kind < "a":
        if len(value) > int(code):
            load(_VALUES).fail(_VIOLATION, where, name, "%d characters, at most %s" % (len(value), code))
    elif kind == "e":
        if "|" in value or "|" + value + "|" not in code:
            load(_VALUES).fail(_VIOLATION, where, name, "%r is not allowed" % value[:50])
    elif kind in "dnf":
        load(_VALUES).judge(objects[0], code, value, where, name)
