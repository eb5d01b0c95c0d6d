"""RemoteStopTransaction (1.6 5.12, E 3.33: Accepted means that the transaction is running and will be stopped)."""

from ocpp.engine import PENDING


async def handle(core, payload):
    """Stop the transaction with this id, reason Remote; not allowed while Pending (4.2)."""
    connector = core.connector_of(payload["transactionId"])
    if connector is None or core.engine.registration == PENDING:
        return {"status": "Rejected"}
    connector.session.stop(connector, "Remote")
    return {"status": "Accepted"}
