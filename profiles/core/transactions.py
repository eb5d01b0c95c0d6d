"""Transactions: started, stopped, and found again after a power cut; loaded when that happens.

The record "tx<connector>" is on flash from before the start message is queued until after the stop message is. The
transaction's own number is the number of its start message in the outbox, so the record tells after a cut at any
write whether that message was queued. The bodies of messages (see ocpp/outbox.py) are lists, short on flash:
START [connector, idTag, meterStart, time, reservationId], STOP [idTag, meterStop, time, reason, transactionData].
"""

from ocpp import log
from ocpp.on_demand import load
from ocpp.outbox import START, STOP

from .transaction import Transaction


def start(core, connector, id_tag, parent):
    """Begin a transaction at `connector`; it is on flash when this returns (1.6 4.8)."""
    outbox = core.engine.outbox
    energy = core.metering.register(connector)
    body = [connector.number, id_tag, energy, core.engine.clock.now(), None]
    record = {"n": 0, "idTag": id_tag, "parent": parent, "meter": energy, "start": body, "era": outbox.era()}
    record["n"] = outbox.next_number
    save(core, connector, record)
    outbox.add(record["n"], START, body, record["era"])
    log.info("connector %d: transaction starts for %s at %d Wh", connector.number, id_tag, energy)
    transaction = Transaction(record)
    core.metering.mark_begin(connector, transaction)
    return transaction


def ending(core, connector):
    """The transaction will be stopped as soon as no energy flows; a power cut in between changes nothing."""
    record = connector.transaction.record
    record["ending"] = connector.ending
    save(core, connector, record)


def stop(core, connector, transaction, reason, id_tag):
    """End `transaction` (1.6 4.10); its stop message is on flash when this returns."""
    core.metering.mark_end(connector, transaction)
    outbox = core.engine.outbox
    record = transaction.record
    energy = max(core.metering.register(connector), record["meter"])
    record["stop"] = [id_tag, energy, core.engine.clock.now(), reason]
    record["stop_era"] = outbox.era()
    record["stop_number"] = outbox.next_number
    save(core, connector, record)
    _queue_stop(core, connector, record)
    log.info("connector %d: transaction ends, %s, %d Wh", connector.number, reason, energy - record["meter"])


def _queue_stop(core, connector, record):
    """Queue the stop message if that was not done before a power cut; then nothing is left of the transaction here."""
    data = load("profiles.core.transaction_data")
    outbox, number = core.engine.outbox, record["n"]
    if outbox.next_number <= record["stop_number"]:
        outbox.add(number, STOP, record["stop"] + [data.kept(core.engine, number)], record["stop_era"])
    data.forget(core.engine, number)
    core.engine.store.remove(_name(connector))


def save(core, connector, record):
    """Put the record of the transaction at `connector` on flash."""
    core.engine.store.save(_name(connector), record)


def _name(connector):
    return "tx%d" % connector.number


def restore(core, connector):
    """Take up again what a restart or a power cut interrupted at `connector`."""
    outbox = core.engine.outbox
    record = core.engine.store.load(_name(connector))
    if record is None:
        return
    if outbox.next_number <= record["n"]:
        outbox.add(record["n"], START, record["start"], record["era"])
    if "stop" in record:
        _queue_stop(core, connector, record)
        return
    log.info("connector %d: transaction for %s found", connector.number, record["idTag"])
    connector.resuming = True
    transaction = Transaction(record)
    if core.metering.register(connector) == record["meter"]:
        core.metering.mark_begin(connector, transaction)  # perhaps the power went before that
    connector.session.run(connector, transaction)
    identity = outbox.transaction_id(record["n"])
    if "ending" in record:
        connector.session.stop(connector, *record["ending"])
    elif identity and "limit" not in record:
        connector.session.judged(connector, identity[1])
