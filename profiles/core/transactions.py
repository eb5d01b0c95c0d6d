"""Transactions: started, stopped, told to the central system through the outbox, and found again after a power cut.

The record "tx<connector>" is on flash from before the start message is queued until after the stop message is. The
transaction's own number is the number of its start message in the outbox, so the record tells after a cut at any
write whether that message was queued. The bodies of messages (see ocpp/outbox.py) are lists, short on flash:
START [connector, idTag, meterStart, time, reservationId], STOP [idTag, meterStop, time, reason].
"""

from ocpp import log
from ocpp.clock import iso
from ocpp.outbox import START, STOP, VALUES

from . import metering


class Transaction:
    def __init__(self, record):
        """`record`: {"n": number, "idTag": , "parent": , "meter": Wh at the start, "start": body,
        "era": era}, and "ending", "stop", "stop_number", "stop_era" when it ends."""
        self.record = record
        self.number = record["n"]
        self.id_tag = record["idTag"]
        self.parent = record["parent"]

    def started_by(self, id_tag):
        """True when `id_tag`, in any case, started it (idTags are case-insensitive, E 3.74)."""
        return self.id_tag.lower() == id_tag.lower()


class Transactions:
    def __init__(self, core):
        self._core = core
        self._engine = core.engine
        self._outbox = core.engine.outbox
        self._outbox.render = self._render
        self._outbox.confirmed = self._confirmed

    def start(self, connector, id_tag, parent):
        """Begin a transaction at `connector`; it is on flash when this returns (1.6 4.8)."""
        number = self._outbox.next_number
        energy = self._core.metering.register(connector)
        body = [connector.number, id_tag, energy, self._engine.clock.now(), None]
        record = {"n": number, "idTag": id_tag, "parent": parent, "meter": energy, "start": body}
        record["era"] = self._outbox.era()
        self._save(connector, record)
        self._outbox.add(number, START, body, record["era"])
        log.info("connector %d: transaction starts for %s at %d Wh", connector.number, id_tag, energy)
        return Transaction(record)

    def ending(self, connector):
        """The transaction will be stopped as soon as no energy flows; a power cut in between changes nothing."""
        record = connector.transaction.record
        record["ending"] = connector.ending
        self._save(connector, record)

    def stop(self, connector, transaction, reason, id_tag):
        """End `transaction` (1.6 4.10); its stop message is on flash when this returns."""
        energy = self._core.metering.register(connector)
        record = transaction.record
        record["stop"] = [id_tag, energy, self._engine.clock.now(), reason]
        record["stop_era"] = self._outbox.era()
        record["stop_number"] = self._outbox.next_number
        self._save(connector, record)
        self._outbox.add(transaction.number, STOP, record["stop"], record["stop_era"])
        self._engine.store.remove(_name(connector))
        log.info("connector %d: transaction ends, %s, %d Wh", connector.number, reason, energy - record["meter"])

    def _save(self, connector, record):
        self._engine.store.save(_name(connector), record)

    def restore(self, connector):
        """Take up again what a restart or a power cut interrupted."""
        record = self._engine.store.load(_name(connector))
        if record is None:
            return
        if self._outbox.next_number <= record["n"]:
            self._outbox.add(record["n"], START, record["start"], record["era"])
        if "stop" in record:
            if self._outbox.next_number <= record["stop_number"]:
                self._outbox.add(record["n"], STOP, record["stop"], record["stop_era"])
            self._engine.store.remove(_name(connector))
            return
        log.info("connector %d: transaction for %s found", connector.number, record["idTag"])
        connector.resume(Transaction(record))
        if "ending" in record:
            connector.stop(*record["ending"])
            return
        identity = self._outbox.transaction_id(record["n"])
        if identity:
            connector.judged(identity[1])

    def with_id(self, transaction_id):
        """The connector on which transaction `transaction_id` runs, or None."""
        for connector in self._core.connectors:
            if connector.transaction and self.id_of(connector.transaction) == transaction_id:
                return connector
        return None

    def id_of(self, transaction):
        """The central system's transactionId, or None while it has not come."""
        identity = self._outbox.transaction_id(transaction.number)
        return identity[0] if identity else None

    def _render(self, kind, body, correction, transaction_id):
        """(action, payload) of a message from the outbox."""
        if kind == START:
            number, id_tag, meter, seconds, reservation = body
            payload = {"connectorId": number, "idTag": id_tag, "meterStart": meter}
            if reservation is not None:
                payload["reservationId"] = reservation
            payload["timestamp"] = iso(seconds + correction)
            return "StartTransaction", payload
        if kind == VALUES:
            return "MeterValues", metering.payload(body, correction, transaction_id)
        id_tag, meter, seconds, reason = body
        payload = {"transactionId": transaction_id, "meterStop": meter, "timestamp": iso(seconds + correction)}
        payload["reason"] = reason
        if id_tag is not None:
            payload["idTag"] = id_tag
        return "StopTransaction", payload

    def _confirmed(self, number, kind, response):
        """The central system has answered a message; None when it was given up."""
        if kind != START or response is None:
            return
        status = response["idTagInfo"]["status"]
        for connector in self._core.connectors:
            if connector.transaction and connector.transaction.number == number:
                log.info("connector %d: transactionId %d, %s", connector.number, response["transactionId"], status)
                connector.judged(status)


def _name(connector):
    return "tx%d" % connector.number
