"""What comes in from the central system, frame by frame; loaded when something does (OCPP-J 4.1.3, 4.2)."""

from micropython import const

from . import log
from .errors import Offline, OcppError
from .link import MAX_MESSAGE
from .on_demand import drop, load
from .rpc import CallError

_CALL = const(2)
_RESULT = const(3)
_ERROR = const(4)
_MAX_ID = const(36)
_MAX_WAITING = const(4)
_REFUSALS = "ocpp.refusals"


def take(rpc, message, is_binary, is_too_large):
    """One message of the central system, a bytearray, of which the head is left if it was too large."""
    if is_too_large:
        rpc.refuse(message, OcppError("OccurenceConstraintViolation", "longer than %d bytes" % MAX_MESSAGE))
    elif is_binary:
        log.warning("binary message ignored")
    else:
        rpc.receive(message)


def receive(rpc, buffer):
    """Give the frame `buffer`, a bytearray, to whom in `rpc` it is for; what cannot be answered is ignored."""
    try:
        message = load("ocpp.jsonscan").loads(buffer)
    except OcppError as error:
        refuse(rpc, buffer, error)
        return
    except MemoryError:
        drop(True)
        refuse(rpc, buffer, OcppError("InternalError", "no memory for what is in %d bytes" % len(buffer)))
        return
    kind = message[0] if isinstance(message, list) and message else None
    if kind == _CALL and len(message) >= 2 and isinstance(message[1], str):
        _take_call(rpc, message)
    elif kind in (_RESULT, _ERROR) and len(message) >= 3 and message[1] == rpc.open_id:
        rpc.answer = message
        rpc.open_id = None
        rpc.answered.set()
    else:
        log.warning("message ignored: type %s, id %s", kind, message[1] if kind and len(message) > 1 else None)


def _take_call(rpc, message):
    error = load(_REFUSALS).fault(message, rpc.waiting) if _is_odd(rpc, message) else None
    if error:
        _refuse(rpc, message[1][:_MAX_ID], error)
    else:
        rpc.waiting.append(message)
        rpc.arrived.set()


def _is_odd(rpc, message):
    return rpc.waiting or len(message[1]) > _MAX_ID or len(message) != 4 or not isinstance(message[2], str)


def refuse(rpc, head, error):
    """Answer a frame that cannot be read with `error`, if its first bytes tell which CALL it was."""
    identity = load(_REFUSALS).message_id(head)
    if identity is None:
        log.warning("frame ignored: %s", error)
    else:
        _refuse(rpc, identity, error)


def _refuse(rpc, identity, error):
    """Let Rpc.run() send a CALLERROR; of a flood the most go unanswered."""
    if len(rpc.refusals) < _MAX_WAITING:
        rpc.refusals.append(load(_REFUSALS).refusal(identity, error))
        rpc.arrived.set()


def judge(answer, check, action):
    """The payload of `answer`, a frame as json.loads gave it, or None; Offline, CallError. `check` as in Rpc."""
    if answer is None:
        raise Offline
    if answer[0] == _ERROR:
        raise CallError(*[str(part) for part in (answer[2:4] + ["", ""])[:2]])
    try:
        check(action, True, answer[2])
    except OcppError as error:
        raise CallError(error.code, "answer to %s: %s" % (action, error))
    return answer[2]
