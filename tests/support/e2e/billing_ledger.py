"""Judges the transaction messages of a charge point over all its starts and connections, as a central system
that bills would: nothing lost, doubled, out of order, or for the wrong transaction (1.6 3.7, E 3.18, 3.78)."""

import json

from answers import CallError
from ocpp_schemas import parse_time

START, VALUES, STOP = "StartTransaction", "MeterValues", "StopTransaction"
NO_ID = -1
RANGE = 10**6  # Wh from the register of one connector to that of the next, so that a register tells whose it is


class Entry:
    """One message, however often it was sent."""

    def __init__(self, message):
        self.tries = [message]
        self.action, self.content = message.action, dict(message)

    @property
    def errors(self):
        return sum(isinstance(message.answer, CallError) for message in self.tries)

    @property
    def confirmations(self):
        return [m for m in self.tries if m.answer is not None and not isinstance(m.answer, CallError)]

    def settled(self, message_id):
        """It was confirmed under another messageId: this is another message, of the same content."""
        return self.confirmations and all(message.id != message_id for message in self.tries)

    def refused(self, message_id):
        return any(isinstance(m.answer, CallError) for m in self.tries if m.id == message_id)


class Session:
    def __init__(self, start, transaction_id, attempts):
        self.start = start.content
        self.register = start.content["meterStart"]
        self.stop = None
        # Both when a confirmation was sent but perhaps not received before the message was given up.
        self.ids = {transaction_id} if start.confirmations else set()
        if start.errors >= attempts:
            self.ids.add(NO_ID)


class Ledger:
    """`faults` is what is wrong, in words; `sessions` and `entries` are what was reported. `timeout`: the seconds after
    which the charge point takes a CALL for unanswered; `attempts`: TransactionMessageAttempts."""

    def __init__(self, csms, connectors, timeout, attempts):
        self.faults, self.sessions, self.entries = [], [], []
        self._ids = {json.dumps(start, sort_keys=True): number for number, start in csms.transactions.items()}
        self._attempts = attempts
        self._open = dict.fromkeys(range(1, connectors + 1))
        self._register = dict.fromkeys(self._open)
        self._time = None
        self._collect(list(csms.calls), timeout)
        for entry in self.entries:
            self._post(entry)
        for session in self._open.values():
            self._require(session is None, "no stop for %s", session and session.start)

    def _require(self, condition, text, *values):
        if not condition:
            self.faults.append(text % values)

    # What was sent how often

    def _collect(self, calls, timeout):
        """The entries: tries of one message follow each other, for the charge point sends them in order."""
        confirmed = self._surely_confirmed(calls, timeout)
        seen = {}
        same = 0
        for message in calls:
            if message.action not in (START, VALUES, STOP):
                continue
            entry = self.entries[-1] if self.entries else None
            if entry and (entry.action, entry.content) == (message.action, dict(message)):
                if message.action == VALUES and entry.settled(message.id):
                    same += 1
                    self.entries.append(Entry(message))
                else:
                    self._again(entry, message, confirmed)
                continue
            if entry:
                self._left_behind(entry)
            key = json.dumps([message.action, message], sort_keys=True)
            # Between two alike of one connector there may be one of another.
            alike = message.action == VALUES and key in seen and message.id != seen[key]
            same += alike
            self._require(alike or key not in seen, "%s is told again: %s", message.action, dict(message))
            seen[key] = message.id
            self.entries.append(Entry(message))
        if self.entries:
            self._left_behind(self.entries[-1])
        # A restart within a second, and two samples may be alike; the clock of one start does not stand still.
        starts = sum(message.action == "BootNotification" for message in calls)
        self._require(same < max(1, starts), "%d times two MeterValues are alike", same)

    def _surely_confirmed(self, calls, timeout):
        """The ids (of the objects) of messages whose answer has arrived: on the same connection the charge point has
        sent another CALL, long before it would have given up waiting (OCPP-J 4.1.1)."""
        return {
            id(message)
            for message, following in zip(calls, calls[1:], strict=False)
            if message.answer is not None
            and not isinstance(message.answer, CallError)
            and message.connection == following.connection
            and following.at - message.at < timeout / 2
        }

    def _again(self, entry, message, confirmed):
        before = entry.tries[-1]
        self._require(id(before) not in confirmed, "sent although it was confirmed: %s", dict(message))
        same = message.id == before.id or entry.refused(before.id)
        self._require(same, "sent again as %s instead of %s: %s", message.id, before.id, dict(message))
        entry.tries.append(message)

    def _left_behind(self, entry):
        """The charge point has gone on to the next message."""
        done = entry.confirmations or entry.errors >= self._attempts
        self._require(done, "given up after %d errors: %s", entry.errors, entry.content)

    # What it says

    def _post(self, entry):
        {START: self._start, VALUES: self._values, STOP: self._stop}[entry.action](entry)

    def _start(self, entry):
        content = entry.content
        number = content["connectorId"]
        self._require(self._open[number] is None, "started before the one before was stopped: %s", content)
        last = self._register[number]
        self._require(last in (None, content["meterStart"]), "energy without a transaction since %s: %s", last, content)
        self._advance(number, content["meterStart"], content["timestamp"], content)
        transaction_id = self._ids.get(json.dumps(content, sort_keys=True))
        self._open[number] = Session(entry, transaction_id, self._attempts)
        self.sessions.append(self._open[number])

    def _values(self, entry):
        content = entry.content
        self._belongs(content["connectorId"], content)
        for value in content["meterValue"]:
            self._advance(content["connectorId"], _energy(value), value["timestamp"], content)

    def _stop(self, entry):
        content = entry.content
        number = content["meterStop"] // RANGE
        session = self._belongs(number, content)
        self._advance(number, content["meterStop"], content["timestamp"], content)
        if session:
            self._transaction_data(session, content)
            session.stop = content
            self._open[number] = None

    def _belongs(self, number, content):
        """The session on which connector `number` is; its transactionId is that of all its messages."""
        session = self._open.get(number)
        if session is None:
            self._require(False, "without a transaction: %s", content)
            return None
        self._require(content["transactionId"] in session.ids, "belongs to %s: %s", session.ids, content)
        session.ids = {content["transactionId"]}
        return session

    def _transaction_data(self, session, content):
        """E 3.14: from Transaction.Begin to Transaction.End, within the transaction, ascending."""
        data = content.get("transactionData", [])
        registers = [session.start["meterStart"], *map(_energy, data), content["meterStop"]]
        self._require(registers == sorted(registers), "transactionData runs backwards: %s", content)
        times = [parse_time(value["timestamp"]) for value in data]
        self._require(times == sorted(times), "transactionData is not in order: %s", content)
        if data:
            ends = [value["sampledValue"][0]["context"] for value in (data[0], data[-1])]
            self._require(ends == ["Transaction.Begin", "Transaction.End"], "not from begin to end: %s", content)

    def _advance(self, number, register, timestamp, content):
        """E 3.78: a register is monotonic; 3.7.1: messages come in chronological order, over all connectors."""
        last = self._register.get(number)
        self._require(last is None or register >= last, "register below %s: %s", last, content)
        self._register[number] = register
        time = parse_time(timestamp)
        self._require(self._time is None or time >= self._time, "time before %s: %s", self._time, content)
        self._time = time


def _energy(meter_value):
    return next(int(s["value"]) for s in meter_value["sampledValue"] if s["measurand"].startswith("Energy"))
