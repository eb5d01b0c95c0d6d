"""Confirms a version on trial once it works; after that the old version does not return."""

import asyncio

from micropython import const

from ocpp import log
from updates import installation

_TRIAL_S = const(300)  # it has to tick for so long
_PATIENCE_S = const(1200)  # then it is started once more, or the old version returns
_CHECK_S = const(5)
_TIMER = const(2)  # of the chip: slot_trial.py has started it, to reset a version that never comes here


def log_outcome(root=""):
    """Log what has become of the last installation. Whether the running version is on trial."""
    result = installation.result(root)
    if result is None:
        return False
    if result["outcome"] == "InstallationFailed":
        log.error("the update to version %s failed: %s", result["version"], result["reason"])
    else:
        log.info("version %s: %s", result["version"], result["outcome"])
    return installation.on_trial(root)


async def watch(accepted, ticking, idle, restart, root=""):
    """Confirm the running version when it has ticked for five minutes and the central system has accepted it; else
    restart after twenty, as soon as no energy flows.

    All but `root` are functions: accepted(), ticking(), idle() tell whether it is so, restart() does not return."""
    seconds = ticked = 0
    while ticked < _TRIAL_S or not accepted():
        if seconds >= _PATIENCE_S and idle():
            reason = "not accepted by the central system" if ticked >= _TRIAL_S else "the safety loop failed"
            log.error("version on trial: %s in %d s", reason, seconds)
            installation.note("%s in %d s" % (reason, seconds), root)
            restart()
            return
        await asyncio.sleep(_CHECK_S)
        seconds += _CHECK_S
        ticked = ticked + _CHECK_S if ticking() else 0
    while not _confirmed(root):
        await asyncio.sleep(_CHECK_S)
    _stop_timer()


def _confirmed(root):
    try:
        installation.confirm(root)
    except OSError as error:
        log.error("the version on trial cannot be confirmed: %r", error)
        return False
    log.info("the version on trial is confirmed")
    return True


def _stop_timer():
    try:
        from machine import Timer

        Timer(_TIMER).deinit()
    except ImportError:
        pass  # a PC
