"""RemoteStartTransaction (1.6 5.11, E 3.32: Accepted means that it will be tried)."""

import memory
from ocpp import log
from ocpp.engine.registration import PENDING


async def handle(core, payload):
    """Accepted when a connector is free and the charging profile is valid; not allowed while Pending (4.2). Without
    Smart Charging a charging profile is ignored (5.11)."""
    number, id_tag = payload.get("connectorId"), payload["idTag"]
    from profiles.core import card_presented

    connector = card_presented.possible_connector(core, number, id_tag)
    if core.engine.registration == PENDING or connector is None:
        return {"status": "Rejected"}
    profile = None
    if "chargingProfile" in payload:
        profile = core.engine.ask("checked_charging_profile", payload["chargingProfile"])
        if profile is False:
            return {"status": "Rejected"}
    core.engine.spawn(_start, core, connector, id_tag, number, profile)
    return {"status": "Accepted"}


async def _start(core, connector, id_tag, number, profile):
    parent = None
    group = not connector.session.admits(connector, id_tag)
    if core.engine.keys["AuthorizeRemoteTxRequests"] or group:
        from profiles.core import authorization

        memory.hold(__name__, 1)
        try:
            status, parent = await authorization.authorize(core, id_tag, group)
        finally:
            memory.hold(__name__, -1)
        if status != "Accepted":
            log.warning("remote start for %s: %s", id_tag, status)
            return
    from profiles.core import card_presented

    connector = card_presented.free_connector(core, number, id_tag, parent)
    if connector is None:
        log.warning("remote start for %s: the connector is in use or reserved", id_tag)
    else:
        connector.session.claim(connector, id_tag, parent, number is None, profile)
