"""ExtendedTriggerMessage (white paper 5.5, 6.16): as TriggerMessage, with messages that 1.6 does not have."""

from profiles.remote_trigger.calls import trigger_message

_REQUEST = "SignCertificate"
_MESSAGES = {
    "FirmwareStatusNotification": "SignedFirmwareStatusNotification",
    "SignChargePointCertificate": _REQUEST,
}


async def handle(profile, payload):
    """Rejected also where a request for a certificate lacks CpoName or the serial number (A02, prerequisite)."""
    message = payload["requestedMessage"]
    message = _MESSAGES.get(message, message)
    if message == _REQUEST and _lacks(profile):
        return {"status": "Rejected"}
    return {"status": trigger_message.answer(profile, message, payload.get("connectorId"))}


def _lacks(profile):
    from profiles.security import sign_certificate

    return sign_certificate.missing(profile)
