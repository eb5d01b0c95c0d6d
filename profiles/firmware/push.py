"""One try to upload diagnostics (1.6 5.9). The functions import, as those of pull.py."""

from ocpp import log
from transfers import TransferError, files

_KIND = "diagnostics"


async def attempt(profile, record):
    """Make the diagnostics and upload them."""
    await _begun(profile, record)
    opened = None
    try:
        options = _options(profile, record)
        opened = _source(profile, record)
        if opened is None:
            _failed(profile, record, "the log has nothing of that time any more", False)
            return
        opened.name = record["name"]
        await files.upload(record["url"], opened, options)
    except TransferError as error:
        _failed(profile, record, str(error), error.reason != "bad url")
        return
    finally:
        if opened:
            opened.close()
    _sent(profile, record)


def _begun(profile, record):
    from profiles.firmware import step

    return step.begin(profile, _KIND, record, "Uploading")


def _options(profile, record):
    from profiles.firmware import setup

    return setup.made(profile, record, _KIND)


def _source(profile, record):
    from profiles.firmware import schedule

    return schedule.source(profile, record)


def _failed(profile, record, *what):
    from profiles.firmware import step

    step.failed(profile, _KIND, record, *what)


def _sent(profile, record):
    from profiles.firmware import schedule, step

    log.info("diagnostics: uploaded to %s", schedule.shown(record))
    step.enter(profile, _KIND, record, "Uploaded")
