"""The loop that keeps every connector safe: the first task, and the only one that feeds the watchdog."""

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const

_TICK_MS = const(20)


class Safety:
    """Ticks `evses` every 20 ms; `tick_max_ms` is the worst lateness, `error` the last exception of a tick.

    `watchdog.feed()` is called after every round that left each connector controlled or safe.
    """

    def __init__(self, evses, watchdog=None):
        self.evses = evses
        self.watchdog = watchdog
        self.tick_max_ms = 0
        self.error = None

    async def run(self):
        """Tick for ever; when cancelled, open everything."""
        due = ticks_ms()
        try:
            while True:
                now = ticks_ms()
                self.tick_max_ms = max(self.tick_max_ms, ticks_diff(now, due))
                self.step(now)
                due = ticks_add(now, _TICK_MS)
                await asyncio.sleep_ms(max(0, ticks_diff(due, ticks_ms())))
        finally:
            self.safe()

    def step(self, now):
        """Tick each connector once; one that fails is opened and faulted and does not stop the others."""
        good = True
        for evse in self.evses:
            try:
                evse.tick(now)
            except Exception as error:
                self.error = error
                try:
                    evse.crashed()
                except Exception:
                    # Not even opening works: an unfed watchdog resets the board, which lets go of its pins.
                    good = False
        if good and self.watchdog:
            self.watchdog.feed()

    def safe(self):
        """Open every contactor and switch every PWM off, at once."""
        for evse in self.evses:
            try:
                evse.safe()
            except Exception as error:
                # The next connector still has to be opened.
                self.error = error
