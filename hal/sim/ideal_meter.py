"""The ideal meter of a simulated connector: it shows what flows at the moment it is asked."""

from hal.meter import Meter
from hal.meter.billing import MAX_W, BillingRegister


class IdealMeter(Meter):
    """The meter of `connector`, whose register is read whenever the energy is asked for."""

    def __init__(self, connector, max_w=MAX_W):
        self._connector = connector
        self.register = BillingRegister(max_w)
        self.register.pass_time(connector.ticks())

    @property
    def ok(self):  # type: ignore[override]
        return self._connector.meter_ok

    @property
    def error(self):  # type: ignore[override]
        return None if self.ok else "no answer"

    @property
    def currents(self):  # type: ignore[override]
        return self._connector.currents

    @property
    def voltages(self):  # type: ignore[override]
        return self._connector.voltages

    @property
    def power_w(self):  # type: ignore[override]
        return self._connector.power_w

    @property
    def frequency(self):  # type: ignore[override]
        return self._connector.frequency

    @property
    def energy_wh(self):
        self._read()
        return self.register.wh

    def set_energy(self, wh, seconds=None, shown=None):
        self._connector.set_energy(wh)
        self.register.pass_time(self._connector.ticks())
        super().set_energy(wh)

    def poll(self, now):
        """Read the register, for a doubt to be confirmed or to end."""
        self._read()
        return 1000

    def _read(self):
        connector = self._connector
        self.register.take(connector.shown_wh, connector.ticks())
