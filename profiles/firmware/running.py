"""The task that goes on with what is due."""

from ocpp import log
import memory
from profiles.firmware import jobs, progress


async def run(profile):
    """Go on with what is due: the task of the profile."""
    if profile.job:
        return
    now = profile.core.engine.clock.now()
    for kind, record in profile.jobs.items():
        if record["due"] is not None and record["due"] <= now:
            break
    else:
        profile.task = None  # another one has come in the place of what was due
        return
    profile.job, waits = record, record["phase"] == "Downloaded"
    try:
        await _module(kind, record).attempt(profile, record)
    except Exception as error:
        log.exception(kind, error)
        progress.failed(profile, kind, record, repr(error))
    finally:
        profile.core.engine.link.paused = False
        profile.job = profile.task = None
        jobs.schedule(profile)
        if not waits:
            _unload()


def _unload():
    """All code of a transfer, with the packages, which memory.py would keep."""
    memory.unload()
    for package in ("updates", "transfers"):
        memory.forget(package)


def _module(kind, record):
    if kind == jobs.UPLOAD:
        from profiles.firmware import diagnostics as module
    elif record["phase"] in ("Downloaded", "Installing"):
        from profiles.firmware import installing as module
    else:
        from profiles.firmware import download as module
    return module
