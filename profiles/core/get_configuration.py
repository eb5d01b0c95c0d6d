"""GetConfiguration (1.6 5.8, 6.23, 6.24)."""

from ocpp.errors import OcppError


async def handle(core, payload):
    """All keys, or those asked for and the unknown ones among them."""
    keys = core.engine.keys
    wanted = payload.get("key")
    if wanted and len(wanted) > keys["GetConfigurationMaxKeys"]:
        text = "key: more than GetConfigurationMaxKeys %d" % keys["GetConfigurationMaxKeys"]
        raise OcppError("OccurenceConstraintViolation", text)
    known, unknown = keys.shown(wanted)
    answer = {"configurationKey": known}
    if unknown:
        answer["unknownKey"] = unknown
    return answer
