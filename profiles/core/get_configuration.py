"""GetConfiguration (1.6 5.8, 6.23, 6.24)."""

import json

from ocpp.errors import OcppError

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
    known, unknown = keys.shown(wanted)
    answer = {"configurationKey": known}
    if unknown:
        answer["unknownKey"] = unknown
    return answer


def _everything(engine):
    global _all, _changes
    if _changes != engine.keys.changes:
        answer = {"configurationKey": engine.keys.shown()[0]}
        engine.schema.check("GetConfiguration", True, answer)
        _all = json.dumps(answer, separators=(",", ":"))
        _changes = engine.keys.changes
    return _all
