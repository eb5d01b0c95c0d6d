"""One try to download a package (1.6 5.19), from where the last try ended.

Each function imports what it needs, so that during the download only the code that receives is in memory.
"""

from ocpp import log
from transfers import TransferError, files
from updates import UpdateError
from updates.receiver import Receiver

_KIND = "update"
# Errors that another try may not have; the others are faults of the package.
_MAY_PASS = ("Damaged", "FlashFailed", "FlashFull", "NotFirmware", "OnTrial")


class Sink:
    """The sink of files.download(): a Receiver whose validator is on flash, in the record of the job."""

    def __init__(self, profile, record):
        self._profile, self._record = profile, record
        self.receiver = Receiver(profile.settings, profile.settings["board"], profile.root)
        if "version" not in record:
            self.receiver.abort()  # of another package
        self.validator = record.get("version", "")
        self.write = self.receiver.write

    @property
    def position(self):
        return self.receiver.position

    def begin(self, offset):
        if self._record.get("version") != self.validator:
            if not offset:
                self.receiver.abort()  # before the record names the new version
            self._record["version"] = self.validator
            _save(self._profile, self._record)
        if offset:
            log.info("update: goes on at byte %d", offset)
        self.receiver.begin(offset)


def _save(profile, record):
    from profiles.firmware import jobs

    jobs.save(profile, _KIND, record)


async def attempt(profile, record):
    """Download and verify."""
    await _begun(profile, record)
    try:
        head = await _package(profile, record)
    except TransferError as error:
        _failed(profile, record, str(error), error.reason != "bad url")
        return
    except UpdateError as error:
        again = error.reason in _MAY_PASS
        _failed(profile, record, "%s: %s" % (error.reason, error), again, _final(record, error.reason))
        return
    _arrived(profile, record, head)


def _begun(profile, record):
    from profiles.firmware import phases

    return phases.begin(profile, _KIND, record, "Downloading")


def _failed(profile, record, *what):
    from profiles.firmware import phases

    phases.failed(profile, _KIND, record, *what)


def _final(record, reason):
    """The status for a package that is refused for this `reason` of UpdateError; None: as for any download that fails.
    A signed update has one for a file that is not what was signed, and one for other faults of the package."""
    if "id" in record and reason in ("Damaged", "InvalidSignature"):
        return "InvalidSignature"
    if reason in _MAY_PASS:
        return None
    return "InstallVerificationFailed" if "id" in record else "InstallationFailed"


def _arrived(profile, record, head):
    from profiles.firmware import phases

    log.info("update: version %s has arrived", head["version"])
    record["head"] = {name: head[name] for name in ("version", "sha256", "layout")}
    phases.enter(profile, _KIND, record, "Downloaded", profile.core.engine.clock.now())


async def _package(profile, record):
    """Download the package; its head, once all of it is on flash and verified. TransferError, UpdateError."""
    options, sink = _options(profile, record), Sink(profile, record)
    try:
        await files.download(record["url"], sink, options)
        head = await sink.receiver.finish()
        if "id" in record:
            record["digest"] = sink.receiver.digest
        return head
    finally:
        _close(sink.receiver)


def _options(profile, record):
    from profiles.firmware import transfer_options
    from updates import package

    options = transfer_options.made(profile, record, _KIND)
    options["max_size"] = package.MAX_SIZE
    return options


def _close(receiver):
    """Close the file; the bytes in it stay for the next try."""
    try:
        receiver.close()
    except UpdateError as error:
        log.warning("update: %s", error)
