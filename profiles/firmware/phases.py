"""Takes a job to its next phase, to another try, or to its end."""

from micropython import const

from ocpp import log
from profiles.firmware import status_sending, jobs

_TELLING_S = const(10)


def enter(profile, kind, record, phase, due=None):
    """Enter this `phase` and report it to the central system; the job continues when it is `due`. L01.FR.03: an invalid
    signature is an event, too."""
    record["status"], record["time"] = phase, due
    if profile.jobs.get(kind) is record:
        jobs.save(profile, kind, record)
        status_sending.add(profile, kind, record)
        if phase == "InvalidSignature":
            from ocpp import events

            events.tell("InvalidFirmwareSignature", "the firmware from " + jobs.shown(record))


async def begin(profile, kind, record, phase):
    """Begin a try in this `phase`. Returns when the status is sent, after _TELLING_S at the latest."""
    record["starts"] += 1
    now = profile.core.engine.clock.now()  # after a restart it goes on at once
    if record["status"] == phase:
        record["time"] = now
        jobs.save(profile, kind, record)
    else:
        enter(profile, kind, record, phase, now)
    await status_sending.settle(profile, _TELLING_S)


def failed(profile, kind, record, text, again=True, final=None):
    """A try has failed, `text` says why. Try again if the cause may pass (`again`) and tries are left, else report
    `final`. The central system chooses the number of tries: only an error in its request ends them before."""
    record["attempts"] -= 1
    record["starts"] = 0
    if profile.jobs.get(kind) is not record or record["status"] in jobs.FINAL:
        return
    if again and record["attempts"] > 0:
        log.warning("%s: %s; again in %d s, tries left: %d", kind, text, record["period"], record["attempts"])
        record["time"] = profile.core.engine.clock.now() + record["period"]
        if record["status"] == "Downloading" and "id" in record:
            enter(profile, kind, record, "DownloadPaused", record["time"])  # L01.FR.14
        else:
            jobs.save(profile, kind, record)
        return
    log.error("%s: %s", kind, text)
    if kind == jobs.UPLOAD:
        final = "UploadFailed"
    elif kind == jobs.LOG:
        final = final or "UploadFailure"
    elif "head" in record:
        final = final or "InstallationFailed"
    enter(profile, kind, record, final or "DownloadFailed")
