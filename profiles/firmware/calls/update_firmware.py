"""UpdateFirmware (1.6 5.19, 6.55, E 3.63)."""

from ocpp import log
from profiles.firmware import jobs


async def handle(profile, payload):
    """Take it over for retrieveDate; the answer has no status. It replaces one that is not being installed yet, of
    which nothing more is told, but what that has brought from the same location is kept. During an installation and its
    trial it waits for the outcome of that."""
    clock = profile.core.engine.clock
    record = jobs.made(payload, clock.now(), payload["retrieveDate"])
    record["phase"] = "Scheduled"
    log.info("update: from %s at %s", jobs.shown(record), payload["retrieveDate"])
    running = profile.jobs.get(jobs.UPDATE)
    if running and running["phase"] == "Installing":
        log.info("update: waits for the outcome of the one that is being installed")
        running["next"] = record
        jobs.save(profile, jobs.UPDATE, running)
        return {}
    if running:
        log.info("update: replaces the one before, %s", running["phase"])
        await jobs.stop(profile, jobs.UPDATE)
        if profile.answers:
            from profiles.firmware import installing

            installing.unblock(profile)
        if running["location"] == record["location"] and "validator" in running:
            record["validator"] = running["validator"]
    jobs.save(profile, jobs.UPDATE, record)
    return {}
