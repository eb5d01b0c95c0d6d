"""ClearCache (1.6 5.4, E 3.23)."""

from . import cache


async def handle(core, payload):
    """Accepted once the cache is empty on flash; Rejected when it is switched off."""
    if not core.engine.keys["AuthorizationCacheEnabled"]:
        return {"status": "Rejected"}
    cache.clear(core.engine)
    return {"status": "Accepted"}
