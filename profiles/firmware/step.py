"""How a job goes on: the next phase, another try, or its end."""

from micropython import const

from ocpp import log
from profiles.firmware import publish, schedule

_TELLING_S = const(10)


def enter(profile, kind, record, phase, due=None):
    """The job is in this `phase` now, and goes on when it is `due`; the central system is told."""
    record["status"], record["time"] = phase, due
    if profile.jobs.get(kind) is record:
        schedule.save(profile, kind, record)
        publish.add(profile, schedule.ACTIONS[kind], phase)


async def begin(profile, kind, record, phase):
    """A try begins, in this `phase`. Returns when that is told, but soon."""
    record["starts"] += 1
    now = profile.core.engine.clock.now()  # after a restart it goes on at once
    if record["status"] == phase:
        record["time"] = now
        schedule.save(profile, kind, record)
    else:
        enter(profile, kind, record, phase, now)
    await publish.settle(profile, _TELLING_S)


def failed(profile, kind, record, text, again=True, final=None):
    """A try has failed, `text` says why; one more if it may do `again` and tries are left, else `final` is told.
    The central system chooses the number: only what is wrong with its request ends them before."""
    record["attempts"] -= 1
    record["starts"] = 0
    if profile.jobs.get(kind) is not record or record["status"] in schedule.FINAL:
        return
    if again and record["attempts"] > 0:
        log.warning("%s: %s; again in %d s, tries left: %d", kind, text, record["period"], record["attempts"])
        record["time"] = profile.core.engine.clock.now() + record["period"]
        schedule.save(profile, kind, record)
        return
    log.error("%s: %s", kind, text)
    if kind == schedule.UPLOAD:
        final = "UploadFailed"
    elif "head" in record:
        final = "InstallationFailed"
    enter(profile, kind, record, final or "DownloadFailed")
