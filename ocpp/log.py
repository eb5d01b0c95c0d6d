"""One line a message on the console; %-formatting happens only when the line is shown."""

import sys
import time

_LEVELS = ("debug", "info", "warning", "error")
_threshold = 1
_stamp = None


def configure(level, stamp=None):
    """Show `level` ("debug", "info", "warning", "error") and above; `stamp()` gives each line its time as text."""
    global _threshold, _stamp
    _threshold = _LEVELS.index(level)
    _stamp = stamp


def _write(level, text, args):
    if level < _threshold:
        return
    when = _stamp() if _stamp else "%d" % time.ticks_ms()
    print(when, _LEVELS[level].upper(), text % args if args else text)


def debug(text, *args):
    _write(0, text, args)


def info(text, *args):
    _write(1, text, args)


def warning(text, *args):
    _write(2, text, args)


def error(text, *args):
    _write(3, text, args)


def exception(text, error):
    """Log an unexpected `error` with its traceback."""
    _write(3, "%s: %r", (text, error))
    sys.print_exception(error)
