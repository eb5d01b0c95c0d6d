"""The energy meters: one driver a file, all of them a `Meter`."""

import asyncio
from time import ticks_diff, ticks_ms


class Meter:
    """What every meter tells: Wh, W, 1/10 A and 1/10 V for each phase, 1/100 Hz.

    An empty list, or None as `frequency`, is not measured. `ok`: the meter answers; without it the last values stay
    and are `stale`, and `error` says in a few words why. `energy_wh` never falls.
    """

    ok = False
    error = "no answer yet"
    energy_wh = power_w = _offset = 0
    frequency = None

    def __init__(self, phases):
        self.currents = [0] * phases
        self.voltages = [0] * phases

    @property
    def stale(self):
        return not self.ok

    def set_energy(self, wh):
        """Continue from the register `wh` (Wh) that was stored, at the start."""
        self.energy_wh = wh
        self._offset = 0

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

    def _register(self, wh):
        # A register below the last is another meter's, or was reset: the count goes on from where it was.
        self._offset = max(self._offset, self.energy_wh - wh)
        self.energy_wh = wh + self._offset

    def _estimate(self, volts):
        # Without currents of its own: the power on all phases alike, for the supervision of overcurrent.
        phases = len(self.currents)
        for phase in range(phases):
            self.currents[phase] = self.power_w * 10 // (volts * phases)
