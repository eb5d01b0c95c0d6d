"""Reset (1.6 5.14, E 3.36): both kinds end the running transactions; Soft also delivers what is queued first. A reset
that fails is tried again (9.1.22)."""

import asyncio

from micropython import const

from ocpp import log
from ocpp.engine import start

_OPEN_S = const(15)  # longest wait for a contactor to open, with which a transaction ends, now or after the restart
_SOFT_S = const(30)  # longest wait for the central system before a soft reset


async def handle(core, payload):
    core.engine.spawn(_reset, core, payload["type"])
    return {"status": "Accepted"}


async def _reset(core, kind):
    for connector in core.connectors:
        connector.session.stop(connector, kind + "Reset")
    clock = core.engine.clock
    ends = clock.uptime() + _OPEN_S
    while any(connector.transaction for connector in core.connectors) and clock.uptime() < ends:
        await asyncio.sleep_ms(20)
    for _ in range(core.engine.keys["ResetRetries"] + 1):
        try:
            why = "the central system wants a reset, " + kind
            return await start.shut_down(core.engine, _SOFT_S if kind == "Soft" else 0, why)
        except Exception as error:
            log.exception("the reset failed", error)
            await asyncio.sleep(1)
