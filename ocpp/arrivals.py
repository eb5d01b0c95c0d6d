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
_LENIENT = "ocpp.lenient"


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
    identity = message[1] if len(message) > 1 else None
    if type(kind) is not int:
        log.warning("message ignored: it does not begin with a message type")  # 2.0 is none either
    elif kind == _CALL and isinstance(identity, str):
        _take_call(rpc, message)
    elif kind not in (_RESULT, _ERROR) or not take_answer(rpc, message):
        log.warning("message ignored: type %s, id %s", kind, identity)


def take_answer(rpc, message):
    """Give the CALLRESULT or CALLERROR `message` to whom waits for it; whether somebody does."""
    identity = message[1] if len(message) > 1 else None
    if identity is None:
        return False
    if identity == rpc.open_id:
        rpc.answer = message
        rpc.open_id = None
        rpc.answered.set()
        return True
    if identity == rpc.late_id:
        rpc.late = message
        rpc.late_id = None
        return True
    return False


def _take_call(rpc, message):
    error = load(_REFUSALS).fault(message, rpc.waiting) if _is_odd(rpc, message) else None
    if error:
        _refuse(rpc, message[1], error)
    else:
        rpc.waiting.append(message)
        rpc.arrived.set()


def _is_odd(rpc, message):
    return rpc.waiting or len(message[1]) > _MAX_ID or len(message) != 4 or not isinstance(message[2], str)


def refuse(rpc, head, error):
    """Answer a frame that cannot be read with `error`, if its first bytes tell which CALL it was. If they tell that it
    is an answer, it is one without content: the central system has the message (J 3.3)."""
    kind, identity = load(_REFUSALS).beginning(head)
    if kind == _CALL:
        _refuse(rpc, identity, error)
        return
    log.warning("frame %s: %s", identity, error)
    if kind and error.code != "InternalError":
        take_answer(rpc, [kind, identity] + (["", ""] if kind == _ERROR else [str(error)]))


def _refuse(rpc, identity, error):
    """Let Rpc.run() send a CALLERROR; of a flood the most go unanswered."""
    if len(rpc.refusals) < _MAX_WAITING:
        rpc.refusals.append(load(_REFUSALS).refusal(identity, error))
        rpc.arrived.set()


def content(rpc, action, answer):
    """The payload of `answer`, a frame that answers `action`, without the fields that cannot be used: whatever is wrong
    with a CALLRESULT, the message is delivered (J 3.3). Offline if `answer` is None, CallError for a CALLERROR."""
    if answer is None:
        raise Offline
    if answer[0] == _ERROR:
        raise CallError(*[str(part) for part in (answer[2:4] + ["", ""])[:2]])
    payload = answer[2] if len(answer) > 2 else None
    if len(answer) > 3:
        load(_LENIENT).note(rpc.noted, action, [("frame", "has %d elements" % len(answer))])
    try:
        rpc.schema.check(action, True, payload)
        return payload
    except OcppError:
        return load(_LENIENT).usable(rpc.schema, action, payload, rpc.noted)
