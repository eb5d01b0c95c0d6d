"""UnlockConnector (1.6 5.18, E 3.87): a running transaction is stopped first, reason UnlockCommand."""

import asyncio
import time

from micropython import const

_PATIENCE_MS = const(15000)  # contactor and motor of the lock


async def handle(core, payload):
    """Unlocked, UnlockFailed, or NotSupported for an unknown connector or one without a lock."""
    connector = core.connector(payload["connectorId"])
    if connector is None or not connector.evse.has_lock:
        return {"status": "NotSupported"}
    connector.session.stop(connector, "UnlockCommand")
    started = time.ticks_ms()
    while connector.transaction and time.ticks_diff(time.ticks_ms(), started) < _PATIENCE_MS:
        await asyncio.sleep_ms(20)
    connector.session.release(connector)
    while connector.evse.locked and time.ticks_diff(time.ticks_ms(), started) < _PATIENCE_MS:
        await asyncio.sleep_ms(20)
    return {"status": "UnlockFailed" if connector.evse.locked else "Unlocked"}
