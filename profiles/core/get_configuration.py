"""GetConfiguration (1.6 5.8, 6.23, 6.24)."""

import json

from micropython import const

from ocpp.errors import OcppError
from ocpp.on_demand import plenty

_PIECE = const(250)  # bytes
# The answer that shows all keys, and the count of changes for which it holds; gone when this module goes.
_all = None
_changes = None


async def handle(core, payload):
    """All keys, or those asked for and the unknown ones among them."""
    keys = core.engine.keys
    wanted = payload.get("key")
    if not wanted:
        return _everything(core.engine)
    if len(wanted) > keys["GetConfigurationMaxKeys"]:
        text = "key: more than GetConfigurationMaxKeys %d" % keys["GetConfigurationMaxKeys"]
        raise OcppError("OccurenceConstraintViolation", text)
    known = list(keys.shown([name.lower() for name in wanted]))
    found = [element["key"].lower() for element in known]
    answer = {"configurationKey": known}
    unknown = [name for name in wanted if name.lower() not in found]
    if unknown:
        answer["unknownKey"] = unknown
    return answer


def _everything(engine):
    """The answer as pieces of its text, made and checked key by key, for no board has room for it in one."""
    global _all, _changes
    if _changes != engine.keys.changes:
        _all, pieces, piece = None, [], b'{"configurationKey":['
        comma = b""
        for element in engine.keys.shown():
            engine.schema.check("GetConfiguration", True, {"configurationKey": [element]})
            piece += comma + json.dumps(element, separators=(",", ":")).encode()
            comma = b","
            if len(piece) > _PIECE:
                pieces.append(piece)
                piece = b""
        pieces.append(piece + b"]}")
        _all, _changes = [b"".join(pieces)] if plenty() else pieces, engine.keys.changes
    return _all
