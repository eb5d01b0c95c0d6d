"""RemoteStartTransaction (1.6 5.11, E 3.32: Accepted means that it will be tried)."""

from ocpp import log
from ocpp.engine import PENDING
from ocpp.on_demand import load


async def handle(core, payload):
    """Accepted when a connector is free for it; not allowed while Pending (4.2)."""
    number = payload.get("connectorId")
    connector = load("profiles.core.presentation").free_connector(core, number)
    if core.engine.registration == PENDING or connector is None:
        return {"status": "Rejected"}
    core.engine.spawn(_start, core, connector, payload["idTag"], number is None)
    return {"status": "Accepted"}


async def _start(core, connector, id_tag, floating):
    parent = None
    if core.engine.keys["AuthorizeRemoteTxRequests"]:
        status, parent = await load("profiles.core.authorization").authorize(core.engine, id_tag)
        if status != "Accepted":
            log.warning("remote start for %s: %s", id_tag, status)
            return
    if connector.free:
        connector.session.claim(connector, id_tag, parent, floating)
