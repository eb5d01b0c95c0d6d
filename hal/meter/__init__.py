"""The energy meters: one driver a file, all of them a `Meter`."""

import asyncio
from time import ticks_diff, ticks_ms

from hal.meter.billing import MARGIN_WH, MAX_W, BillingRegister


class Meter:
    """The base of every meter. Units: Wh, W, 1/10 A and 1/10 V for each phase, 1/100 Hz.

    An empty list, or None as `frequency`, is not measured. `ok`: the meter answers; without it the last values stay
    and are `stale`, and `error` says in a few words why. `energy_wh` never falls, and what cannot have flowed is not in
    it: `doubt` says then for a minute what was not billed. `max_w`, `margin_wh` as in billing.py.
    """

    measures = True  # energy and power
    estimates = False  # the currents, from the power

    def __init__(self, phases, max_w=MAX_W, margin_wh=MARGIN_WH):
        self.ok = False
        self.error = "no answer yet"
        self.power_w = 0
        self.frequency = None
        self.currents = [0] * phases
        self.voltages = [0] * phases
        self.register = BillingRegister(max_w, margin_wh)

    @property
    def energy_wh(self):
        return self.register.wh

    @property
    def doubt(self):
        return self.register.doubt

    @property
    def stale(self):
        return not self.ok

    def set_energy(self, wh, seconds=None, shown=None):
        """Continue from the register `wh` (Wh) that was stored, at the start. `seconds`: how long energy may have been
        delivered after that, None if that is unknown. `shown`: the register in a meter that has one of its own."""
        self.register.start(wh, seconds)

    def poll(self, now):
        """One step at `now` (ticks_ms), never longer than a few ms; returns in how many ms to come again."""
        return 1000

    async def run(self):
        """Poll for ever; for the board to make a task of."""
        while True:
            now = ticks_ms()
            wait = self.poll(now)
            await asyncio.sleep_ms(max(0, wait - ticks_diff(ticks_ms(), now)))

    def _fail(self, error):
        self.ok = False
        self.error = error

    def _good(self):
        self.ok = True
        self.error = None

    def _estimate(self, volts):
        # Without currents of its own: the power on all phases alike, for the supervision of overcurrent.
        phases = len(self.currents)
        for phase in range(phases):
            self.currents[phase] = self.power_w * 10 // (volts * phases)
