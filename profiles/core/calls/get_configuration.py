"""GetConfiguration (1.6 5.8, 6.23, 6.24)."""

import json

from micropython import const

from ocpp.errors import OcppError
import memory

_PIECE = const(250)  # bytes
_KEY = const(50)  # characters of a key and of a value (6.24)
_VALUE = const(500)
# The answer that shows all keys, and the count of changes for which it holds; gone when this module goes.
_all = None
_changes = None


async def handle(core, payload):
    """All keys, or those asked for and the unknown ones among them: as text, or, where memory is short, as a generator
    of its pieces, for then there is no room for all of it in one."""
    global _all
    engine, wanted = core.engine, payload.get("key") or None
    if wanted:
        most = engine.keys["GetConfigurationMaxKeys"]
        if len(wanted) > most:
            raise OcppError("OccurenceConstraintViolation", "key: more than GetConfigurationMaxKeys %d" % most)
    if not memory.short():
        try:
            return _whole(engine, wanted)
        except MemoryError:
            pass  # enough is free, but not in one piece
    _all = None
    return _pieces(engine, wanted, _check_lengths)


def _whole(engine, wanted):
    """The answer in one piece; that with all keys is kept."""
    global _all, _changes
    check = engine.schema.check
    if wanted:
        return [b"".join(_pieces(engine, wanted, check))]
    if not _all or _changes != engine.keys.changes:
        _all = None
        _all, _changes = [b"".join(_pieces(engine, None, check))], engine.keys.changes
    return _all


def _check_lengths(action, answer, payload):
    """Check the lengths as Schema.check does, without its code: that takes 3 kB, for which there is no room while the
    answer is sent (emulated chip, with a meter value beside)."""
    for element in payload["configurationKey"]:
        if len(element["key"]) > _KEY or len(element["value"]) > _VALUE:
            raise OcppError("PropertyConstraintViolation", "%s is too long" % element["key"])


def _pieces(engine, wanted, check):
    """The answer, made and checked key by key."""
    piece, comma = b'{"configurationKey":[', b""
    unknown = {name.lower(): name for name in wanted or ()}
    for element in engine.keys.shown(wanted and list(unknown)):
        check("GetConfiguration", True, {"configurationKey": [element]})
        unknown.pop(element["key"].lower(), None)
        piece += comma + json.dumps(element, separators=(",", ":")).encode()
        comma = b","
        if len(piece) > _PIECE:
            yield piece
            piece = b""
    yield piece + b"]"
    comma = b',"unknownKey":['
    for name in unknown.values():
        yield comma + json.dumps(name).encode()
        comma = b","
    yield b"]}" if unknown else b"}"
