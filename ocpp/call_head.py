"""Who asked, in a frame that cannot be read; loaded when one comes."""

from micropython import const

from .errors import OcppError
from .jsonscan import loads

_MAX_ID = const(36)


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
