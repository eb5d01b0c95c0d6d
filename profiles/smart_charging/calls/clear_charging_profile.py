"""ClearChargingProfile (1.6 5.5, 6.13, E 3.25, 3.26)."""

from ocpp.errors import OcppError

from profiles.smart_charging import stored

_PURPOSES = "ChargePointMaxProfile TxDefaultProfile TxProfile"


async def handle(smart, payload):
    """Accepted when something was cleared, else Unknown. An id counts alone; without one all that is given has to fit,
    and when nothing is given everything goes. OcppError when flash cannot be written: the profile still holds."""
    purpose = payload.get("chargingProfilePurpose")
    if "id" in payload:
        wanted = (None, None, None, payload["id"])  # type: tuple
    else:
        purpose = purpose and _PURPOSES.split().index(purpose)
        wanted = (payload.get("connectorId"), purpose, payload.get("stackLevel"), None)
    found = False
    for key in stored.expire(smart.core.engine):
        if all([one is None or one == other for one, other in zip(wanted, key)]):
            if not stored.remove(smart.core.engine.store, key):
                raise OcppError("InternalError", "flash cannot be written")
            found = True
    smart.changed()
    return {"status": "Accepted" if found else "Unknown"}
