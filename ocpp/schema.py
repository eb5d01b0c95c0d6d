"""Checks payloads against the message table, made and described by tools/schemas.py."""

import struct
from binascii import crc32, unhexlify

from .errors import OcppError

_KINDS = "oaibn"
_TYPES = ((dict,), (list,), (int,), (bool,), (int, float), (str,))
_TYPE_NAMES = ("object", "array", "integer", "boolean", "number", "string")
_DAYS = b"\x1f\x1d\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"
# How far ten times a number may be from an integer, relatively: some units in the last place of this port.
_SLACK = 4e-7 if float("1.000000001") == 1 else 1e-14


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
        if len(record) == 2:
            record[1] = record[1].split()
            self._last[response] = (action, record)  # flat and short: the same messages come again and again
        return record


def _fail(code, where, name, text):
    """Raise the error `code` for field or index `name` of the value at `where`: None, or (parent's where, name)."""
    path = ""
    where = (where, name)
    while where:
        where, name = where
        path = ("[%d]" % name if type(name) is int else "." + name) + path
    raise OcppError(code, path[1:] + ": " + text)


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
            _fail("ProtocolError", where, name, "missing")
    if found < len(value):
        for name in value:
            if name not in fields[1::2]:
                _fail("FormationViolation", where, name[:50], "unknown field")


def _check_value(objects, code, value, where, name):
    kind = code[0]
    place = _KINDS.find(kind)
    if type(value) not in _TYPES[place]:
        text = "%s instead of %s" % (type(value).__name__, _TYPE_NAMES[place])
        _fail("TypeConstraintViolation", where, name, text)
    if place == 0:
        _check_object(objects, int(code[1]), value, (where, name))
    elif place == 1:
        if len(value) < int(code[1]):
            _fail("OccurenceConstraintViolation", where, name, "fewer than %s items" % code[1])
        where = (where, name)
        code = code[2:]
        for i in range(len(value)):
            _check_value(objects, code, value[i], where, i)
    elif text := _fault(kind, code, value):
        _fail("PropertyConstraintViolation", where, name, text)


def _fault(kind, code, value):
    """What is wrong with a scalar of the right type."""
    if kind < "a":
        if len(value) > int(code):
            return "%d characters, at most %s" % (len(value), code)
    elif kind == "e":
        if "|" in value or "|" + value + "|" not in code:
            return "%r is not allowed" % value[:50]
    elif kind == "d":
        if not is_date_time(value):
            return "%r is not a date-time" % value[:50]
    elif kind == "n" and not is_tenths(value):
        return "%s is not a multiple of 0.1" % value


def is_tenths(value):
    """Whether a number has at most one decimal, as far as this port's floats can tell (1.6 7.13, 7.14)."""
    tenths = abs(value) * 10
    return tenths % 1 <= tenths * _SLACK or 1 - tenths % 1 <= tenths * _SLACK


def is_date_time(text):
    """Whether `text` is a date-time of RFC 3339 that the calendar has, fraction and offset too (1.6 3.15)."""
    text = text.upper().encode()
    numbers = _pairs(text[2:19], b"--T::")
    zone = text[19:]
    if zone[:1] == b"." and zone[1:2].isdigit():
        zone = zone[1:].lstrip(b"0123456789")
    if zone == b"Z":
        zone = b"+00:00"
    ahead = _pairs(zone[1:], b":")
    if not numbers or not ahead or zone[:1] not in b"+-" or not text[:2].isdigit():
        return False
    _, month, day, hour, minute, second = numbers
    if (
        not 1 <= month <= 12
        or not 1 <= day <= _DAYS[month - 1]
        or max(hour, ahead[0]) > 23
        or max(minute, ahead[1]) > 59
    ):
        return False
    year = int(text[:4])
    if month == 2 and day == 29 and year % (4 if year % 100 else 400):
        return False
    # A leap second ends a day of UTC.
    minute += hour * 60 + (ahead[0] * 60 + ahead[1]) * (1 if zone[0] == 45 else -1)
    return second < 60 or second == 60 and minute % 1440 == 1439


def _pairs(text, marks):
    """The numbers of two digits in `text`, which has `marks` between them; None if it has not."""
    if len(text) != 3 * len(marks) + 2:
        return None
    numbers = []
    for i in range(0, len(text), 3):
        tens, ones = text[i] - 48, text[i + 1] - 48
        if not 0 <= tens <= 9 or not 0 <= ones <= 9 or i and text[i - 1] != marks[i // 3 - 1]:
            return None
        numbers.append(tens * 10 + ones)
    return numbers
