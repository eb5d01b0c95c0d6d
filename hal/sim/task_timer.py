"""The timer of the safety loop where there is none in hardware."""

import asyncio
from time import ticks_add, ticks_diff, ticks_ms


class TaskTimer:
    """Stands in for machine.Timer: calls its function from a task."""

    PERIODIC = None

    def __init__(self):
        self._task = None

    def init(self, mode, period, callback):
        """Call `callback` with one argument every `period` ms, from now on or from the start of the event loop."""
        self._task = asyncio.create_task(self._run(period, callback))

    async def _run(self, period, callback):
        due = ticks_ms()
        while True:
            callback(self)
            due = ticks_add(due, period)
            if ticks_diff(ticks_ms(), due) > period:
                due = ticks_ms()
            await asyncio.sleep_ms(max(0, ticks_diff(due, ticks_ms())))

    def deinit(self):
        """End that."""
        if self._task:
            try:
                self._task.cancel()
            except RuntimeError:
                pass  # Ctrl-C has ended it, and there is no other turn of it
