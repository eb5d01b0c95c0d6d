"""One try to upload diagnostics (1.6 5.9)."""

from micropython import const

from ocpp import log
from profiles.firmware import publish, schedule, setup, step
from transfers import TransferError, files

_TELLING_S = const(10)


async def attempt(profile, record):
    """Make them, and send them."""
    record["starts"] += 1
    record["time"] = profile.core.engine.clock.now()  # after a restart at once
    if record["status"] == "Uploading":
        schedule.save(profile, schedule.UPLOAD, record)
    else:
        step.enter(profile, schedule.UPLOAD, record, "Uploading", record["time"])
    await publish.settle(profile, _TELLING_S)
    opened = None
    try:
        chosen = setup.made(profile, record, "diagnostics")
        opened = schedule.source(profile, record)
        if opened is None:
            step.failed(profile, schedule.UPLOAD, record, "the log has nothing of that time any more", False)
            return
        opened.name = record["name"]
        await files.upload(record["url"], opened, chosen)
    except TransferError as error:
        step.failed(profile, schedule.UPLOAD, record, str(error), error.reason != "bad url")
        return
    finally:
        if opened:
            opened.close()
    log.info("diagnostics: uploaded to %s", schedule.shown(record))
    step.enter(profile, schedule.UPLOAD, record, "Uploaded")
