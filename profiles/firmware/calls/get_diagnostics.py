"""GetDiagnostics (1.6 5.9, 6.25, E 3.31)."""

from ocpp import log
from ocpp.clock import iso8601
from profiles.firmware import schedule


async def handle(profile, payload):
    """Answer with the name of the file that will be uploaded, or {} if the log has no lines of that time. A new upload
    replaces one that is not over, whose status is not reported any more."""
    record = schedule.made(payload, profile.core.engine.clock.now())
    for name in ("start", "stop"):
        bound = payload.get(name + "Time")
        record[name] = bound and iso8601.parse(bound)
    await schedule.stop(profile, schedule.UPLOAD)
    source = schedule.source(profile, record)
    if source is None:
        return {}
    record["name"] = source.name
    source.close()
    log.info("diagnostics: to %s", schedule.shown(record))
    schedule.save(profile, schedule.UPLOAD, record)
    return {"fileName": source.name}
