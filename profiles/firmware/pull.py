"""One try to download a package (1.6 5.19); what is on flash of it already is not fetched again."""

from micropython import const

from ocpp import log
from profiles.firmware import publish, schedule, setup, step
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
                self.receiver.abort()  # before the record says that what is there is of this version
            self._record["version"] = self.validator
            schedule.save(self._profile, schedule.UPDATE, self._record)
        if offset:
            log.info("update: goes on at byte %d", offset)
        self.receiver.begin(offset)


async def attempt(profile, record):
    """Download and verify."""
    record["starts"] += 1
    now = profile.core.engine.clock.now()  # after a restart it goes on at once
    if record["status"] == "Downloading":
        record["time"] = now
        schedule.save(profile, schedule.UPDATE, record)
    else:
        step.enter(profile, schedule.UPDATE, record, "Downloading", now)
    await publish.settle(profile, _TELLING_S)
    try:
        head = await _package(profile, record)
    except TransferError as error:
        step.failed(profile, schedule.UPDATE, record, str(error), error.reason != "bad url")
        return
    except UpdateError as error:
        again = error.reason in _MAY_PASS
        final = None if again else "InstallationFailed"
        step.failed(profile, schedule.UPDATE, record, "%s: %s" % (error.reason, error), again, final)
        return
    log.info("update: version %s has arrived", head["version"])
    record["head"] = {name: head[name] for name in ("version", "sha256", "layout")}
    step.enter(profile, schedule.UPDATE, record, "Downloaded", profile.core.engine.clock.now())


async def _package(profile, record):
    """The head of the package, which is on flash as a whole then. TransferError, UpdateError."""
    chosen = setup.made(profile, record, "update")
    chosen["max_size"] = package.MAX_SIZE
    sink = Sink(profile, record)
    try:
        await files.download(record["url"], sink, chosen)
        return await sink.receiver.finish()
    finally:
        _close(sink.receiver)


def _close(receiver):
    """What has arrived stays for the next try."""
    try:
        receiver.close()
    except UpdateError as error:
        log.warning("update: %s", error)
