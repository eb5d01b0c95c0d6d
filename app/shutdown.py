"""Ends a run: by a restart, whose cause it writes to flash for the next run, or by Ctrl-C at the console."""

import os
import time

from micropython import const

from ocpp import log
from ocpp.log import writing

_NAME = "/restart.txt"  # in the folder of the store
_MAX_CAUSE = const(200)  # characters
_PAUSE_S = const(2)  # Ctrl-C in it brings the console of a board
_CONSOLE_MS = const(600000)  # the watchdog's time limit while somebody works at the console


def crashed(point, error):
    """Log the `error` that ended the event loop, a MemoryError or one that nothing caught; restart."""
    log.exception("nothing runs any more", error)
    restart(point, repr(error))


def restart(point, cause):
    """Open the contactors, write `cause` to flash for the next run's log, and restart."""
    if point.safety:
        point.safety.stop()
    log.error("restart: %s", cause)
    if point.folder:
        try:
            with open(point.folder + _NAME, "w") as file:
                file.write(cause[:_MAX_CAUSE])
        except OSError as failure:
            log.error("the cause cannot be kept: %r", failure)
    _note_for_trial(cause)
    writing.finish()
    time.sleep(_PAUSE_S)
    point.restart()


def _note_for_trial(cause):
    """Let the outcome of an update tell the cause, if this version is on trial."""
    try:
        from updates import installation

        installation.note(cause)
    except (OSError, MemoryError) as error:
        log.error("the cause cannot be kept for the update: %r", error)


def log_last_restart(folder):
    """Log why the last run restarted, if restart() wrote a cause into the `folder` of the store; the cause or None."""
    cause = None
    try:
        with open(folder + _NAME) as file:
            cause = file.read(_MAX_CAUSE)
        log.warning("the last run ended: %s", cause)
        os.remove(folder + _NAME)
    except (OSError, ValueError):
        pass
    return cause


def interrupted(point):
    """Ctrl-C at the console. The watchdog cannot be stopped, only be given more time."""
    print("stopped, contactors open; cp.log() shows the log")
    writing.finish()
    from app import console

    console.open(point)
    if point.safety and point.safety.watchdog:
        type(point.safety.watchdog)(_CONSOLE_MS).feed()
