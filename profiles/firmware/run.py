"""The task that goes on with what is due."""

from ocpp import log
import memory
from profiles.firmware import schedule, step


async def run(profile):
    """Go on with what is due: the task of the profile."""
    if profile.job:
        return
    kind = _due(profile)
    if kind is None:
        profile.task = None  # another one has come in the place of what was due
        return
    record = profile.job = profile.jobs[kind]
    waits = record["status"] == "Downloaded"
    try:
        await _module(kind, record).attempt(profile, record)
    except Exception as error:
        log.exception(kind, error)
        step.failed(profile, kind, record, repr(error))
    finally:
        profile.core.engine.link.paused = False
        profile.job = profile.task = None
        schedule.note(profile)
        if memory.managed() and not waits:
            _unload()


def _due(profile):
    """The kind of job that is due for the longest time, or None."""
    found, earliest = None, profile.core.engine.clock.now() + 1
    for kind in profile.jobs:
        due = profile.jobs[kind]["time"]
        if due is not None and due < earliest:
            found, earliest = kind, due
    return found


def _unload():
    """All code of a transfer, with the packages, which memory.py would keep."""
    memory.unload()
    for package in ("updates", "transfers"):
        memory.forget(package)


def _module(kind, record):
    if kind == schedule.UPLOAD:
        from profiles.firmware import diagnostics as module
    elif record["status"] in ("Downloaded", "Installing"):
        from profiles.firmware import install as module
    else:
        from profiles.firmware import pull as module
    return module
