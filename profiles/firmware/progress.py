"""How a job goes on: the next phase, another try, or its end."""

from ocpp import log
from profiles.firmware import jobs, telling


def enter(profile, kind, record, phase, due=None):
    """The job is in this `phase` now, and goes on when it is `due`; the central system is told."""
    record["phase"], record["due"] = phase, due
    if profile.jobs.get(kind) is record:
        jobs.save(profile, kind, record)
        telling.add(profile, jobs.ACTIONS[kind], phase)


def failed(profile, kind, record, text, again=True, final=None):
    """A try has failed, `text` says why; one more if it may do `again` and tries are left, else `final` is told.
    The central system chooses the number: only what is wrong with its request ends them before."""
    record["tries"] -= 1
    record["starts"] = 0
    if profile.jobs.get(kind) is not record or record["phase"] in jobs.FINAL:
        return
    if again and record["tries"] > 0:
        log.warning("%s: %s; again in %d s, tries left: %d", kind, text, record["interval"], record["tries"])
        record["due"] = profile.core.engine.clock.now() + record["interval"]
        jobs.save(profile, kind, record)
        return
    log.error("%s: %s", kind, text)
    if kind == jobs.UPLOAD:
        final = "UploadFailed"
    elif "head" in record:
        final = "InstallationFailed"
    enter(profile, kind, record, final or "DownloadFailed")
