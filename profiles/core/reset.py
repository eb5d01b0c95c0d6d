"""Reset (1.6 5.14, E 3.36): both kinds end the running transactions; Soft also delivers what is queued first."""

import asyncio

from micropython import const

from ocpp import life

_SOFT_S = const(30)  # longest wait for the central system before a soft reset


async def handle(core, payload):
    core.engine.spawn(_reset, core, payload["type"])
    return {"status": "Accepted"}


async def _reset(core, kind):
    for connector in core.connectors:
        connector.session.stop(connector, kind + "Reset")
    while any(connector.transaction for connector in core.connectors):
        await asyncio.sleep_ms(20)
    await life.shut_down(core.engine, _SOFT_S if kind == "Soft" else 0)
