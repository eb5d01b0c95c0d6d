"""ChangeConfiguration (1.6 5.3, 6.7, 6.8)."""


async def handle(core, payload):
    """Accepted, Rejected, RebootRequired or NotSupported; an accepted value is on flash and in effect."""
    return {"status": core.engine.keys.change(payload["key"], payload["value"])}
