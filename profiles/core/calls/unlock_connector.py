"""UnlockConnector (1.6 5.18, E 3.87): a running transaction is stopped first, reason UnlockCommand."""

import asyncio
import time

from micropython import const

_PATIENCE_MS = const(15000)  # contactor and motor of the lock


async def handle(core, payload):
    """Unlocked, UnlockFailed, or NotSupported for an unknown connector or one without a lock. Answer UnlockFailed as
    soon as the contactor turns out to be welded, or the lock has not moved at the second try."""
    connector = core.connector(payload["connectorId"])
    if connector is None or not connector.evse.lock.fitted:
        return {"status": "NotSupported"}
    evse = connector.evse
    started = time.ticks_ms()
    connector.session.stop(connector, "UnlockCommand")
    while connector.transaction and not evse.faults.welded and _patient(started):
        await asyncio.sleep_ms(20)
    connector.session.unlock(connector)
    while evse.locked and not (evse.lock.stuck or evse.faults.welded) and _patient(started):
        await asyncio.sleep_ms(20)
    return {"status": "UnlockFailed" if evse.locked else "Unlocked"}


def _patient(started):
    return time.ticks_diff(time.ticks_ms(), started) < _PATIENCE_MS
