"""ChangeConfiguration (1.6 5.3, 6.7, 6.8)."""

from ocpp.keys import key_values


async def handle(core, payload):
    """Accepted, Rejected, RebootRequired or NotSupported; an accepted value is on flash and in effect."""
    # As text, for a central system may send hundreds of these in a row; change() gives no other than the four statuses.
    return [b'{"status":"%s"}' % key_values.change(core.engine.keys, payload["key"], payload["value"]).encode()]
