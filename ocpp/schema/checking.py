"""Finds the record of a message and checks the objects and arrays of a payload against it. What is wrong with a value,
and what is right with the rarer ones, is in values.py."""

import struct
from binascii import crc32

from ocpp.errors import OcppError

_KINDS = "oaibn"
_VIOLATION = "PropertyConstraintViolation"
_TYPES = ((dict,), (list,), (int,), (bool,), (int, float), (str, bytearray))  # see ocpp/rpc/long_texts.py


def find(schema, action, response):
    """The record of one message in the table of `schema`, or None if there is no such action."""
    name, record = schema.last[response]
    if name == action:
        return record
    index = schema.index
    key = struct.pack("<H", crc32(action.encode(), 1 if response else 0) & 0xFFFF)
    at = index.find(key)
    while at >= 0 and at % 4 != 2:
        at = index.find(key, at + 1)
    if at < 0:
        return None
    start, _, end = struct.unpack_from("<HHH", index, at - 2)
    schema.file.seek(start)
    record = schema.file.read(end - start - 1).split("\n")
    if record[0] != action:
        return None
    record[0] = schema.file  # for the enumerations in it
    if len(record) == 2:
        record[1] = [int(word) if word.isdigit() else word for word in record[1].split()]
        schema.last[response] = (action, record)  # flat and short: the same messages come again and again
    return record


def check_record(record, action, payload):
    """Schema.check() with the record that find() has given."""
    if record is None:
        raise OcppError("NotImplemented", "unknown action " + action[:50])
    if type(payload) is not dict:
        raise OcppError("FormationViolation", "payload is not an object")
    _check_object(record, 1, payload, None)


def fields_of(objects, number):
    """Line `number` of a record: [number of required fields, then name and code of each field, the required first]. The
    code of a text is the most characters that it may have; in a line that was split before it is an int."""
    fields = objects[number]
    # Split here, for all of them at once would be the peak of all memory.
    return fields.split() if type(fields) is str else fields


def _check_object(objects, number, value, where):
    # `value` against line `number` of the record `objects`; `where` is None for the payload itself, or (the where of
    # what holds it, its name).
    fields = fields_of(objects, number)
    required = int(fields[0]) * 2
    found = 0
    for i in range(1, len(fields), 2):
        name = fields[i]
        if name in value:
            found += 1
            code, item = fields[i + 1], value[name]
            if type(code) is not int or type(item) is not str or len(item) > code:
                check_value(objects, code, item, where, name)
        elif i < required:
            from ocpp.schema import values

            values.fail("ProtocolError", where, name, "missing")
    if found < len(value):
        for name in value:
            if name not in fields[1::2]:
                from ocpp.schema import values

                values.fail("FormationViolation", where, name[:50], "unknown field")


def check_value(objects, code, value, where, name):
    """Raise the OcppError of the first fault in `value`, the field `name` of the value at `where`, whose type is `code`
    in the record `objects`."""
    code = str(code)
    kind = code[0]
    place = _KINDS.find(kind)
    if type(value) not in _TYPES[place]:
        from ocpp.schema import values

        values.fail("TypeConstraintViolation", where, name, (place, value))
    if place == 0:
        _check_object(objects, int(code[1]), value, (where, name))
    elif place == 1:
        if len(value) < int(code[1]):
            from ocpp.schema import values

            values.fail("OccurenceConstraintViolation", where, name, "fewer than %s items" % code[1])
        where = (where, name)
        code = code[2:]
        for i in range(len(value)):
            check_value(objects, code, value[i], where, i)
    elif kind < "a":
        if len(value) > int(code):
            from ocpp.schema import values

            values.fail(_VIOLATION, where, name, "%d characters, at most %s" % (len(value), code))
    elif kind == "e":
        if "|" in value or "|" + value + "|" not in code:
            from ocpp.schema import values

            values.fail(_VIOLATION, where, name, "%r is not allowed" % value[:50])
    elif kind in "dnf":
        from ocpp.schema import values

        values.validate_value(objects[0], code, value, where, name)
