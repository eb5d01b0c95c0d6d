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
    "CancelReservation ClearChargingProfile DataTransfer RemoteStopTransaction Reset SendLocalList TriggerMessage "
    "UnlockConnector"
)
_PIECE = const(4096)  # bytes that a handler has in one piece for what it reads and imports


def may_repeat(action):
    """Whether a CALL that could not be answered may be done again from the start."""
    return action not in _ONCE


async def answer(rpc, message):
    """The frame (text, or a list or a generator of bytes) that answers `message`, or None for silence. What it was made
    of is free when it leaves."""
    _, identity, action, payload = message
    memory.make_room(piece=_PIECE)
    try:
        try:
            result = await _serve(rpc, action, payload)
        except MemoryError:
            if action in _ONCE:
                raise
            memory.unload()
            result = await _serve(rpc, action, payload)
        if result is None:
            return None
        if hasattr(result, "send"):
            return _joined(json.dumps(identity).encode(), result)
        if isinstance(result, list):
            return _join(json.dumps(identity).encode(), result)
        try:
            return _frame(rpc, action, identity, result)
        except MemoryError:
            memory.unload()  # the code of the handler, which has done its work
            return _frame(rpc, action, identity, result)
    except OcppError as error:
        fault = error
    except Exception as error:
        log.exception(action + " failed", error)
        fault = OcppError("InternalError", "%s failed: %r" % (action, error))
    return refusing.refusal(identity, fault)


async def _serve(rpc, action, payload):
    payload = {} if payload is None else payload
    handling = rpc.serve(action, payload) if rpc.serve else serve(rpc.engine, action, payload)
    return handling and await handling


def _joined(identity, pieces):
    """A result that is text already, a generator of pieces."""
    yield b"[3,%s," % identity
    for piece in pieces:
        yield piece
    yield b"]"


def _join(identity, pieces):
    """A result that is text already, in pieces."""
    if len(pieces) == 1:
        return b"[3,%s,%s]" % (identity, pieces[0])
    return [b"[3,%s," % identity] + pieces + [b"]"]


def _frame(rpc, action, identity, result):
    rpc.schema.check(action, True, result)
    return json.dumps((_RESULT, identity, result), separators=(",", ":"))


def serve(engine, action, payload):
    """A coroutine that gives the payload of the answer, or None for silence; OcppError for what cannot be handled."""
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
