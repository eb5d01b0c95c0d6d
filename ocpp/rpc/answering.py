"""The answer to a CALL, as the frame to send; loaded when there is one (OCPP-J 4.2.2, 4.2.3)."""

import json

from micropython import const

from ocpp import log
from ocpp.rpc import refusing
from ocpp.errors import OcppError
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


async def answer(serve, check, message):
    """The frame (text, or a list or a generator of bytes) that answers `message`, or None for silence; `serve` and
    `check` are those of Rpc. What it was made of is free when it leaves."""
    _, identity, action, payload = message
    memory.make_room(piece=_PIECE)
    try:
        try:
            result = await _serve(serve, action, payload)
        except MemoryError:
            if action in _ONCE:
                raise
            memory.unload()
            result = await _serve(serve, action, payload)
        if result is None:
            return None
        if hasattr(result, "send"):
            return _joined(json.dumps(identity).encode(), result)
        if isinstance(result, list):
            return _join(json.dumps(identity).encode(), result)
        try:
            return _frame(check, action, identity, result)
        except MemoryError:
            memory.unload()  # the code of the handler, which has done its work
            return _frame(check, action, identity, result)
    except OcppError as error:
        fault = error
    except Exception as error:
        log.exception(action + " failed", error)
        fault = OcppError("InternalError", "%s failed: %r" % (action, error))
    return refusing.refusal(identity, fault)


async def _serve(serve, action, payload):
    handling = serve(action, {} if payload is None else payload)
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


def _frame(check, action, identity, result):
    check(action, True, result)
    return json.dumps((_RESULT, identity, result), separators=(",", ":"))
