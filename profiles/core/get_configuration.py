"""GetConfiguration (1.6 5.8, 6.23, 6.24)."""

import json

from micropython import const

from ocpp.errors import OcppError
import memory

_PIECE = const(250)  # bytes
# The answer that shows all keys, and the count of changes for which it holds; gone when this module goes.
_all = None
_changes = None


async def handle(core, payload):
    """All keys, or those asked for and the unknown ones among them."""
    global _all, _changes
    engine, wanted = core.engine, payload.get("key")
    if wanted:
        most = engine.keys["GetConfigurationMaxKeys"]
        if len(wanted) > most:
            raise OcppError("OccurenceConstraintViolation", "key: more than GetConfigurationMaxKeys %d" % most)
        return _answer(engine, wanted)
    if _changes != engine.keys.changes:
        _all = None
        _all, _changes = _answer(engine, None), engine.keys.changes
    return _all


def _answer(engine, wanted):
    """The answer as pieces of its text, made and checked key by key, for no board has room for all of it in one."""
    pieces, piece, comma = [], b'{"configurationKey":[', b""
    unknown = {name.lower(): name for name in wanted or ()}
    for element in engine.keys.shown(wanted and list(unknown)):
        engine.schema.check("GetConfiguration", True, {"configurationKey": [element]})
        unknown.pop(element["key"].lower(), None)
        piece += comma + json.dumps(element, separators=(",", ":")).encode()
        comma = b","
        if len(piece) > _PIECE:
            pieces.append(piece)
            piece = b""
    pieces.append(piece + b"]")
    if unknown:
        comma = b',"unknownKey":['
        for name in unknown.values():
            pieces.append(comma + json.dumps(name).encode())
            comma = b","
        pieces.append(b"]")
    pieces.append(b"}")
    return [b"".join(pieces)] if memory.plenty() else pieces
