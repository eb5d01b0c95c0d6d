"""Checks payloads against the message table, made and described by tools/schemas.py. What is wrong with a value, and
what is right with the rarer ones, is in schema_values.py."""

import struct
from binascii import crc32, unhexlify

from .errors import OcppError
from .on_demand import load

_KINDS = "oaibn"
_VIOLATION = "PropertyConstraintViolation"
_TYPES = ((dict,), (list,), (int,), (bool,), (int, float), (str,))
_VALUES = "ocpp.schema_values"


class Schema:
    """The table in the file `path`, which stays open; of its contents only the index, 320 bytes, is kept."""

    def __init__(self, path):
        self._file = open(path)
        self._index = unhexlify(self._file.readline().strip())
        self._last = [(None, None), (None, None)]

    def known(self, action):
        """Whether OCPP 1.6 or its security extension has `action`."""
        return self.find(action, False) is not None

    def check(self, action, response, payload):
        """Raise the error of OCPP-J 4.2.3 for the first fault in `payload`, as json.loads gave it; else None.

        FormationViolation: no object, or a field that the message has not (J 3.2). ProtocolError: a required
        field is missing. TypeConstraintViolation: wrong type. OccurenceConstraintViolation: too few items.
        PropertyConstraintViolation: length, enumeration, date-time, decimals (E 3.24, 3.38).
        NotImplementedAction: no such action.
        """
        self.check_record(self.find(action, response), action, payload)

    def check_record(self, record, action, payload):
        """check() with the record that find() has given."""
        if record is None:
            raise OcppError("NotImplemented", "unknown action " + action[:50])
        if type(payload) is not dict:
            raise OcppError("FormationViolation", "payload is not an object")
        _check_object(record, 1, payload, None)

    def find(self, action, response):
        """The record of one message, or None if there is no such action."""
        name, record = self._last[response]
        if name == action:
            return record
        index = self._index
        key = struct.pack("<H", crc32(action.encode(), 1 if response else 0) & 0xFFFF)
        at = index.find(key)
        while at >= 0 and at % 4 != 2:
            at = index.find(key, at + 1)
        if at < 0:
            return None
        start, _, end = struct.unpack_from("<HHH", index, at - 2)
        self._file.seek(start)
        record = self._file.read(end - start - 1).split("\n")
        if record[0] != action:
            return None
        record[0] = self._file  # for the enumerations in it
        if len(record) == 2:
            record[1] = record[1].split()
            self._last[response] = (action, record)  # flat and short: the same messages come again and again
        return record


def _check_object(objects, number, value, where):
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
        _check_object(objects, int(code[1]), value, (where, name))
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
