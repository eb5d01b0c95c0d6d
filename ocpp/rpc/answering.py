"""The answer to a CALL, as the frame to send; loaded when there is one (OCPP-J 4.2.2, 4.2.3).

The folders of the profiles are the routing table: profiles/<profile>/calls/<action>.py handles an action.
"""

import json
import os
import sys

from micropython import const

from ocpp import log
from ocpp.engine.registration import REJECTED
from ocpp.errors import OcppError
from ocpp.rpc import refusing
from ocpp.schema import checking
import memory

_RESULT = const(3)
# What is not done again from the start when memory was short in the middle of it: it would not do the same.
_ONCE = (
    "CancelReservation ClearChargingProfile DataTransfer ExtendedTriggerMessage RemoteStopTransaction Reset "
    "SendLocalList TriggerMessage UnlockConnector"
)
_SHORT = const(512)  # bytes of which one more copy does no harm
_PIECE = const(4096)  # bytes that a handler has in one piece for what it reads and imports


def may_repeat(action):
    """Whether a CALL that could not be answered may be done again from the start."""
    return action not in _ONCE


def begin(rpc, message):
    """A coroutine that gives the result of a CALL (Rpc says what that is), or None for silence. OcppError."""
    _, _, action, payload = message
    memory.make_room(piece=_PIECE)
    payload = {} if payload is None else payload
    return (rpc.serve(action, payload) if rpc.serve else _served(rpc.engine, action, payload)) or _constant(None)


def frame(rpc, message, result):
    """The frame that answers a CALL with `result`: a text, or a list or a generator of bytes; None for silence."""
    _, identity, action, _ = message
    if result is None:
        return None
    if isinstance(result, list) and len(result) == 1 and len(result[0]) < _SHORT:
        return b"[3,%s,%s]" % (json.dumps(identity).encode(), result[0])
    if not isinstance(result, dict):
        from ocpp.rpc import text_results

        return text_results.frame(json.dumps(identity).encode(), result)
    try:
        return _checked(rpc, action, identity, result)
    except MemoryError:
        memory.unload()  # the code of the handler, which has done its work
        return _checked(rpc, action, identity, result)


def refused(message, error, again):
    """The frame that refuses a CALL because of the exception `error`; None when memory was short for the first time and
    the CALL may be done `again`."""
    _, identity, action, _ = message
    if isinstance(error, MemoryError) and not again and may_repeat(action):
        return None
    if isinstance(error, MemoryError):
        refusing.tell("MemoryExhaustion", "RAM: no memory to answer " + action)
    if not isinstance(error, OcppError):
        log.exception(action + " failed", error)
        error = OcppError("InternalError", "%s failed: %r" % (action, error))
    return refusing.refusal(identity, error)


def _checked(rpc, action, identity, result):
    rpc.schema.check(action, True, result)
    return json.dumps((_RESULT, identity, result), separators=(",", ":"))


def _served(engine, action, payload):
    """A coroutine that gives the result, or None for silence; OcppError for what cannot be handled."""
    if engine.registration == REJECTED:
        log.warning("%s ignored: not accepted by the central system", action)
        return None
    record = checking.find(engine.schema, action, False)
    if record is None:
        raise OcppError("NotImplemented", action[:50] + " is not known")
    if engine.routed[0] != action:
        engine.routed = _route(engine, action)
    _, profile, name = engine.routed
    answer = memory.load(name).SWITCHED_OFF if name and profile is None else None
    if profile is None and answer is None:
        raise OcppError("NotSupported", action + " is not supported")
    checking.check_record(record, action, payload)
    log.debug("CALL %s", action)
    return _constant(answer) if answer else memory.load(name).handle(profile, payload)


async def _constant(answer):
    return answer


def _route(engine, action):
    """(action, the profile that handles it or None, the name of the module in which it does or None): GetConfiguration
    is handled in get_configuration.py. A message of a profile that is switched off is answered with the constant
    SWITCHED_OFF of its module, if it has one."""
    # Of bytes, not of letters, each of which would be a name in memory for ever; so would be that of a module missed.
    file = b"".join([b"_%c" % (c + 32) if c < 97 else b"%c" % c for c in action.encode()]).decode()[1:]
    for profile in engine.profiles:
        if _has(profile, file, "handle"):
            return action, profile, _module(profile, file)
    for profile in engine.switched_off:
        if _has(profile, file, "SWITCHED_OFF"):
            return action, None, _module(profile, file)
    return action, None, None


def _module(profile, file):
    return "profiles.%s.calls.%s" % (profile.folder, file)


def _has(profile, file, what):
    name = _module(profile, file)
    # In a firmware image there are no files to be seen, not even this one.
    return (_is_file(name) or not _is_file("ocpp.rpc.answering")) and hasattr(memory.load(name), what)


def _is_file(module):
    path = sys.path[0] + "/" + module.replace(".", "/")
    for name in (path + ".mpy", path + ".py"):
        try:
            os.stat(name)
            return True
        except OSError:
            pass
    return False
