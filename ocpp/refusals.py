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


def beginning(buf):
    """(message type, messageId) of the message that the bytearray `buf`, broken or cut off, begins with (OCPP-J 4.2);
    (None, None) if its first bytes do not tell."""
    first = buf.find(b'"')
    kinds = [kind for kind in (2, 3, 4) if b"".join(bytes(buf[: max(0, first)]).split()) == b"[%d," % kind]
    last = buf.find(b'"', first + 1)
    while last > 0 and buf[last - 1] == 92:  # an escaped quotation mark
        last = buf.find(b'"', last + 1)
    if not kinds or last < 0:
        return None, None
    try:
        return kinds[0], loads(bytearray(b"[%s]" % bytes(buf[first : last + 1])))[0]
    except (OcppError, ValueError):
        return None, None


def refusal(identity, error):
    """The CALLERROR of an OcppError (4.2.3)."""
    log.warning("CALL %s refused: %s %s", identity, error.code, error)
    return json.dumps((4, identity, error.code, str(error)[:255], {}), separators=(",", ":"))
