"""One line a message on the console; %-formatting happens only when the line is shown.

Lines hold texts of peers: ids, actions, close reasons, HTTP status lines. Here, and nowhere else, control characters
are escaped and lines are cut, so that no peer can forge a line, write on the owner's terminal or fill the disk.

`kept`, a Ring or None, gets each line as well and puts it on flash (ring.py). `security` is the Ring of the security
events, None before it is kept, and `told` are the events that wait for it (ocpp/events.py). `frames`: 0; 1 logs the
messages to and from the central system too (dump.py), 2 with the idTags in them.
"""

import sys
import time

from micropython import const


_LEVELS = ("debug", "info", "warning", "error")
_LONGEST = const(600)  # characters of a message
_threshold = 1
_stamp = None
kept = security = None
told = ()  # type: tuple
frames = 0


def configure(level, stamp=None):
    """Show `level` ("debug", "info", "warning", "error") and above; `stamp()` gives each line its time as text."""
    global _threshold, _stamp
    _threshold = _LEVELS.index(level)
    _stamp = stamp


def one_line(text):
    """`text` as one line of at most 600 characters and its length if it is cut; control characters are escaped."""
    shown = text[:_LONGEST]
    for character in shown:
        if not " " <= character <= "~":
            from ocpp.log import ascii

            shown = ascii.escaped(shown, _LONGEST)[:_LONGEST]
            break
    return shown if len(text) <= _LONGEST and len(shown) < _LONGEST else "%s... (%d characters)" % (shown, len(text))


def _write(level, text, args):
    if level < _threshold:
        return
    for stamp in (_stamp, None):
        try:
            when = stamp() if stamp else "%s" % time.ticks_ms()
            line = " ".join((when, _LEVELS[level].upper(), one_line(text % args if args else text)))
            break
        except MemoryError:
            line = "no memory for a line of the log"  # an error of the log must not end the task that logs
    print(line)
    if kept:
        kept.add(line, level)


def debug(text, *args):
    _write(0, text, args)


def info(text, *args):
    _write(1, text, args)


def warning(text, *args):
    _write(2, text, args)


def error(text, *args):
    _write(3, text, args)


def exception(text, error):
    """Log an unexpected `error` with its traceback, whose lines are indented."""
    _write(3, "%s: %r", (text, error))
    short = isinstance(error, MemoryError)
    if short:
        sys.print_exception(error)  # takes no memory, and the text is the interpreter's own
        if not kept:
            return
    try:
        from ocpp.log import ascii

        for line in ascii.traceback(error):
            line = " ".join(("   ", one_line(line)))
            if not short:
                print(line)
            if kept:
                kept.add(line, 3)
    except MemoryError:
        print("    no memory for the traceback")
