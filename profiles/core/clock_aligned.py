"""Clock-aligned values (1.6 3.16.2, 9.1.5), taken at each multiple of the interval since midnight and stamped with that
moment: the register as it is then (E 3.78), everything else averaged over the interval that ends there.

9.1.5 asks for the time at which the interval began. A register with that stamp would be too high for it, and seem to
run backwards beside the other messages; so the stamp is that of the reading, as "Sample.Clock" says (7.37). Loaded
while ClockAlignedDataInterval is not 0."""

from profiles.core.measurands import ENERGY, sample

_CONTEXT = "Sample.Clock"


class Averages:
    def __init__(self, core):
        self._core = core
        self._keys = core.engine.keys
        from profiles.core import samples

        self._numbers = samples.reporting(core)
        count = len(core.connectors) + 1
        self._moment = self._interval = None  # the aligned moment that was last, and by which interval
        self._totals = [None] * count  # sums of each second's values since then
        self._counts = [0] * count

    def restart(self, number):
        """Restart the averages of connector `number`: a transaction begins, and its first interval is a part of one
        (9.1.5)."""
        self._totals[number] = None

    def second(self, interval):
        """Add this second; at a multiple of `interval` seconds queue the values."""
        now = self._core.engine.clock.now()
        moment = now - now % 86400 % interval
        # The first moment only begins an interval; so does the first one after the clock was set back.
        due = interval == self._interval and moment > self._moment
        self._moment, self._interval = moment, interval
        for number in self._numbers:
            if due:
                self._take(number, moment)
            self._add(number)

    def _sample(self, number):
        names = self._keys["MeterValuesAlignedData"]
        names = names + [name for name in self._keys["StopTxnAlignedData"] if name not in names]
        evses = [connector.evse for connector in self._core.connectors if number in (0, connector.number)]
        return sample(evses, names, _CONTEXT, 0)[2]

    def _add(self, number):
        values, totals = self._sample(number), self._totals[number]
        if not _alike(totals, values):
            self._totals[number], self._counts[number] = values, 1
            return
        self._counts[number] += 1
        for total, value in zip(totals, values):
            total[0] += value[0]

    def _averaged(self, number):
        values, totals = self._sample(number), self._totals[number]
        self._totals[number] = None
        if _alike(totals, values):
            for value, total in zip(values, totals):
                if value[1] != ENERGY:
                    value[0] = total[0] // self._counts[number]
        return values

    def _take(self, number, moment):
        """Queue and keep what the two lists ask for."""
        averaged = self._averaged(number)
        connector = self._core.connector(number)
        values = self._chosen(moment, averaged, "MeterValuesAlignedData")
        if values:
            from profiles.core import samples

            samples.queue(self._core, number, values)
        values = self._chosen(moment, averaged, "StopTxnAlignedData")
        if values and connector and connector.transaction:
            from profiles.core import transaction_data

            transaction_data.add(self._core.engine, connector.transaction.number, values)

    def _chosen(self, moment, averaged, key):
        """The sample of the measurands that `key` lists, or None."""
        from profiles.core import measurands

        values = [value for value in averaged if measurands.MEASURANDS[value[1]] in self._keys[key]]
        return [moment, measurands.context(_CONTEXT), values] if values else None


def _alike(totals, values):
    """Whether both are of the same measurands and phases."""
    return totals is not None and [total[1:] for total in totals] == [value[1:] for value in values]
