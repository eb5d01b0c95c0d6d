"""TriggerMessage (1.6 5.17, E 3.35, 3.40, 3.46)."""

from ocpp.engine.registration import ACCEPTED


async def handle(profile, payload):
    """Accepted, and the message leaves after this answer; Rejected for a BootNotification when one was accepted on this
    connection, for a connector that does not exist, when there is nothing to send; NotImplemented for a message of a
    profile that is not there."""
    return {"status": answer(profile, payload["requestedMessage"], payload.get("connectorId"))}


def answer(profile, message, number):
    """The status with which the request for `message` is answered; what is accepted waits in `profile.pending`, that of
    this profile or of the one for ExtendedTriggerMessage. `number`: a connectorId, or None for all that
    `message` can be about; ignored where it is about none."""
    core = profile.core
    if message == "BootNotification":
        return _boot(core.engine)
    from profiles.remote_trigger import sending

    if message in ("MeterValues", "StatusNotification"):
        numbers = _numbers(core, message, number)
    elif message == "Heartbeat" or sending.owner(core.engine, message):
        numbers = (0,)
    else:
        return "NotImplemented"
    if core.engine.registration is None or not numbers:
        return "Rejected"
    for number in numbers:
        _add(profile, (message, number))
    return "Accepted"


def _boot(engine):
    """Once a BootNotification was accepted no other is sent until the next reset or reconnect (E 3.35). After a
    reconnect the central system may have forgotten who this is, so one is sent."""
    if engine.registration == ACCEPTED and engine.booted_on_this_connection:
        return "Rejected"
    from ocpp.engine import boot_notification

    boot_notification.boot_again(engine)
    return "Accepted"


def _numbers(core, message, number):
    """The connectors that `message` can be about, among them 0, the charge point; none if there is nothing to send."""
    from profiles.core import samples

    metered = message == "MeterValues"
    numbers = samples.reporting(core) if metered else range(len(core.connectors) + 1)
    if number is not None:
        numbers = [number] if number in numbers else []
    if metered:
        numbers = [number for number in numbers if samples.triggered(core, number)[2]]
    return numbers


def _add(profile, wanted):
    """Queue the message, unless it is queued already; one that is being sent may hold older values."""
    if wanted not in profile.pending[1:]:
        profile.pending.append(wanted)
        if len(profile.pending) == 1:
            profile.core.engine.spawn(_send, profile)


async def _send(profile):
    """Send the queued messages, one after the other. sending.py is imported for each, for the answer has to leave first
    (5.17)."""
    while profile.pending:
        from profiles.remote_trigger import sending

        await sending.send(profile.core, *profile.pending[0])
        profile.pending.pop(0)
