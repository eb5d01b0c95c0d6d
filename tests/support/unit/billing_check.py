"""Judges the transaction messages that have arrived at a Central: nothing lost, doubled, mixed up or out of order."""

BILLING = ("StartTransaction", "MeterValues", "StopTransaction")
REASONS = ("Local", "EVDisconnected", "PowerLoss", "Reboot", "SoftReset", "HardReset")


def messages(central):
    """[(number, action, payload, messageId)] of the billing messages, each messageId once; not what was refused, for it
    comes again. The charge point counts its messages in the second part of the messageId."""
    seen, found = {}, []
    for index, (action, payload) in enumerate(central.got):
        identity = central.ids[index]
        if action not in BILLING or index in central.refused:
            continue
        if identity in seen:
            assert seen[identity] == payload, ("differs when it comes again", identity, payload)
            continue
        seen[identity] = payload
        found.append((int(identity.split(".")[1]), action, payload, identity))
    return found


def timeless(payload):
    """`payload` without its time stamps."""
    if isinstance(payload, dict):
        return {key: timeless(value) for key, value in payload.items() if key != "timestamp"}
    return [timeless(value) for value in payload] if isinstance(payload, list) else payload


def registers(elements):
    """[(timestamp, context, Wh)] of MeterValue elements."""
    found = []
    for element in elements:
        for value in element["sampledValue"]:
            if value["measurand"] == "Energy.Active.Import.Register":
                found.append((element["timestamp"], value["context"], int(value["value"])))
    return found


class Transaction:
    def __init__(self, start):
        self.start = start
        self.samples = []
        self.last = (start["timestamp"], start["meterStart"])

    def sample(self, payload):
        for timestamp, context, register in registers(payload["meterValue"]):
            assert context == "Sample.Periodic", payload
            self.samples.append((timestamp, context, register))
            self.later(timestamp, register)

    def later(self, timestamp, register):
        assert timestamp >= self.last[0] and register >= self.last[1], (self.last, timestamp, register)
        self.last = (timestamp, register)

    def stop(self, payload):
        assert payload["reason"] in REASONS, payload
        self.later(payload["timestamp"], payload["meterStop"])
        if "transactionData" in payload:
            self.data(payload, registers(payload["transactionData"]))

    def data(self, stop, entries):
        """Begin, samples that were also sent by themselves, End (E 3.14)."""
        assert entries == sorted(entries), entries
        contexts = [context for _, context, _ in entries]
        middle = entries[1:-1]
        assert contexts == ["Transaction.Begin"] + ["Sample.Periodic"] * len(middle) + ["Transaction.End"], entries
        assert entries[0][2] == self.start["meterStart"] and entries[-1][2] == stop["meterStop"], (stop, entries)
        for entry in middle:
            assert entry in self.samples, (entry, self.samples)


def check(central):
    """What has arrived is whole; the messages by number."""
    found = messages(central)
    numbers = [number for number, _, _, _ in found]
    assert all(a < b for a, b in zip(numbers, numbers[1:])), ("sent again, or out of order", numbers)
    transactions, floor = {}, {}
    for _, action, payload, identity in found:
        if action == "StartTransaction":
            transaction_id = central.transactions[identity]
            assert transaction_id not in transactions
            transactions[transaction_id] = transaction = Transaction(payload)
            assert payload["meterStart"] >= floor.get(payload["connectorId"], 0), payload
            continue
        transaction = transactions.get(payload["transactionId"])
        assert transaction, ("before its start or after its stop", payload)
        if action == "MeterValues":
            assert payload["connectorId"] == transaction.start["connectorId"], payload
            transaction.sample(payload)
        else:
            transaction.stop(payload)
            transactions[payload["transactionId"]] = None
        floor[transaction.start["connectorId"]] = transaction.last[1]
    assert not any(transactions.values()), ("not stopped", transactions)
    return {number: (action, payload) for number, action, payload, _ in found}
