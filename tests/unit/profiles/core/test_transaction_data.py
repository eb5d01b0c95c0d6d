"""The samples of transactionData: as many as fit, Begin and End always (1.6 3.16, 9.1.27, E 3.14, 3.91)."""

from helpers import folder
from ocpp.clock import Clock
from ocpp.outbox import Outbox
from ocpp.outbox.era import clock_moved
from ocpp.store import Store
from profiles.core import transaction_data
from profiles.core.measurand_names import MAX_STOP_VALUES
from profiles.core.measurands import context


class Flash:
    """What transaction_data uses of the engine."""

    def __init__(self, path):
        self.store = Store(path)
        self.clock = Clock()
        self.keys = {"StopTxnSampledData": ["Energy.Active.Import.Register"], "StopTxnAlignedData": []}
        self.outbox = Outbox(self.store, self.clock, {})


def add(flash, second, name="Sample.Periodic", number=3):
    transaction_data.add(flash, number, [second, context(name), [[second, 0, 0]]])


def kept(flash, number=3):
    elements = transaction_data.elements(flash.outbox, transaction_data.kept(flash, number) or [])
    return [int(element["sampledValue"][0]["value"]) for element in elements]


def test_never_more_than_advertised_and_spread_over_the_whole():
    for count in (1, 18, 19, 20, 40, 300):
        flash = Flash(folder("td"))
        add(flash, 0, "Transaction.Begin")
        for second in range(1, count):
            add(flash, second)
            assert len(kept(flash)) <= MAX_STOP_VALUES
        add(flash, count, "Transaction.End")
        found = kept(flash)
        assert found[0] == 0 and found[-1] == count and found == sorted(set(found))
        assert len(found) <= MAX_STOP_VALUES, count
        assert len(found) == min(count + 1, MAX_STOP_VALUES), count
        gaps = [after - before for before, after in zip(found, found[1:])]
        assert max(gaps) <= max(1, count // 7), (count, found)


def test_transactions_do_not_mix():
    flash = Flash(folder("td"))
    add(flash, 1, number=1)
    add(flash, 2, number=2)
    assert kept(flash, 1) == [1] and kept(flash, 2) == [2] and kept(flash, 3) == []


def test_times_before_the_clock_was_set_are_corrected():
    """Each sample has the era in which it was taken, for a restart may have been in between."""
    path = folder("td")
    flash = Flash(path)
    add(flash, 100)
    flash = Flash(path)
    add(flash, 5)
    clock_moved(flash.outbox, flash.clock.set("2026-01-01T00:00:00Z"))
    late = flash.clock.now()
    add(flash, late)
    elements = transaction_data.elements(flash.outbox, transaction_data.kept(flash, 3))
    stamps = [element["timestamp"] for element in elements]
    assert stamps == ["2026-01-01T00:01:40Z", "2026-01-01T00:00:05Z", "2026-01-01T00:00:00Z"], stamps
