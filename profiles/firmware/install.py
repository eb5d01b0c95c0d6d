"""Installs the package that is on flash and restarts, as soon as no session runs (E 3.48, 3.49, L01.FR.05 to 07, 17 to
19)."""

from micropython import const

from ocpp import log
from ocpp.engine import start as engine_start
from profiles.core.statuses import AVAILABLE, NO_ERROR, PREPARING
from profiles.firmware import status_sending, jobs, phases
from updates import UpdateError, installation

ANSWERS = "unavailable"
_SESSION_CHECK_S = const(5)
_TELLING_S = const(10)
_OUTBOX_S = const(30)  # longest wait for the central system to take what is queued


def unavailable(profile, connector):
    """While an update waits for sessions to end, no other begins: True for a connector that is not in use. Who has
    authorized or reserved one may still charge."""
    return True if not (connector.authorization or connector.reserved or connector.kept) else None


def block(profile):
    """Make idle connectors Unavailable, so that no new session begins."""
    if profile.answers:
        return
    for connector in profile.core.connectors:
        if connector.status == PREPARING and not connector.authorization:
            # There is no way from Preparing to Unavailable (4.9).
            connector.session.set_status(connector, AVAILABLE, NO_ERROR)
    _answer(profile, ANSWERS)


def unblock(profile):
    _answer(profile, "")


def _answer(profile, answers):
    if profile.answers != answers:
        profile.answers = answers
        for connector in profile.core.connectors:
            connector.evse.changed.set()


def _idle(core):
    """Whether no session runs or is about to begin."""
    return not core.taps and not any(
        [
            connector.transaction or connector.authorization or connector.evse.contactor_closed
            for connector in core.connectors
        ]
    )


async def attempt(profile, record):
    """Install and restart, or look again later while there are sessions."""
    engine = profile.core.engine
    if not profile.answers and not _idle(profile.core):
        log.info("update: version %s waits for the end of all sessions", record["head"]["version"])
    block(profile)
    if not _idle(profile.core):
        record["time"] = engine.clock.now() + _SESSION_CHECK_S
        return
    if record["status"] not in jobs.INSTALLING:
        phase = "InstallRebooting" if "id" in record else "Installing"  # L01.FR.15
        phases.enter(profile, jobs.UPDATE, record, phase, engine.clock.now())
        await status_sending.settle(profile, _TELLING_S)
    try:
        installation.install(record["head"], profile.root, engine.store)
    except UpdateError as error:
        unblock(profile)
        phases.failed(profile, jobs.UPDATE, record, "%s: %s" % (error.reason, error), False, "InstallationFailed")
        return
    log.info("update: restart into version %s, on trial", record["head"]["version"])
    await engine_start.shut_down(engine, _OUTBOX_S, "for version %s of the firmware" % record["head"]["version"])
