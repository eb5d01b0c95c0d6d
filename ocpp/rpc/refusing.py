"""CALLs that are not handled: whose they were, and what is answered (OCPP-J 4.2.3). Always there, so that a
CALL can be refused when there is no memory for more code."""

import json

from micropython import const

from ocpp import log

_CALL = const(2)
_ERROR = const(4)
_MAX_WAITING = const(4)


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
    text = bytes(buf[first : last + 1])
    try:
        if b"\\" not in text and min(text) >= 32:
            return kinds[0], text[1:-1].decode()
        import strict_json

        return kinds[0], strict_json.loads(bytearray(b"[%s]" % text))[0]
    except ValueError:
        return None, None


def refusal(identity, error):
    """The CALLERROR of an OcppError (4.2.3)."""
    log.warning("CALL %s refused: %s %s", identity, error.code, error)
    if error.code.endswith("Violation") or error.code == "ProtocolError":
        tell("InvalidMessages", "CALL %s: %s %s" % (identity, error.code, error))
    return json.dumps((4, identity, error.code, str(error)[:255], {}), separators=(",", ":"))


def tell(kind, info):
    """The security event `kind`, if there is memory for that."""
    try:
        from ocpp import events

        events.tell(kind, info[:255])
    except MemoryError:
        pass


def refuse(rpc, head, error):
    """Answer a frame that cannot be read with `error`, if its first bytes tell which CALL it was. If they tell that it
    is an answer, it is one without content: the central system has the message (J 3.3)."""
    kind, identity = beginning(head)
    if kind == _CALL:
        add(rpc, identity, error)
        return
    log.warning("frame %s: %s", identity, error)
    if error.code != "InternalError":
        tell("InvalidMessages", "frame %s: %s" % (identity, error))
    if kind and error.code != "InternalError":
        rest = ["", ""] if kind == _ERROR else [str(error)]
        rpc.take_answer([kind, identity] + rest)


def add(rpc, identity, error):
    """Let Rpc.run() send a CALLERROR; of a flood the most go unanswered."""
    if len(rpc.refusals) < _MAX_WAITING:
        rpc.refusals.append(refusal(identity, error))
        rpc.arrived.set()
