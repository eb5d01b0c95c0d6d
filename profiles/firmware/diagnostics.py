"""One try to upload diagnostics (1.6 5.9)."""

from micropython import const

from ocpp import log
from profiles.firmware import jobs, options, progress, telling
from transfers import TransferError, files

_TELLING_S = const(10)


async def attempt(profile, record):
    """Make them, and send them."""
    record["starts"] += 1
    record["due"] = profile.core.engine.clock.now()  # after a restart at once
    if record["phase"] == "Uploading":
        jobs.save(profile, jobs.UPLOAD, record)
    else:
        progress.enter(profile, jobs.UPLOAD, record, "Uploading", record["due"])
    await telling.settle(profile, _TELLING_S)
    opened = None
    try:
        chosen = options.made(profile, record, "diagnostics")
        opened = jobs.source(profile, record)
        if opened is None:
            progress.failed(profile, jobs.UPLOAD, record, "the log has nothing of that time any more", False)
            return
        opened.name = record["name"]
        await files.upload(record["location"], opened, chosen)
    except TransferError as error:
        progress.failed(profile, jobs.UPLOAD, record, str(error), error.reason != "bad url")
        return
    finally:
        if opened:
            opened.close()
    log.info("diagnostics: uploaded to %s", jobs.shown(record))
    progress.enter(profile, jobs.UPLOAD, record, "Uploaded")
