"""One try to upload diagnostics (1.6 5.9) or a log (white paper of 1.6 security, N01). The functions import, as those
of downloading.py."""

from micropython import const

from ocpp import log
import memory
from transfers import TransferError, files

_PIECE = const(4096)  # bytes of memory to have in one piece for what a source is made of
# Codes of refusals by what they mean in the words of UploadLogStatusEnumType (6.19).
_DENIED = (401, 403, 407, 530, 532, 550, 553)  # of HTTP, and of FTP
_NOT_OF_HTTP = (405, 501)
_NOT_OF_FTP = (500, 502, 504)


async def attempt(profile, kind, record):
    """Make the file and upload it."""
    await _begun(profile, kind, record)
    opened = None
    try:
        options = _options(profile, kind, record)
        await options["room"](files.needs(record["url"]))  # now, for the file to send takes memory, too
        opened = _source(profile, record)
        if opened is None:
            _failed(profile, kind, record, "the log has nothing of that time any more", False)
            return
        opened.name = record["name"]
        await files.upload(record["url"], opened, options)
    except TransferError as error:
        _failed(profile, kind, record, str(error), error.reason != "bad url", _status(record, error))
        return
    finally:
        if opened:
            opened.close()
    _sent(profile, kind, record)


def _status(record, error):
    """The UploadLogStatusEnumType that says most of `error` (N01.FR.10)."""
    if error.code in _DENIED:
        return "PermissionDenied"
    if error.code in (_NOT_OF_FTP if record["url"][:3].lower() == "ftp" else _NOT_OF_HTTP):
        return "NotSupportedOperation"
    return "BadMessage" if error.reason in ("bad url", "protocol") else "UploadFailure"


def _begun(profile, kind, record):
    from profiles.firmware import phases

    return phases.begin(profile, kind, record, "Uploading")


def _options(profile, kind, record):
    from profiles.firmware import transfer_options

    return transfer_options.made(profile, record, kind)


def _source(profile, record):
    from profiles.firmware import jobs

    memory.make_room(piece=_PIECE)
    return jobs.source(profile, record)


def _failed(profile, kind, record, *what):
    from profiles.firmware import phases

    phases.failed(profile, kind, record, *what)


def _sent(profile, kind, record):
    from profiles.firmware import jobs, phases

    log.info("%s: uploaded to %s", kind, jobs.shown(record))
    phases.enter(profile, kind, record, "Uploaded")
