"""Counts the starts of a new version on trial on flash, before any of its code is loaded; returns to the old one.

Like slots.py, which loads it when a version is on trial, it lies beside the archive and is never updated over the air.
A version has two starts to be confirmed in (updates/trial.py); a reset by the watchdog ends the trial at once. What the
functions get as `select` is that of slots.py, as `about` the second line of firmware.slot: {"trial": starts so far,
"version": .., "reason": why it restarted, if it could say so}, later {"outcome": .., "version": .., "reason": ..}.
"""

import sys

_STARTS = 2
_HANG_MS = 60000  # until the firmware feeds the watchdog, which it does some seconds after its start
_LONGEST = 60  # minutes without a confirmation; the firmware itself restarts earlier if it can
_MINUTE_MS = 60000  # an hour at once is more than the 32 bits of the emulated chip's timer hold: it fires after 164 s
_TIMER = 2  # updates/trial.py stops it
_EXIT_RESET = 75  # as app/__init__.py has it


def count(slot, old, about, select):
    """(the slot to start, `about` as it is on flash): `slot` once more, or `old`."""
    starts = about["trial"]
    if type(starts) is not int or starts >= _STARTS:
        return give_up(old, about, about.get("reason") or "not confirmed in %s starts" % starts, select)
    if starts and _hung():
        return give_up(old, about, "it hung, the watchdog has reset it", select)
    about["trial"] = starts + 1
    try:
        select(slot, about)
    except OSError as error:
        print("slots: the start of a version on trial cannot be counted:", error)
        return old, {}
    print("slots: %s is on trial, start %d of %d" % (slot, starts + 1, _STARTS))
    return slot, about


def give_up(old, about, reason, select):
    """The trial has failed: (`old`, the outcome), on flash if that is possible."""
    print("slots: the trial of version %s has failed: %s" % (about.get("version"), reason))
    about = {"outcome": "InstallationFailed", "version": about.get("version"), "reason": reason}
    try:
        select(old, about)
    except OSError as error:
        print("slots: that cannot be written:", error)
    return old, about


def _hung():
    try:
        from machine import WDT_RESET, reset_cause
    except ImportError:  # a PC
        return False
    return reset_cause() == WDT_RESET


def guard():
    """Start watchdog and timer before the version on trial is loaded: they reset it if it hangs or is never
    confirmed."""
    try:
        from machine import Timer, WDT, reset
    except ImportError:  # a PC
        return
    WDT(timeout=_HANG_MS)
    # Made so, it does not keep this module in memory.
    scope = {"reset": reset, "minutes": [None] * _LONGEST}
    callback = eval("lambda timer: minutes.pop() if minutes else reset()", scope)
    Timer(_TIMER).init(mode=Timer.PERIODIC, period=_MINUTE_MS, callback=callback)


def end(exc, slot, about, select):
    """The running version has ended with the exception `exc`: on trial that is kept and the board starts again."""
    if "trial" not in about:
        return
    sys.print_exception(exc)
    about["reason"] = repr(exc)[:100]
    try:
        select(slot, about)
    except OSError as failure:
        print("slots: the reason cannot be written:", failure)
    try:
        from machine import reset
    except ImportError:  # a PC
        sys.exit(_EXIT_RESET)
    reset()
