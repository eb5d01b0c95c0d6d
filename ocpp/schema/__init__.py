"""The table of messages made and described by tools/schemas.py; what looks into it is in checking.py."""

from binascii import unhexlify


class Schema:
    """The table in the file `path`, which stays open; of its contents only the `index`, 320 bytes, is kept, and the
    records used `last`, of requests and responses."""

    def __init__(self, path):
        self.file = open(path)
        self.index = unhexlify(self.file.readline().strip())
        self.last = [(None, None), (None, None)]

    def check(self, action, response, payload):
        """Raise the error of OCPP-J 4.2.3 for the first fault in `payload`, as json.loads gave it; else None.

        FormationViolation: no object, or a field that the message has not (J 3.2). ProtocolError: a required
        field is missing. TypeConstraintViolation: wrong type. OccurenceConstraintViolation: too few items.
        PropertyConstraintViolation: length, enumeration, date-time, decimals (E 3.24, 3.38).
        NotImplementedAction: no such action.
        """
        from ocpp.schema import checking

        checking.check_record(checking.find(self, action, response), action, payload)
