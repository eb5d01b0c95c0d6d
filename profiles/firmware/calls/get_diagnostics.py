"""GetDiagnostics (1.6 5.9, 6.25, E 3.31)."""

from ocpp import log
from ocpp.clock import iso8601
from profiles.firmware import jobs


async def handle(profile, payload):
    """The name of the file that will be uploaded; {} where the log has nothing of that time. Else it takes the place of
    an upload that is not over, of which nothing more is told."""
    record = jobs.made(payload, profile.core.engine.clock.now())
    for name in ("startTime", "stopTime"):
        record[name] = iso8601.parse(payload[name]) if name in payload else None
    await jobs.stop(profile, jobs.UPLOAD)
    source = jobs.source(profile, record)
    if source is None:
        return {}
    record["name"] = source.name
    source.close()
    record["phase"] = "Scheduled"
    log.info("diagnostics: to %s", jobs.shown(record))
    jobs.save(profile, jobs.UPLOAD, record)
    return {"fileName": source.name}
