"""GetLog (white paper N01, 5.9): the diagnostics, as of GetDiagnostics, or the security log."""

from ocpp import log
from profiles.firmware import jobs


async def handle(profile, payload):
    """Accepted, with the name of the file that will be uploaded, or AcceptedCanceled if one before is not over, of
    which no more is sent (N01.FR.11); Rejected where the log has nothing of that time. It is a job of the profile
    FirmwareManagement, also where that is switched off."""
    owner = firmware(profile.core.engine)
    wanted = payload["log"]
    record = jobs.made(dict(payload, location=wanted["remoteLocation"]), profile.core.engine.clock.now())
    record["id"], record["security"] = payload["requestId"], payload["logType"] == "SecurityLog"
    before = owner.jobs.get(jobs.LOG)
    bounds = wanted.get("oldestTimestamp"), wanted.get("latestTimestamp")
    name = await jobs.take_upload(owner, jobs.LOG, record, bounds)
    if name is None:
        return {"status": "Rejected"}
    log.info("%s: to %s", payload["logType"], jobs.shown(record))
    canceled = before and before["status"] not in jobs.FINAL
    return {"status": "AcceptedCanceled" if canceled else "Accepted", "filename": name}


def firmware(engine):
    """The object of the profile whose jobs uploads are."""
    (found,) = [profile for profile in engine.profiles + engine.switched_off if profile.folder == "firmware"]
    return found
