"""The transactionData of StopTransaction.req (1.6 3.16, E 3.14, 3.91).

Samples kept on flash while a transaction runs, in the record "td<number of the transaction>", and then with its stop
message in the outbox. An entry is a sample as in measurands.py with its era (ocpp/outbox) appended."""

from profiles.core.measurand_names import MAX_STOP_VALUES
from profiles.core.measurands import BEGIN, END, meter_value


def add(engine, number, packed):
    """Keep `packed` for transaction `number`. When there are too many, the one goes that lies closest between its
    neighbours in time, so that what is left is spread over the whole; never the first or the last, Begin and End."""
    entries = engine.store.load("td%d" % number, [])
    # After a power cut what was kept just before may come again.
    if packed[1] == BEGIN and entries:
        return
    if entries and entries[-1][1] == END:
        entries.pop()
    entries.append(packed + [engine.outbox.era()])
    if len(entries) > MAX_STOP_VALUES:
        middle = range(1, len(entries) - 1)
        del entries[min(middle, key=lambda i: entries[i + 1][0] - entries[i - 1][0])]
    engine.store.save("td%d" % number, entries)


def kept(engine, number):
    """The entries of transaction `number`, or None when none are asked for (any more, E 3.13)."""
    asked = engine.keys["StopTxnSampledData"] or engine.keys["StopTxnAlignedData"]
    return engine.store.load("td%d" % number) if asked else None


def elements(outbox, entries, begun=0):
    """The MeterValue elements of `entries`, none with a time before `begun`, that of the start message."""
    return [meter_value(entry, max(outbox.correction(entry[3]), begun - entry[0])) for entry in entries]
