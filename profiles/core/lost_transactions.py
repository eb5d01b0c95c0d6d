"""Transactions whose record on flash is missing or damaged after a restart: each is ended with what is known, reason
Other, so that its StopTransaction leaves (1.6 4.10). Charging is not resumed: a newer record may have ended it.
"""

import json

from ocpp import log
from ocpp.store.checked_lines import lines, number_of, whole
from ocpp.outbox.queued import START, STOP

_TOLD = "the record of transaction %d is missing or damaged; it is ended with what is known"


def end(core, connector, record):
    """One slot of the record is damaged, or it is older than the queue; `record` is what is left. Send no stop if it is
    in the queue already or has been delivered."""
    number = record["n"]
    log.error(_TOLD, number)
    if _is_open(core, number):
        energy = max(core.metering.register(connector), record["meter"])
        _queue(core, number, record["idTag"], energy)
    _forget(core, connector, number)


def end_all(core):
    """At the start, after all whole records were restored: end the transactions that the central system or the queue
    knows and that have no record here."""
    outbox = core.engine.outbox
    here = [connector.transaction.number for connector in core.connectors if connector.transaction]
    known = [int(number) for number in outbox.head["ids"]] + list(outbox.sessions)
    for number in sorted(set(known)):
        if number not in here and _is_open(core, number):
            log.error(_TOLD, number)
            connector, meter = _where(core, number)
            _queue(core, number, None, max(core.metering.register(connector) if connector else 0, meter))
            core.engine.store.remove("td%d" % number)
    outbox.sessions = None


def _is_open(core, number):
    """Whether the central system knows, or will know from the queue, that transaction `number` began, and no more."""
    outbox = core.engine.outbox
    if number in outbox.sessions:
        return outbox.sessions[number]
    return str(number) in outbox.head["ids"]


def _where(core, number):
    """(connector or None, register at the start or 0) of transaction `number`, as far as that is known."""
    identity = core.engine.outbox.transaction_id(number)
    if identity and len(identity) > 3:
        return core.connector(identity[2]), identity[3]
    body = _start(core.engine.outbox.journal, number)
    if body:
        return core.connector(body[0]), body[2]
    # It began under version 0.1.0.
    idle = [connector for connector in core.connectors if not connector.transaction]
    return (idle or core.connectors)[0], 0


def _start(journal, number):
    """The body of the start message of transaction `number` in the queue, or None."""
    mark = b',%d,"%s",' % (number, START.encode())
    for index in range(len(journal.segments)):
        for line in lines(journal.path(index)):
            if mark in line[:60] and whole(line) and number_of(line):
                return json.loads(line[9:-1])[4]
    return None


def _queue(core, number, id_tag, energy):
    """Queue the stop message of transaction `number`."""
    engine = core.engine
    entries = None
    if engine.store.exists("td%d" % number):
        from profiles.core import transaction_data

        entries = transaction_data.kept(engine, number)
    engine.outbox.add(number, STOP, [id_tag, energy, engine.clock.now(), "Other", entries])
    engine.outbox.sessions[number] = False


def _forget(core, connector, number):
    core.engine.store.remove("td%d" % number)
    core.engine.store.remove("tx%d" % connector.number)
