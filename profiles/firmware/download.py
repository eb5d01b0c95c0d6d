"""One try to download a package (1.6 5.19); what is on flash of it already is not fetched again."""

from micropython import const

from ocpp import log
from profiles.firmware import jobs, options, progress, telling
from transfers import TransferError, files
from updates import UpdateError, package
from updates.receiver import Receiver

_TELLING_S = const(10)
# What another try may mend: the others are what the package is.
_MAY_PASS = ("Damaged", "FlashFailed", "FlashFull", "NotFirmware", "OnTrial")


class Sink:
    """What files.download() fills: a Receiver whose validator is on flash, in the record of the job."""

    def __init__(self, profile, record):
        self._profile, self._record = profile, record
        unsigned, downgrade, _, board = profile.settings
        settings = {"unsigned": unsigned, "downgrade": downgrade}
        self.receiver = Receiver(settings, board, profile.root)
        if "validator" not in record:
            self.receiver.abort()  # of another package
        self.validator = record.get("validator", "")
        self.write = self.receiver.write

    @property
    def position(self):
        return self.receiver.position

    def begin(self, offset):
        if self._record.get("validator") != self.validator:
            if not offset:
                self.receiver.abort()  # before the record says that what is there is of this version
            self._record["validator"] = self.validator
            jobs.save(self._profile, jobs.UPDATE, self._record)
        if offset:
            log.info("update: goes on at byte %d", offset)
        self.receiver.begin(offset)


async def attempt(profile, record):
    """Download and verify."""
    record["starts"] += 1
    now = profile.core.engine.clock.now()  # after a restart it goes on at once
    if record["phase"] == "Downloading":
        record["due"] = now
        jobs.save(profile, jobs.UPDATE, record)
    else:
        progress.enter(profile, jobs.UPDATE, record, "Downloading", now)
    await telling.settle(profile, _TELLING_S)
    try:
        head = await _package(profile, record)
    except TransferError as error:
        progress.failed(profile, jobs.UPDATE, record, str(error), error.reason != "bad url")
        return
    except UpdateError as error:
        again = error.reason in _MAY_PASS
        final = None if again else "InstallationFailed"
        progress.failed(profile, jobs.UPDATE, record, "%s: %s" % (error.reason, error), again, final)
        return
    log.info("update: version %s has arrived", head["version"])
    record["head"] = {name: head[name] for name in ("version", "sha256", "layout")}
    progress.enter(profile, jobs.UPDATE, record, "Downloaded", profile.core.engine.clock.now())


async def _package(profile, record):
    """The head of the package, which is on flash as a whole then. TransferError, UpdateError."""
    chosen = options.made(profile, record, "update")
    chosen["max_size"] = package.MAX_SIZE
    sink = Sink(profile, record)
    try:
        await files.download(record["location"], sink, chosen)
        return await sink.receiver.finish()
    finally:
        _close(sink.receiver)


def _close(receiver):
    """What has arrived stays for the next try."""
    try:
        receiver.close()
    except UpdateError as error:
        log.warning("update: %s", error)
