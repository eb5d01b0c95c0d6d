"""Decides when meter values are taken (1.6 3.16, 4.7, E 3.15, 3.16); the code that takes them is loaded each time."""

from ocpp import log
import memory

# The record of the energy registers: [Wh of connector 1, ..., time]; [Wh, what the meter showed] if that differs.
REGISTERS = "meter"


def _entry(register):
    """The entry of a BillingRegister in the record."""
    return register.wh if register.wh == register.shown else [register.wh, register.shown]


class Metering:
    def __init__(self, core):
        self._core = core
        self._engine = core.engine
        self._stored = None
        self._last = [0] * (len(core.connectors) + 1)  # uptime of the last periodic sample
        self._averages = None
        self._doubts = [None] * len(core.connectors)

    def register(self, connector):
        """The energy register in Wh; what a message carries is on flash first, so it never runs backwards (E 3.78)."""
        self.aligned()
        meters = [c.evse.devices.meter for c in self._core.connectors]
        registers = [meter.energy_wh for meter in meters]
        if registers != self._stored:
            self._stored = registers
            record = [_entry(meter.register) for meter in meters]
            self._engine.store.save(REGISTERS, record + [self._engine.clock.now()])
        return registers[connector.number - 1]

    def begin(self, connector):
        """A transaction runs: its sampling interval starts now, and averages count from now (9.1.5)."""
        self._last[connector.number] = self._engine.clock.uptime()
        if self._averages:
            self._averages.restart(connector.number)

    def check_time(self):
        """Once a second see what is due."""
        self._log_doubts()
        self.aligned()
        self._sampled()

    def aligned(self):
        """Take clock-aligned values if they are due. Called before any other register is read for a message, which has
        a later time and must not be lower."""
        interval = self._engine.keys["ClockAlignedDataInterval"]
        if not interval or not self._engine.clock.synced:
            self._averages = None
            return
        if self._averages is None:
            from profiles.core import clock_aligned

            self._averages = clock_aligned.Averages(self._core)
        self._averages.second(interval)

    def _log_doubts(self):
        """Log energy that was not billed, beside the warning to the central system."""
        for index, connector in enumerate(self._core.connectors):
            doubt = connector.evse.devices.meter.doubt
            if doubt != self._doubts[index]:
                self._doubts[index] = doubt
                if doubt:
                    log.warning("connector %d: meter: %s", connector.number, doubt)

    def _sampled(self):
        interval = self._engine.keys["MeterValueSampleInterval"]
        now = self._engine.clock.uptime()
        for connector in self._core.connectors:
            late = now - self._last[connector.number] - interval
            if connector.transaction and interval and late >= 0:
                self._last[connector.number] = now - late % interval
                from profiles.core import samples

                samples.periodic(self._core, connector)
                memory.look()
