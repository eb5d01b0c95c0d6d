"""The transactionData of StopTransaction.req (1.6 3.16, E 3.14, 3.91).

Samples kept on flash while a transaction runs and until its stop message is confirmed, in the record "td<number of the
transaction>". An entry is a sample as in measurands.py with its era (ocpp/outbox.py) appended."""

from .configuration import MAX_STOP_VALUES
from .measurands import context, meter_value


def add(engine, number, packed):
    """Keep `packed` for transaction `number`; of too many, every second in the middle goes, never Begin or End."""
    entries = engine.store.load("td%d" % number, [])
    entries.append(packed + [engine.outbox.era()])
    if len(entries) > MAX_STOP_VALUES:
        fixed = context("Transaction.Begin"), context("Transaction.End")
        entries = [e for i, e in enumerate(entries) if i % 2 == 0 or e[1] in fixed or i == len(entries) - 1]
    engine.store.save("td%d" % number, entries)


def elements(engine, number):
    """The MeterValue elements of transaction `number`; [] when none were asked for."""
    return [
        meter_value(entry, engine.outbox.correction(entry[3])) for entry in engine.store.load("td%d" % number, [])
    ]
