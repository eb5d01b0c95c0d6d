"""UpdateFirmware (1.6 5.19, 6.55, E 3.63)."""

from ocpp import log
from profiles.firmware import schedule


async def handle(profile, payload):
    """Schedule the update for retrieveDate; the answer has no status. It replaces an update that is not being installed
    yet, whose status is not reported any more; bytes downloaded from the same location are kept. During an installation
    and its trial the new update waits for the outcome."""
    clock = profile.core.engine.clock
    record = schedule.made(payload, clock.now(), payload["retrieveDate"])
    log.info("update: from %s at %s", schedule.shown(record), payload["retrieveDate"])
    running = profile.jobs.get(schedule.UPDATE)
    if running and running["status"] == "Installing":
        log.info("update: waits for the outcome of the one that is being installed")
        running["next"] = record
        schedule.save(profile, schedule.UPDATE, running)
        return {}
    if running:
        log.info("update: replaces the one before, %s", running["status"])
        await schedule.stop(profile, schedule.UPDATE)
        if profile.answers:
            from profiles.firmware import install

            install.unblock(profile)
        if running["url"] == record["url"] and "version" in running:
            record["version"] = running["version"]
    schedule.save(profile, schedule.UPDATE, record)
    return {}
