"""Transactions: started, stopped, and found again after a power cut; loaded when that happens.

The record "tx<connector>" is on flash from before the start message is queued until after the stop message is. The
transaction's own number is the number of its start message in the outbox, so the record tells after a cut at any
write whether that message was queued. The bodies of messages (see ocpp/outbox) are lists, short on flash:
START [connector, idTag, meterStart, time, reservationId], STOP [idTag, meterStop, time, reason, time and era of the
start, transactionData]; those of version 0.1.0 have no start.
"""

from micropython import const

from ocpp import log
from ocpp.outbox.queued import START, STOP

from profiles.core.transaction import Transaction

_RESTART_S = const(600)
_CHARGING_PROFILE = const(3)  # the position in an authorization, see session.claim()


def start(core, connector, id_tag, parent):
    """Begin a transaction at `connector`; it is on flash when this returns (1.6 4.8). When this is interrupted for want
    of memory it is called again, and so is stop()."""
    record = core.engine.store.load(_name(connector))
    if record and ("stop" in record or record["idTag"] != id_tag):
        _abandon(core, connector, record)
        record = None
    record = record or _new_record(core, connector, id_tag, parent)
    transaction = Transaction(record, core.engine.clock.jumps)
    _queue_start(core, record)
    core.engine.ask("transaction_started", record)
    from profiles.core import samples

    samples.mark(core, connector, transaction, "Transaction.Begin")
    log.info("connector %d: transaction starts for %s at %d Wh", connector.number, id_tag, record["meter"])
    return transaction


def _abandon(core, connector, record):
    """An interrupted transaction is not resumed: if its StartTransaction was queued, queue a StopTransaction with
    reason Other."""
    if "stop" not in record:
        if core.engine.outbox.next_number <= record["n"]:
            return
        core.engine.ask("transaction_started", record)
        record = _stopped(core, connector, record, None, record["meter"], "Other")
    _queue_stop(core, connector, record)


def _new_record(core, connector, id_tag, parent):
    outbox = core.engine.outbox
    energy = core.metering.register(connector)
    reservation = core.engine.ask("reservation", connector, id_tag, parent)
    body = [connector.number, id_tag, energy, core.engine.clock.now(), reservation]
    record = {"n": 0, "idTag": id_tag, "parent": parent, "meter": energy, "start": body, "era": outbox.era()}
    record["n"] = outbox.next_number
    profile = connector.authorization and connector.authorization[_CHARGING_PROFILE]
    if profile:
        core.engine.ask("charging_profile_begins", profile, connector.number, record["n"])
    save(core, connector, record)
    return record


def _queue_start(core, record):
    """Queue the start message if that was not done before a power cut."""
    if core.engine.outbox.next_number <= record["n"]:
        _add(core, record["n"], START, record["start"], record["era"])


def _add(core, *message):
    """Queue a message whose number is on flash already, so no other message may get it: if queueing fails, restart and
    recover from flash, unless the charge point has started less than 10 minutes ago."""
    try:
        core.engine.outbox.add(*message)
    except (MemoryError, OSError) as error:
        if core.engine.clock.uptime() < _RESTART_S:
            raise
        log.exception("restart", error)
        core.engine.restart()


def ending(core, connector):
    """The transaction will be stopped as soon as no energy flows; a power cut in between changes nothing."""
    record = connector.transaction.record
    record["ending"] = connector.ending
    save(core, connector, record)


def stop(core, connector, transaction, reason, id_tag):
    """End `transaction` (1.6 4.10); its stop message is on flash when this returns."""
    record = transaction.record
    if "stop" not in record:
        from profiles.core import samples

        samples.mark(core, connector, transaction, "Transaction.End")
        energy = max(core.metering.register(connector), record["meter"])
        record = transaction.record = _stopped(core, connector, record, id_tag, energy, reason)
    _queue_stop(core, connector, record)
    energy = record["stop"][1] - record["meter"]
    log.info("connector %d: transaction ends, %s, %d Wh", connector.number, reason, energy)


def _stopped(core, connector, record, id_tag, energy, reason):
    """`record` with its stop message, on flash; the one given holds until then."""
    outbox = core.engine.outbox
    record = dict(record)
    record["stop"] = [id_tag, energy, core.engine.clock.now(), reason]
    record["stop_era"] = outbox.era()
    record["stop_number"] = outbox.next_number
    save(core, connector, record)
    return record


def _queue_stop(core, connector, record):
    """Queue the stop message if that was not done before a power cut; then nothing is left of the transaction here."""
    number, name = record["n"], "td%d" % record["n"]
    from profiles.core import transaction_data

    data = transaction_data if core.engine.store.exists(name) else None
    if core.engine.outbox.next_number <= record["stop_number"]:
        entries = data.kept(core.engine, number) if data else None
        body = record["stop"] + [record["start"][3], record["era"], entries]
        _add(core, number, STOP, body, record["stop_era"])
    core.engine.store.remove(name)
    core.engine.store.remove(_name(connector))


def save(core, connector, record):
    """Put the record of the transaction at `connector` on flash."""
    core.engine.store.save(_name(connector), record)


def _name(connector):
    return "tx%d" % connector.number


def restore(core, connector):
    """Resume the transaction that a restart or a power cut interrupted at `connector`; no later message has an earlier
    time (1.6 3.7.1)."""
    outbox, store = core.engine.outbox, core.engine.store
    record = store.load(_name(connector))
    from ocpp.store import records

    damaged = records.is_damaged(store, _name(connector))
    if record is None:
        if damaged:
            store.remove(_name(connector))
        return
    core.engine.clock.not_before(record["stop"][2] if "stop" in record else record["start"][3])
    _queue_start(core, record)
    if "stop" not in record and (damaged or outbox.sessions.get(record["n"]) is False):
        from profiles.core import lost_transactions

        return lost_transactions.end(core, connector, record)
    if "stop" in record:
        _queue_stop(core, connector, record)
        return
    log.info("connector %d: transaction for %s found", connector.number, record["idTag"])
    connector.resuming = True
    transaction = Transaction(record)
    if core.metering.register(connector) == record["meter"]:
        # The power may have gone before it was queued.
        from profiles.core import samples

        samples.mark(core, connector, transaction, "Transaction.Begin")
    connector.session.run(connector, transaction)
    identity = outbox.transaction_id(record["n"])
    if "ending" in record:
        connector.session.stop(connector, *record["ending"])
    elif identity and "limit" not in record:
        connector.session.id_tag_status_received(connector, identity[1])
