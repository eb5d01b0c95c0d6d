"""The central system's book of transactions: hands out ids and says what does not fit together."""

from dataclasses import dataclass, field


@dataclass
class Transaction:
    """One transaction; energies in Wh as the charge point reported them, meter_stop None while it runs."""

    id: int
    charge_point: str
    connector: int
    id_tag: str
    meter_start: int
    started: str
    meter_last: float
    meter_stop: int | None = None
    stopped: str | None = None
    reason: str = "Local"
    problems: list = field(default_factory=list)

    @property
    def energy(self):
        """Wh between start and stop, or up to the last meter value while it runs."""
        end = self.meter_last if self.meter_stop is None else self.meter_stop
        return end - self.meter_start


class Book:
    """All transactions since the central system was started, of all charge points."""

    def __init__(self, first_id=1):
        self._next = first_id
        self.transactions = {}

    def running(self, charge_point):
        """The transactions of one charge point that have not stopped, in order of their ids."""
        return [t for t in self.transactions.values() if t.charge_point == charge_point and t.stopped is None]

    def start(self, charge_point, request):
        """Book a StartTransaction.req; returns (Transaction, list of problems).

        A request that is repeated because its answer got lost (4.8, OCPP-J 4.1.4) gets the same transaction.
        """
        repeated = self._same_start(charge_point, request)
        if repeated:
            return repeated, ["repeated: this start is transaction %d already" % repeated.id]
        connector = request["connectorId"]
        problems = ["connector %d already runs transaction %d" % (connector, t.id)
                    for t in self.running(charge_point) if t.connector == connector]
        new = Transaction(self._next, charge_point, connector, request["idTag"], request["meterStart"],
                          request["timestamp"], request["meterStart"])
        self._next += 1
        self.transactions[new.id] = new
        new.problems += problems
        return new, problems

    def _same_start(self, charge_point, request):
        wanted = (request["connectorId"], request["idTag"], request["meterStart"], request["timestamp"])
        for t in self.running(charge_point):
            if (t.connector, t.id_tag, t.meter_start, t.started) == wanted:
                return t
        return None

    def find(self, charge_point, transaction_id):
        """(Transaction or None, list of problems) for an id that a charge point names."""
        if transaction_id == -1:
            return None, ["transaction -1: the charge point got no id for it (errata 3.18)"]
        found = self.transactions.get(transaction_id)
        if found is None:
            return None, ["transaction %s was never started here" % transaction_id]
        if found.charge_point != charge_point:
            return None, ["transaction %d belongs to %s" % (transaction_id, found.charge_point)]
        return found, []

    def meter(self, charge_point, request, energy):
        """Book the energy in Wh (or None) of a MeterValues.req; returns a list of problems."""
        if request.get("transactionId") is None:
            return []
        found, problems = self.find(charge_point, request["transactionId"])
        if found is None:
            return problems
        if found.connector != request["connectorId"]:
            problems.append("transaction %d runs on connector %d, not %d"
                            % (found.id, found.connector, request["connectorId"]))
        if found.stopped is not None:
            problems.append("transaction %d has stopped already" % found.id)
        if energy is not None:
            if energy < found.meter_last:
                problems.append("the meter went back from %.0f Wh to %.0f Wh" % (found.meter_last, energy))
            found.meter_last = energy
        found.problems += problems
        return problems

    def stop(self, charge_point, request):
        """Book a StopTransaction.req; returns (Transaction or None, list of problems)."""
        found, problems = self.find(charge_point, request["transactionId"])
        if found is None:
            return None, problems
        end = (request["meterStop"], request["timestamp"])
        if found.stopped is not None:
            if end == (found.meter_stop, found.stopped):
                return found, ["repeated: this stop is booked already"]
            return found, ["transaction %d has stopped already" % found.id]
        if request["meterStop"] < found.meter_start:
            problems.append("meterStop %d Wh is less than meterStart %d Wh" % (end[0], found.meter_start))
        elif request["meterStop"] < found.meter_last:
            problems.append("meterStop %d Wh is less than the last meter value, %.0f Wh"
                            % (end[0], found.meter_last))
        found.meter_stop, found.stopped = end
        found.reason = request.get("reason", "Local")
        found.problems += problems
        return found, problems
