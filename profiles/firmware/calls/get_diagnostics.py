"""GetDiagnostics (1.6 5.9, 6.25, E 3.31)."""

from ocpp import log
from ocpp.clock import iso8601
from profiles.firmware import schedule


async def handle(profile, payload):
    """The name of the file that will be uploaded; {} where the log has nothing of that time. Else it takes the place of
    an upload that is not over, of which nothing more is told."""
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
