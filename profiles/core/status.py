"""StatusNotification: each change in order while online, only the present one after having been offline (1.6 4.9)."""

import asyncio

from micropython import const

from ocpp import log
from ocpp.clock import iso
from ocpp.errors import Offline
from ocpp.rpc import CallError

from .connector import AVAILABLE, NO_ERROR, UNAVAILABLE

_AGAIN_S = const(5)
_MOST = const(8)  # changes of one connector that wait to be sent; the oldest go first


class StatusReports:
    """Per connector a queue of (status, error, uptime of the change) and what the central system was told last."""

    def __init__(self, core):
        self._core = core
        self._engine = core.engine
        self.changed = asyncio.Event()
        core.engine.keys.watch("MinimumStatusDuration", self.changed.set)
        count = len(core.connectors) + 1
        self._queues = [[] for _ in range(count)]
        self._told = [None] * count

    def report(self, connector):
        """The status or the error of `connector` has changed."""
        self._put(connector.number, connector.status, connector.error)

    def all(self):
        """Tell all statuses anew, connector 0 first."""
        self._told = [None] * len(self._told)
        self.zero()
        for connector in self._core.connectors:
            self.report(connector)

    def zero(self):
        """The status of the charge point itself, connector 0."""
        self._put(0, AVAILABLE if self._core.operative else UNAVAILABLE, NO_ERROR)

    def _put(self, number, status, error):
        queue = self._queues[number]
        if not self._engine.online or len(queue) >= _MOST:
            del queue[:]
        queue.append((status, error, self._engine.clock.uptime()))
        self.changed.set()

    async def run(self):
        """Send what waits, for ever."""
        while True:
            self.changed.clear()
            next_s = None
            for number in range(len(self._queues)):
                wait = await self._send_queue(number)
                if wait and (next_s is None or wait < next_s):
                    next_s = wait
            try:
                await asyncio.wait_for(self.changed.wait(), next_s)
            except asyncio.TimeoutError:
                pass

    async def _send_queue(self, number):
        """Send what is due of one connector; the seconds after which there may be more, or 0."""
        queue = self._queues[number]
        while queue and self._engine.online:
            entry = queue[0]
            wait = self._wait(queue)
            if wait > 0:
                return wait
            if wait == 0 and entry[:2] != self._told[number]:
                self._told[number] = None  # without an answer nobody knows what has arrived
                if not await self.send(number, entry):
                    return _AGAIN_S
                self._told[number] = entry[:2]
            if entry in queue:
                queue.remove(entry)
        return 0

    def _wait(self, queue):
        """Seconds until the first entry has lasted MinimumStatusDuration, -1 when it was over before (1.6 9.1.20)."""
        duration = self._engine.keys["MinimumStatusDuration"]
        if len(queue) > 1:
            return -1 if queue[1][2] - queue[0][2] < duration else 0
        return max(0, duration - (self._engine.clock.uptime() - queue[0][2]))

    async def send(self, number, entry):
        """Tell `entry` of connector `number`; True when the central system has answered."""
        status, (code, info, vendor_code), since = entry
        clock = self._engine.clock
        payload = {"connectorId": number, "errorCode": code, "status": status}
        payload["timestamp"] = iso(clock.now() - clock.uptime() + since)
        if info:
            payload["info"] = info[:50]
        if vendor_code:
            payload["vendorErrorCode"] = vendor_code[:50]
            payload["vendorId"] = self._engine.boot_payload["chargePointVendor"]
        try:
            await self._engine.call("StatusNotification", payload, True)
        except CallError as error:
            log.warning("StatusNotification failed: %s", error)
        except Offline:
            return False
        return True
