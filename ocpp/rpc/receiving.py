"""Messages of the central system, one by one; loaded when there is one (OCPP-J 4.1.3, 4.2)."""

from micropython import const

from ocpp import log
from ocpp.rpc import refusing
from ocpp.errors import CallError, Offline, OcppError
from ocpp.websocket.frames import MAX_MESSAGE, NO_MEMORY
import memory
import strict_json

_CALL = const(2)
_RESULT = const(3)
_ERROR = const(4)
_MAX_ID = const(36)
_MAX_WAITING = const(4)  # CALLs of an impatient peer; one may be open (4.1.1)


def receive(rpc, message, is_binary, loss):
    """One message of the central system, a bytearray, of which only the head is left if there was a `loss`."""
    if loss == NO_MEMORY:
        refusing.refuse(rpc, message, OcppError("InternalError", "no memory for the message"))
    elif loss:
        refusing.refuse(rpc, message, OcppError("OccurenceConstraintViolation", "longer than %d bytes" % MAX_MESSAGE))
    elif is_binary:
        _ignored("it is binary")
    else:
        _receive_text(rpc, message)


def _receive_text(rpc, buffer):
    """Queue a CALL, or hand a CALLRESULT or CALLERROR to the call() that waits for it."""
    try:
        try:
            message = strict_json.loads(buffer)
        except MemoryError:
            message = _parse_in_want(buffer)
    except ValueError as error:
        refusing.refuse(rpc, buffer, OcppError("FormationViolation", str(error)))
        return
    except MemoryError:
        refusing.refuse(rpc, buffer, OcppError("InternalError", "no memory for what is in %d bytes" % len(buffer)))
        return
    kind = message[0] if isinstance(message, list) and message else None
    identity = message[1] if len(message) > 1 else None
    if type(kind) is not int:
        _ignored("it does not begin with a message type")  # 2.0 is none either
    elif kind == _CALL and isinstance(identity, str):
        _take_call(rpc, message)
    elif kind not in (_RESULT, _ERROR) or not rpc.take_answer(message):
        _ignored("type %s, id %s" % (kind, identity))


def _ignored(why):
    log.warning("message ignored: %s", why)
    refusing.tell("InvalidMessages", "message ignored: " + why)


def _parse_in_want(buffer):
    """What is in `buffer`, when memory was short for that; ValueError, MemoryError."""
    memory.unload()
    from ocpp.rpc import long_texts

    # The first try may have ended anywhere, so what is in `buffer` is looked at again.
    return strict_json.loads(buffer, read=long_texts.loads)


def _take_call(rpc, message):
    error = _fault(message, rpc.waiting) if _is_odd(rpc, message) else None
    if error:
        refusing.add(rpc, message[1], error)
    else:
        if rpc.last_call == message[1:3]:
            # Answered already on this connection, so the network has not lost it.
            refusing.tell("AttemptedReplayAttacks", "%s %s again" % (message[2], message[1]))
        rpc.last_call = message[1:3]
        rpc.waiting.append(message)
        rpc.arrived.set()


def _fault(message, waiting):
    """The OcppError of a CALL that cannot be taken beside those that are `waiting`, or None."""
    identity = message[1]
    if len(identity) > _MAX_ID:
        return OcppError("PropertyConstraintViolation", "messageId is longer than 36")
    if len(message) != 4 or not isinstance(message[2], str):
        return OcppError("FormationViolation", "a CALL is [2, messageId, Action, {payload}]")
    if len(waiting) >= _MAX_WAITING or identity in [call[1] for call in waiting if len(call) == 4]:
        return OcppError("GenericError", "another CALL is being handled")
    return None


def _is_odd(rpc, message):
    return rpc.waiting or len(message[1]) > _MAX_ID or len(message) != 4 or not isinstance(message[2], str)


def content(rpc, action, answer):
    """The payload of `answer`, a frame that answers `action`, without the fields that cannot be used: whatever is wrong
    with a CALLRESULT, the message is delivered (J 3.3). Offline if `answer` is None, CallError for a CALLERROR."""
    if answer is None:
        raise Offline
    if answer[0] == _ERROR:
        raise CallError(*[str(part) for part in (answer[2:4] + ["", ""])[:2]])
    payload = answer[2] if len(answer) > 2 else None
    if len(answer) > 3:
        from ocpp.rpc import lenient

        lenient.note(rpc.noted, action, [("frame", "has %d elements" % len(answer))])
    try:
        rpc.schema.check(action, True, payload)
        return payload
    except OcppError as error:
        refusing.tell("InvalidMessages", "answer to %s: %s" % (action, error))
        from ocpp.rpc import lenient

        return lenient.usable(rpc.schema, action, payload, rpc.noted)
