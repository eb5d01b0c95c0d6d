"""What happens when an identifier is presented at the reader, and which connector a new session gets (1.6 4.1, 4.9)."""

from ocpp import log
from ocpp.on_demand import load


async def present(core, id_tag, number=None):
    """An identifier is presented at connector `number`, or anywhere: it stops what it started, gets its cable back,
    takes back its claim (4.9 B1), or claims a connector. ValueError says why nothing came of it."""
    chosen = [connector for connector in core.connectors if number in (None, connector.number)]
    if _end_own(chosen, id_tag, None):
        return
    connector = free_connector(core, number)
    if connector is None and not any([c.transaction or c.held for c in chosen]):
        raise ValueError("no connector is free")
    status, parent = await load("profiles.core.authorization").authorize(core.engine, id_tag)
    if status != "Accepted":
        raise ValueError(status)
    if _end_own(chosen, id_tag, parent):
        return
    if connector is None or not connector.free:
        raise ValueError("the connector is in use")
    connector.session.claim(connector, id_tag, parent, floating=number is None)


def _end_own(connectors, id_tag, parent):
    """End what belongs to `id_tag` or, when given, to its group `parent` (1.6 3.10); True if there was something."""
    for connector in connectors:
        if connector.transaction and connector.transaction.belongs_to(id_tag, parent):
            connector.session.stop(connector, "Local", id_tag)
            return True
        if connector.held and connector.held.belongs_to(id_tag, parent):
            connector.session.release(connector)
            return True
        claimed = connector.claimed
        if claimed and claimed[0].lower() == id_tag.lower():
            connector.session.cancel(connector)
            return True
    return False


def free_connector(core, number=None):
    """The connector that a new session gets: `number` if it is free; else one with a car that waits, else an empty one,
    else one whose session is over but whose car is still there, for that may be someone else's (E 3.20). None as well
    when there is no room on flash for another transaction."""
    if core.engine.outbox.full:
        log.error("the outbox is full: no transaction may begin")
        return None
    if number is not None:
        connector = core.connector(number)
        return connector if connector and connector.free else None
    free = [connector for connector in core.connectors if connector.free]
    if not free:
        return None
    return min(free, key=lambda connector: 2 if connector.finishing else 0 if connector.evse.plugged else 1)
