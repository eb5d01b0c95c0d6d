"""Sends a message of the outbox and takes its confirmation; loaded when there is one (1.6 3.7.1)."""

from ocpp import log
from ocpp.outbox.journal_lines import ends
from ocpp.errors import CallError, OcppError
from ocpp.outbox.queued import NO_ID, START, STOP, VALUES


async def deliver(outbox, record, call):
    """Send `record`, the first of the outbox, and remove it once its answer is final; Offline without an answer. `call`
    as in Outbox.run(). Returns the seconds to wait before the next try, or None."""
    number, era, transaction, kind, body = record
    identity = outbox.transaction_id(transaction)
    transaction_id = identity[0] if identity else NO_ID
    try:
        action, payload = outbox.render(kind, transaction, body, outbox.correction(era), transaction_id)
    except (ValueError, TypeError, LookupError) as error:
        log.error("message %d of the queue cannot be made and is left out: %r", number, error)
        done(outbox, record, None)
        return None
    # The number of a message that was in memory only may come again after a power cut; its messageId must not (J 3.1).
    nonce = outbox.nonce if number in outbox.journal.loose else outbox.head["nonce"]
    message_id = "%s.%d.%d" % (nonce, number, outbox.head["failures"])
    try:
        response = await call(action, payload, message_id)
    except (CallError, OcppError) as error:
        from ocpp.outbox import refused

        wait = refused.failed(outbox, record, action, error)
        if wait is not None:
            return wait
        response = None
    if kind == VALUES and response is not None:
        outbox.values_refused = False
    done(outbox, record, response)
    outbox.confirmed(transaction, kind, body, response)
    return None


def done(outbox, record, response):
    """`record` has been answered with `response`, of which any field may be missing, or, with None, been refused for
    the last time."""
    number, _, transaction, kind, body = record
    head = outbox.head
    outbox.look_again()  # the journal has been given messages meanwhile
    if kind == STOP:
        head["ids"].pop(str(transaction), None)
    elif kind == START and response is not None:
        # Without a transactionId the later messages carry NO_ID (E 3.18); without a status nothing speaks against the
        # idTag.
        status = response.get("idTagInfo", {}).get("status")
        where = list(body[:1]) + list(body[2:3])  # connector and meterStart
        head["ids"][str(transaction)] = [response.get("transactionId", NO_ID), status] + where
    head["next"] = number + 1
    head["gaps"] = outbox.journal.next - number - outbox.journal.count
    if ends(outbox.journal):
        head["segment"] = 0
    head["failures"] = 0
    outbox.save()
    outbox.journal.taken()
