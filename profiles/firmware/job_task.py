"""The task that runs the job that is due. Each function imports what it needs, so that a module is unloaded when its
function has returned."""

import memory

# Of an update whose package is on flash; until it is installed, sessions may have to end first.
_WAITING = ("Downloaded", "SignatureVerified", "InstallScheduled")


async def run(profile):
    """Run the job that is due, as the task of the profile."""
    if profile.job:
        return
    kind = _due(profile)
    if kind is None:
        profile.task = None  # a new request has replaced the job that was due
        return
    record = profile.job = profile.jobs[kind]
    waits = record["status"] in _WAITING
    try:
        await _attempt(profile, kind, record)
    except Exception as error:
        _failed(profile, kind, record, error)
    finally:
        profile.core.engine.link.paused = False
        profile.job = profile.task = None
        _note(profile)
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


def _attempt(profile, kind, record):
    """The coroutine that does it."""
    if kind != "update":
        from profiles.firmware import uploading

        return uploading.attempt(profile, kind, record)
    if record["status"] == "Downloaded" and "id" in record:
        from profiles.firmware import file_signature

        return file_signature.attempt(profile, record)
    if record["status"] in _WAITING + ("InstallRebooting", "Installing"):
        from profiles.firmware import install

        return install.attempt(profile, record)
    from profiles.firmware import downloading

    return downloading.attempt(profile, record)


def _failed(profile, kind, record, error):
    from ocpp import log
    from profiles.firmware import phases

    log.exception(kind, error)
    phases.failed(profile, kind, record, repr(error))


def _note(profile):
    from profiles.firmware import jobs

    jobs.note(profile)


def _unload():
    from profiles.firmware import jobs

    jobs.unload()
