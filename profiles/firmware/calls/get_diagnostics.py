"""GetDiagnostics (1.6 5.9, 6.25, E 3.31)."""

from ocpp import log
from profiles.firmware import jobs


async def handle(profile, payload):
    """Answer with the name of the file that will be uploaded, or {} if the log has no lines of that time. A new upload
    replaces one that is not over, whose status is not reported any more."""
    record = jobs.made(payload, profile.core.engine.clock.now())
    bounds = payload.get("startTime"), payload.get("stopTime")
    name = await jobs.take_upload(profile, jobs.UPLOAD, record, bounds)
    if name is None:
        return {}
    log.info("diagnostics: to %s", jobs.shown(record))
    return {"fileName": name}
