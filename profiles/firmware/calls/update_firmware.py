"""UpdateFirmware (1.6 5.19, 6.55, E 3.63)."""

from ocpp import log
from ocpp.errors import OcppError
from profiles.firmware import jobs


async def handle(profile, payload):
    """Schedule the update for retrieveDate; the answer has no status. It replaces an update that is not being installed
    yet, whose status is not reported any more; bytes downloaded from the same location are kept. During an installation
    and its trial the new update waits for the outcome."""
    if _is_signed_only(profile.core.engine):
        raise OcppError("NotSupported", "UpdateFirmware is not supported, SignedUpdateFirmware is")
    clock = profile.core.engine.clock
    record = jobs.made(payload, clock.now(), payload["retrieveDate"])
    log.info("update: from %s at %s", jobs.shown(record), payload["retrieveDate"])
    running = profile.jobs.get(jobs.UPDATE)
    if running and running["status"] in jobs.INSTALLING:
        log.info("update: waits for the outcome of the one that is being installed")
        running["next"] = record
        jobs.save(profile, jobs.UPDATE, running)
        return {}
    await take(profile, record)
    return {}


async def take(profile, record):
    """`record` is the update to do from now on, in the place of one that is not being installed, of which no more is
    sent; bytes downloaded from the same location are kept."""
    running = profile.jobs.get(jobs.UPDATE)
    if running:
        log.info("update: replaces the one before, %s", running["status"])
        await jobs.stop(profile, jobs.UPDATE)
        if profile.answers:
            from profiles.firmware import install

            install.unblock(profile)
        if running["url"] == record["url"] and "version" in running:
            record["version"] = running["version"]
    jobs.save(profile, jobs.UPDATE, record)


def _is_signed_only(engine):
    """Whether the security extensions refuse this message (L01.FR.20): once there is a ManufacturerRootCertificate.
    Until then no signed update is possible, and a central system without the extensions could not update at all."""
    if not [profile for profile in engine.profiles if profile.folder == "security"]:
        return False
    from x509.store import MANUFACTURER, Roots

    return bool(Roots(engine.store).names(MANUFACTURER))
