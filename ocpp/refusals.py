"""CALLs that are not handled: what is wrong with them, whose they were, and what is answered (OCPP-J 4.2.3); loaded
when one comes."""

import json

from micropython import const

from . import log
from .errors import OcppError
from .jsonscan import loads

_MAX_ID = const(36)
_MAX_WAITING = const(4)  # CALLs of an impatient peer; one may be open (4.1.1)


def fault(message, waiting):
    """The OcppError of a CALL that cannot be taken beside those that are `waiting`, or None."""
    identity = message[1]
    if len(identity) > _MAX_ID:
        return OcppError("PropertyConstraintViolation", "messageId is longer than 36")
    if len(message) != 4 or not isinstance(message[2], str):
        return OcppError("FormationViolation", "a CALL is [2, messageId, Action, {payload}]")
    if len(waiting) >= _MAX_WAITING or identity in [call[1] for call in waiting]:
        return OcppError("GenericError", "another CALL is being handled")
    return None


def message_id(buf):
    """Return the id of the CALL that `buf`, broken or cut off, begins with (OCPP-J 4.2.1), or None.

    Only a complete string of at most 36 characters (OCPP-J 4.1.4) counts.
    """
    parts = bytes(buf[:128]).split(b'"', 2)
    if len(parts) < 3 or b"".join(parts[0].split()) != b"[2,":
        return None
    try:
        identity = loads(bytearray(b'["%s"]' % parts[1]))[0]
    except (OcppError, ValueError):
        return None
    return identity if len(identity) <= _MAX_ID else None


def refusal(identity, error):
    """The CALLERROR of an OcppError (4.2.3)."""
    log.warning("CALL %s refused: %s %s", identity, error.code, error)
    return json.dumps((4, identity, error.code, str(error)[:255], {}), separators=(",", ":"))
