"""Counts the starts of the charge point and keeps the causes of the last ones: on flash, and as a line in the log."""

from micropython import const

from ocpp import events, log
from version import VERSION

_RECORD = "starts"
_MAX_KEPT = const(8)
_ACCIDENTS = ("the watchdog",)  # causes of a reset that were not announced


def note(engine, ended):
    """Count this start. Its time is the last one that was known before; `ended`: why the run before ended by itself, or
    None."""
    count, newest = load(engine)
    reset_by = _cause()
    cause = reset_by if ended is None else "the last run ended: %s" % ended
    engine.store.save(_RECORD, [count + 1, (newest + [[engine.clock.now(), cause, VERSION]])[-_MAX_KEPT:]])
    log.info("start %d, firmware %s: %s", count + 1, VERSION, cause)
    if ended is not None or reset_by in _ACCIDENTS:
        events.tell("ResetOrReboot", cause)
    events.tell("StartupOfTheDevice", "firmware %s: %s" % (VERSION, cause))
    if newest and newest[-1][2] != VERSION:
        events.tell("FirmwareUpdated", "from version %s to %s" % (newest[-1][2], VERSION))


def load(engine):
    """[number of starts, the last 8: [UTC in seconds since 2000, cause, version]]."""
    return engine.store.load(_RECORD, [0, []])


def _cause():
    try:
        from hal.esp32 import chip
    except ImportError:
        return "a process of a PC"
    return chip.reset_by()
