"""Finds the record of a message in the table made and described by tools/schemas.py; the checking of a payload is in
schema_objects.py."""

import struct
from binascii import crc32, unhexlify

from .errors import OcppError
from .on_demand import load


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
        load("ocpp.schema_objects").check_object(record, 1, payload, None)

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
