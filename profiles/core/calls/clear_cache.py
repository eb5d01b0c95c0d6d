"""ClearCache (1.6 5.4, E 3.23)."""

from ocpp import log

from profiles.core import cache


async def handle(core, payload):
    """Accepted once the cache is empty on flash; Rejected when it is switched off, or flash cannot be written."""
    if not core.engine.keys["AuthorizationCacheEnabled"]:
        return {"status": "Rejected"}
    try:
        cache.clear(core.engine)
    except OSError as error:
        log.error("the authorization cache cannot be cleared: %r", error)
        return {"status": "Rejected"}
    return {"status": "Accepted"}
