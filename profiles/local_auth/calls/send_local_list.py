"""SendLocalList (1.6 5.15, 6.41, 7.47, E 3.52)."""

from ocpp import log
from ocpp.errors import OcppError

from profiles.local_auth import entries, update

SWITCHED_OFF = {"status": "NotSupported"}  # 7.47


async def handle(profile, payload):
    """NotSupported while switched off (9.2.1). VersionMismatch: not above the version there is. Failed: an idTag twice
    (6.41), a full list without idTagInfo (7.1), too many entries in the end, or flash failed; the old list holds then.
    OcppError for more items than SendLocalListMaxLength and for versions that have a meaning of their own (E 3.52)."""
    engine = profile.core.engine
    if not engine.keys["LocalAuthListEnabled"]:
        return SWITCHED_OFF
    changes = payload.get("localAuthorizationList", [])
    most = engine.keys["SendLocalListMaxLength"]
    if len(changes) > most:
        raise OcppError(
            "OccurenceConstraintViolation", "localAuthorizationList: %d items, at most %d" % (len(changes), most)
        )
    version = payload["listVersion"]
    full = payload["updateType"] == "Full"
    if not full and version <= entries.foot(engine)[0]:
        return {"status": "VersionMismatch"}
    if version in (0, -1):
        raise OcppError("PropertyConstraintViolation", "listVersion: %d is not allowed" % version)
    try:
        update.to_records(changes, full)
        await update.apply(engine, changes, version, full)
    except (update.Refused, OSError) as error:
        log.warning("local authorization list not changed: %r", error)
        return {"status": "Failed"}
    profile.core.status.zero()  # a new conflict is reported again
    return {"status": "Accepted"}
