"""The file that GetDiagnostics asks for (1.6 5.9): the log of some time, and before it what diagnostics_text.py tells.

That is written to a file until the upload is over, so that only one section at a time is in memory.
"""

import os

from ocpp import log
from ocpp.clock import iso

_FILE = "/diagnostics.txt"  # in the folder of the store


def name(point, start=None, stop=None, of_security=False):
    """What the file of source(), or that of security(), is called, made now; None when there would be none."""
    ring = log.security if of_security else log.kept
    if (of_security or start is not None or stop is not None) and not _lines(start, stop, ring):
        return None
    return _name(point.id + "-security" if of_security else point.id, iso(point.engine.clock.now()))


def source(point, start=None, stop=None):
    """The ocpp.log.read.Source of it with the lines from `start` to `stop`, UTC in seconds since 2000 or None, or None
    when the log has nothing of that time. Only one may be open at a time, and the caller has to close() it."""
    from ocpp.log import read

    lines = _lines(start, stop, log.kept)
    if not lines and (start is not None or stop is not None):
        return None
    now = iso(point.engine.clock.now())
    path = point.engine.store.path + _FILE
    try:
        with open(path, "wb") as file:
            for section in _text(point, now):
                file.write(section)
        point.engine.store.writes += 1
        parts = [(path, 0, os.stat(path)[6])]
    except OSError as error:
        log.warning("the diagnostics do not fit on flash: %r", error)
        parts = list(_text(point, now))
    return read.Source(_name(point.id, now), parts + lines, path)


def security(point, start=None, stop=None):
    """The ocpp.log.read.Source of the lines of the security log (ocpp/events.py); arguments and result of source()."""
    from ocpp.log import read

    lines = _lines(start, stop, log.security)
    return read.Source(_name(point.id + "-security", iso(point.engine.clock.now())), lines) if lines else None


def _text(point, now):
    from app import diagnostics_text

    return diagnostics_text.sections(point, now)


def _lines(start, stop, ring):
    """The parts with the lines of a log, a Ring or None."""
    from ocpp.log import read

    bounds = [None if moment is None else iso(moment) for moment in (start, stop)]
    return read.between(ring, *bounds) if ring else []


def _name(identity, now):
    """<id>-20261128T235900Z.txt; characters with a meaning in a path or a URL are replaced by _."""
    kept = [sign if sign.isdigit() or sign.lower() in "abcdefghijklmnopqrstuvwxyz-." else "_" for sign in identity]
    return "%s-%s.txt" % ("".join(kept), now.replace("-", "").replace(":", ""))
