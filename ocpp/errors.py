"""The errors between the charge point and the central system."""


class OcppError(Exception):
    """Becomes a CALLERROR (OCPP-J 4.2.3, table 7). One class, for ten would cost the board 2 kB.

    `code`, as on the wire: NotImplemented, NotSupported, InternalError, ProtocolError, SecurityError,
    FormationViolation, PropertyConstraintViolation, OccurenceConstraintViolation (so spelt, J 5.1),
    TypeConstraintViolation or GenericError; its text is the description."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Offline(Exception):
    """There is no connection, or the time-out passed without an answer."""


class CallError(Exception):
    """The peer answered with CALLERROR; args: code, description."""
