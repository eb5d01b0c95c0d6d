"""Clock-aligned values, told at the end of each interval of the day with its start as time stamp (1.6 3.16.2, 9.1.5):
the register as it was then (E 3.78), everything else averaged over the interval. Loaded while ClockAlignedDataInterval
is not 0."""

from ocpp.on_demand import load

from .measurands import ENERGY, sample

_CONTEXT = "Sample.Clock"


class Averages:
    def __init__(self, core):
        self._core = core
        self._keys = core.engine.keys
        count = len(core.connectors) + 1
        self._start = None  # time at which the running interval began
        self._totals = [None] * count  # sums of each second's values since then
        self._counts = [0] * count
        self._begun = [0] * count  # time at which the running transaction began, as far as this counts
        for connector in core.connectors:
            if connector.transaction:
                self.restart(connector.number)

    def restart(self, number):
        """Count anew at connector `number`: a transaction begins, and its first interval is a part of one."""
        self._totals[number] = None
        self._begun[number] = self._core.engine.clock.now()

    def second(self, interval):
        """Add this second; when an interval of `interval` seconds is over, queue its values."""
        now = self._core.engine.clock.now()
        start = now - now % 86400 % interval
        if start != self._start:
            if self._start is not None:
                for number in range(len(self._totals)):
                    self._over(number)
            self._start = start
        for number in range(len(self._totals)):
            self._add(number)

    def _add(self, number):
        names = self._keys["MeterValuesAlignedData"]
        names = names + [name for name in self._keys["StopTxnAlignedData"] if name not in names]
        evses = [connector.evse for connector in self._core.connectors if number in (0, connector.number)]
        values = sample(evses, names, _CONTEXT, 0)[2]
        totals = self._totals[number]
        if totals is None or [value[1:] for value in totals] != [value[1:] for value in values]:
            self._totals[number], self._counts[number] = values, 1
            return
        self._counts[number] += 1
        for total, value in zip(totals, values):
            if value[1] != ENERGY:
                total[0] += value[0]

    def _over(self, number):
        totals, self._totals[number] = self._totals[number] or [], None
        for total in totals:
            if total[1] != ENERGY:
                total[0] //= self._counts[number]
        connector = self._core.connector(number)
        start = max(self._start, self._begun[number])
        values = self._chosen(start, totals, "MeterValuesAlignedData")
        if values:
            load("profiles.core.samples").queue(self._core, number, values)
        values = self._chosen(start, totals, "StopTxnAlignedData")
        if values and connector and connector.transaction:
            load("profiles.core.transaction_data").add(self._core.engine, connector.transaction.number, values)

    def _chosen(self, start, totals, key):
        """The sample of the measurands that `key` lists, or None."""
        measurands = load("profiles.core.measurands")
        values = [total for total in totals if measurands.MEASURANDS[total[1]] in self._keys[key]]
        return [start, measurands.context(_CONTEXT), values] if values else None
