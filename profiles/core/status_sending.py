"""Sends the queued StatusNotifications of one connector; loaded when there are some (1.6 4.9, 9.1.20)."""

from micropython import const

from ocpp import log
from ocpp.clock import iso
from ocpp.errors import CallError, Offline

_RETRY_S = const(5)


async def send(engine, queue, last_sent, number):
    """Send the entries of the `queue` of connector `number` that are due, and note in `last_sent` those that were
    answered. Returns the seconds until the next one is due, or 0."""
    while queue and engine.online:
        entry = queue[0]
        wait = _wait(engine, queue)
        if wait > 0:
            return wait
        if wait == 0 and entry[:2] != last_sent[number]:
            last_sent[number] = None  # without an answer nobody knows what has arrived
            if not await notify(engine, number, entry):
                return _RETRY_S
            last_sent[number] = entry[:2]
        if entry in queue:
            queue.remove(entry)
    return 0


def _wait(engine, queue):
    """Seconds until the first entry has lasted MinimumStatusDuration, -1 when it was over before."""
    duration = engine.keys["MinimumStatusDuration"]
    if len(queue) > 1:
        return -1 if queue[1][2] - queue[0][2] < duration else 0
    return max(0, duration - (engine.clock.uptime() - queue[0][2]))


async def notify(engine, number, entry):
    """Send a StatusNotification of `entry` for connector `number`, while Pending too if TriggerMessage asked for it.
    True when it was answered."""
    status, (code, info, vendor_code), since = entry
    clock = engine.clock
    payload = {"connectorId": number, "errorCode": code, "status": status}
    payload["timestamp"] = iso(clock.now() - clock.uptime() + since)
    if info:
        payload["info"] = info[:50]
    if vendor_code:
        payload["vendorErrorCode"] = vendor_code[:50]
        payload["vendorId"] = engine.boot_payload["chargePointVendor"]
    try:
        await engine.call("StatusNotification", payload, True)
    except CallError as error:
        log.warning("StatusNotification failed: %s", error)
    except Offline:
        return False
    return True
