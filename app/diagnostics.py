"""Makes the diagnostics, a text (1.6 5.9): the log of some time, and before it status, starts, configuration and keys.

All but the log is written to a file until the upload is over, so that only one section at a time is in memory.
"""

import json
import os
import sys

from ocpp import log
from ocpp.clock import iso
from version import BUILT, VERSION

_FILE = "/diagnostics.txt"  # in the folder of the store
_HEADING = "--- %s\n"


def source(point, start=None, stop=None):
    """The ocpp.log.read.Source of it with the lines from `start` to `stop`, UTC in seconds since 2000 or None, or None
    when the log has nothing of that time. Only one may be open at a time, and the caller has to close() it."""
    from ocpp.log import read

    lines = _lines(read, start, stop, log.kept)
    if not lines and (start is not None or stop is not None):
        return None
    now = iso(point.engine.clock.now())
    path = point.engine.store.path + _FILE
    try:
        with open(path, "wb") as file:
            for section in _sections(point, now):
                file.write(section)
        point.engine.store.writes += 1
        parts = [(path, 0, os.stat(path)[6])]
    except OSError as error:
        log.warning("the diagnostics do not fit on flash: %r", error)
        parts = list(_sections(point, now))
    return read.Source(_name(point.id, now), parts + lines, path)


def security(point, start=None, stop=None):
    """The ocpp.log.read.Source of the lines of the security log (ocpp/events.py); arguments and result of source()."""
    from ocpp.log import read

    lines = _lines(read, start, stop, log.security)
    return read.Source(_name(point.id + "-security", iso(point.engine.clock.now())), lines) if lines else None


def _lines(read, start, stop, ring):
    """The parts with the lines of a log, a Ring or None."""
    bounds = [None if moment is None else iso(moment) for moment in (start, stop)]
    return read.between(ring, *bounds) if ring else []


def _name(identity, now):
    """<id>-20261128T235900Z.txt; characters with a meaning in a path or a URL are replaced by _."""
    kept = [sign if sign.isdigit() or sign.lower() in "abcdefghijklmnopqrstuvwxyz-." else "_" for sign in identity]
    return "%s-%s.txt" % ("".join(kept), now.replace("-", "").replace(":", ""))


def _sections(point, now):
    """A generator of the text before the log, in bytes."""
    for heading, lines in (
        ("diagnostics", _versions(point, now)),
        ("status", _status(point)),
        ("open transactions", _transactions(point)),
        ("starts", _starts(point)),
        ("config.json", _configuration(point.path)),
        ("configuration keys", _keys(point.engine)),
        ("log", () if log.kept else ("log.flash_kb is 0: none is kept",)),
    ):
        yield (_HEADING % heading).encode()
        for line in lines:
            yield (line + "\n").encode()


def _versions(point, now):
    yield "%s at %s" % (point.id, now)
    yield "firmware %s, built %s" % (VERSION, BUILT)
    yield "%s %s on %s" % (
        sys.implementation.name,
        ".".join([str(part) for part in sys.implementation.version[:3]]),
        getattr(sys.implementation, "_machine", sys.platform),
    )


def _status(point):
    """The answer of GET /api/status, a line for each connector."""
    from app import snapshot

    status = snapshot.snapshot(point)
    connectors = status.pop("connectors")
    yield json.dumps(status)
    for connector in connectors:
        yield json.dumps(connector)


def _transactions(point):
    for connector in point.core.connectors:
        if connector.transaction:
            yield "connector %d: %s" % (connector.number, json.dumps(connector.transaction.record))
    yield "%d messages in the queue" % point.engine.outbox.queued


def _starts(point):
    from app import starts

    count, newest = starts.load(point.engine)
    yield "%d so far, the newest:" % count
    for moment, cause, version in newest:
        yield "%s %s: %s" % (iso(moment), version, log.one_line(cause))


def _configuration(path):
    """The sections of config.json as the owner wrote them, with secrets masked. A file with a syntax error is left out,
    for a secret may stand anywhere in it."""
    from config import json_file

    try:
        with open(path, "rb") as file:
            config = json_file.parse(file.read().lstrip(b"\xef\xbb\xbf"))
        if not isinstance(config, dict):
            raise ValueError
        for name in sorted(config):
            yield "%s: %s" % (name, json.dumps(_masked(name, config[name])))
    except (OSError, ValueError) as error:
        yield "cannot be read: %s" % type(error).__name__


def _masked(name, value):
    """`value` of a field, whatever it is, without secrets."""
    from ocpp.log import masked

    if isinstance(value, dict):
        return {key: _masked(key, value[key]) for key in value}
    if isinstance(value, list):
        return [_masked(name, item) for item in value]
    if masked.is_secret(name) and value != "":
        return masked.MASK
    if isinstance(value, str) and "://" in value:
        address, question, _ = masked.url(value).partition("?")
        return address + (question and question + masked.MASK)  # a query may be a secret
    return value


def _keys(engine):
    for element in engine.keys.shown():
        name = element["key"]
        yield "%s = %s" % (name, _masked(name, element["value"]))
