"""ChangeAvailability (1.6 5.2): kept over restarts; a running transaction is not interrupted."""

from profiles.core import availability


async def handle(core, payload):
    """Accepted, Scheduled for after the transaction, or Rejected for a connector that does not exist."""
    number, operative = payload["connectorId"], payload["type"] == "Operative"
    if number > len(core.connectors) or number < 0:
        return {"status": "Rejected"}
    chosen = core.connectors if number == 0 else [core.connector(number)]
    if number == 0:
        core.operative = operative
        if not operative:
            core.engine.ask("made_inoperative")
    for connector in chosen:
        connector.session.set_operative(connector, operative)
    availability.save(core)
    if number == 0:
        core.status.zero()
    busy = [connector for connector in chosen if connector.transaction]
    return {"status": "Scheduled" if busy and not operative else "Accepted"}
