"""RemoteStartTransaction (1.6 5.11, E 3.32: Accepted means that it will be tried)."""

from ocpp import log
from ocpp.engine import PENDING


async def handle(core, payload):
    """Accepted when a connector is free for it; not allowed while Pending (4.2)."""
    number = payload.get("connectorId")
    connector = core.free_connector(number) if number != 0 else None
    if core.engine.registration == PENDING or connector is None:
        return {"status": "Rejected"}
    core.engine.spawn(_start, core, connector, payload["idTag"], number is None)
    return {"status": "Accepted"}


async def _start(core, connector, id_tag, floating):
    parent = None
    if core.engine.keys["AuthorizeRemoteTxRequests"]:
        status, parent = await core.authorization.authorize(id_tag)
        if status != "Accepted":
            log.warning("remote start for %s: %s", id_tag, status)
            return
    if connector.free:
        connector.claim(id_tag, parent, floating)
