"""RemoteStopTransaction (1.6 5.12, E 3.33: Accepted means that the transaction is running and will be stopped)."""

from ocpp.engine.registration import PENDING


async def handle(core, payload):
    """Stop the transaction with this id, reason Remote; not allowed while Pending (4.2)."""
    connector = connector_of(core, payload["transactionId"])
    if connector is None or core.engine.registration == PENDING:
        return {"status": "Rejected"}
    connector.session.stop(connector, "Remote")
    return {"status": "Accepted"}


def connector_of(core, transaction_id):
    """The connector on which the transaction with this id of the central system runs, or None."""
    for connector in core.connectors:
        if connector.transaction and core.id_of(connector.transaction) == transaction_id:
            return connector
    return None
