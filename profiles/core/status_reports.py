"""StatusNotification: each change in order while online, only the present one after having been offline (1.6 4.9)."""

import asyncio

from micropython import const


from profiles.core.statuses import AVAILABLE, NO_ERROR, UNAVAILABLE

_MAX_QUEUED = const(8)  # changes of one connector that wait to be sent; the oldest go first


class StatusReports:
    """Per connector a queue of (status, error, uptime of the change) and what the central system has received last."""

    def __init__(self, core):
        self._core = core
        self._engine = core.engine
        self.changed = asyncio.Event()
        core.engine.keys.watch("MinimumStatusDuration", self.changed.set)
        count = len(core.connectors) + 1
        self._queues = [[] for _ in range(count)]  # type: list
        self._last_sent = [None] * count

    def report(self, connector):
        """The status or the error of `connector` has changed."""
        self._put(connector.number, connector.status, connector.error)

    def all(self):
        """Send all statuses again, connector 0 first."""
        self._last_sent[:] = [None] * len(self._last_sent)
        self.zero()
        for connector in self._core.connectors:
            self.report(connector)

    def zero(self, error=NO_ERROR):
        """The status of the charge point itself, connector 0."""
        if error is NO_ERROR and self._engine.store.waiting:
            from profiles.core import connector_status

            error = connector_status.STORAGE
        self._put(0, AVAILABLE if self._core.operative else UNAVAILABLE, error)

    def _put(self, number, status, error):
        queue = self._queues[number]
        if not self._engine.online or len(queue) >= _MAX_QUEUED:
            del queue[:]
        queue.append((status, error, self._engine.clock.uptime()))
        self.changed.set()

    async def run(self):
        """Send the queued statuses, for ever."""
        while True:
            self.changed.clear()
            next_s = None
            for number in range(len(self._queues)):
                wait = 0
                if self._queues[number]:
                    wait = await self._send(number)
                if wait and (next_s is None or wait < next_s):
                    next_s = wait
            try:
                await asyncio.wait_for(self.changed.wait(), next_s)
            except asyncio.TimeoutError:
                pass

    async def _send(self, number):
        """The result of status_sending.send(). A function of its own, for run() would keep that module in memory."""
        from profiles.core import status_sending

        return await status_sending.send(self._engine, self._queues[number], self._last_sent, number)
