"""The messages of the outbox: made when they leave, and what follows when they are answered (1.6 4.7, 4.8, 4.10)."""

from ocpp import log
from ocpp.clock import iso
from ocpp.outbox.queued import NO_ID, START, STOP, VALUES


def render(engine, kind, number, body, correction, transaction_id):
    """(action, payload) of a message of transaction `number`; `correction` in seconds for its time stamps."""
    if kind == VALUES:
        from profiles.core import measurands

        meter_value = measurands.meter_value
        message = {"connectorId": body[0], "meterValue": [meter_value(packed, correction) for packed in body[1]]}
        if number:
            message["transactionId"] = transaction_id
        return "MeterValues", message
    if kind == STOP:
        return "StopTransaction", _stop_message(engine, body, correction, transaction_id)
    connector, id_tag, meter, seconds, reservation = body
    message = {"connectorId": connector, "idTag": id_tag, "meterStart": meter, "timestamp": iso(seconds + correction)}
    if reservation is not None:
        message["reservationId"] = reservation
    return "StartTransaction", message


def _stop_message(engine, body, correction, transaction_id):
    id_tag, meter, seconds, reason = body[:4]
    # A clock that was set back meanwhile would let it end before it began.
    begun = body[4] + engine.outbox.correction(body[5]) if len(body) > 5 else 0
    entries, seconds = body[-1], max(begun, seconds + correction)
    message = {"transactionId": transaction_id, "meterStop": meter, "timestamp": iso(seconds)}
    message["reason"] = reason
    if id_tag is not None:
        message["idTag"] = id_tag
    if entries:
        from profiles.core import transaction_data

        message["transactionData"] = transaction_data.elements(engine.outbox, entries, begun)
    return message


def confirmed(core, number, kind, body, response):
    """The central system has answered a message of transaction `number` with `response`, of which any field may be
    missing; it is None when the message was given up."""
    if response is None:
        return
    info = response.get("idTagInfo", {})
    id_tag = body[1] if kind == START else body[0]
    if id_tag and "status" in info:
        from profiles.core import authorization

        authorization.learn(core.engine, id_tag, info)
    if kind == START:
        _started(core, number, response.get("transactionId", NO_ID), info)


def _started(core, number, transaction_id, info):
    for connector in core.connectors:
        transaction = connector.transaction
        if transaction and transaction.number == number:
            log.info("connector %d: transactionId %d, %s", connector.number, transaction_id, info.get("status"))
            if info.get("parentIdTag", transaction.record["parent"]) != transaction.record["parent"]:
                transaction.record["parent"] = info["parentIdTag"]
                from profiles.core import transactions

                transactions.save(core, connector, transaction.record)
            connector.session.id_tag_status_received(connector, info.get("status"))
