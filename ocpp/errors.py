"""The errors OCPP-J knows; each class carries its code on the wire (OCPP-J 4.2.3, table 7)."""


class OcppError(Exception):
    """Raised with a description; becomes a CALLERROR with `code` when it leaves a handler."""

    code = "GenericError"


class GenericError(OcppError):
    pass


class NotImplementedAction(OcppError):
    code = "NotImplemented"


class NotSupported(OcppError):
    code = "NotSupported"


class InternalError(OcppError):
    code = "InternalError"


class ProtocolError(OcppError):
    code = "ProtocolError"


class SecurityError(OcppError):
    code = "SecurityError"


class FormationViolation(OcppError):
    code = "FormationViolation"


class PropertyConstraintViolation(OcppError):
    code = "PropertyConstraintViolation"


class OccurenceConstraintViolation(OcppError):
    # The specification's own spelling, kept on the wire by errata J 5.1.
    code = "OccurenceConstraintViolation"


class TypeConstraintViolation(OcppError):
    code = "TypeConstraintViolation"
