"""ExtendedTriggerMessage (white paper 5.5, 6.16): as TriggerMessage, with messages that 1.6 does not have."""

from profiles.remote_trigger.calls import trigger_message

_MESSAGES = {
    "FirmwareStatusNotification": "SignedFirmwareStatusNotification",
    "SignChargePointCertificate": "SignCertificate",
}


async def handle(profile, payload):
    message = payload["requestedMessage"]
    message = _MESSAGES.get(message, message)
    return {"status": trigger_message.answer(profile, message, payload.get("connectorId"))}
