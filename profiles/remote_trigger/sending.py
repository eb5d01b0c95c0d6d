"""Sends the messages that TriggerMessage has asked for, also while Pending (1.6 4.2, 5.17)."""

from ocpp import log
from ocpp.errors import CallError, Offline
import memory
from profiles.core.statuses import AVAILABLE, NO_ERROR, UNAVAILABLE


def owner(engine, message):
    """(profile, module) that can send `message`, or None: the file of a profile that is named like it has
    `async def triggered(profile)`, which sends what is so at this moment with `engine.call(..., triggered=True)`."""
    file = "".join(["_" + c.lower() if c.isupper() else c for c in message])[1:]
    for profile in engine.profiles:
        module = memory.load("profiles.%s.%s" % (profile.folder, file))
        if hasattr(module, "triggered"):
            return profile, module
    return None


async def send(core, message, number):
    """Send `message` about connector `number`. Without an answer it is not sent again, for its values are those of this
    moment."""
    try:
        if message == "Heartbeat":
            answer = await core.engine.call(message, {}, True)
            from ocpp.engine import heartbeat

            heartbeat.take_time(core.engine, answer.get("currentTime"))
        elif message == "MeterValues":
            await _meter_values(core, number)
        elif message == "StatusNotification":
            await _status(core, number)
        else:
            profile, module = owner(core.engine, message)
            await module.triggered(profile)
    except (CallError, Offline) as error:
        log.warning("%s, triggered: %r", message, error)


async def _meter_values(core, number):
    """Send by way of the outbox, so that it follows the messages before it (3.7); while Pending the outbox sends
    nothing."""
    from profiles.core import samples

    packed = samples.triggered(core, number)
    if core.engine.online:
        samples.queue(core, number, packed)
        return
    connector = core.connector(number)
    identity = core.id_of(connector.transaction) if connector and connector.transaction else None
    core.metering.register(connector or core.connectors[0])
    from profiles.core import measurands

    message = {"connectorId": number, "meterValue": [measurands.meter_value(packed, 0)]}
    if identity is not None:
        message["transactionId"] = identity
    await core.engine.call("MeterValues", message, True)


async def _status(core, number):
    connector = core.connector(number)
    if connector:
        status, error = connector.status, connector.error
    else:
        status, error = AVAILABLE if core.operative else UNAVAILABLE, NO_ERROR
    entry = status, error, core.engine.clock.uptime()
    from profiles.core import status_sending

    await status_sending.notify(core.engine, number, entry)
