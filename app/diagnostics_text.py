"""What the diagnostics tell before the log: status, starts, configuration and keys."""

import json
import sys

from ocpp import log
from ocpp.clock import iso
from version import BUILT, VERSION

_HEADING = "--- %s\n"


def sections(point, now):
    """A generator of the text before the log, in bytes."""
    yield from _section("diagnostics", _versions, point, now)
    # One after the other, for each keeps what it has loaded until it is over.
    for heading, lines_of in (
        ("status", _status),
        ("open transactions", _transactions),
        ("starts", _starts),
        ("config.json", _configuration),
        ("configuration keys", _keys),
        ("log", _log),
    ):
        yield from _section(heading, lines_of, point)


def _section(heading, lines_of, *args):
    yield (_HEADING % heading).encode()
    for line in lines_of(*args):
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


def _configuration(point):
    """The sections of config.json as the owner wrote them, with secrets masked. A file with a syntax error is left out,
    for a secret may stand anywhere in it."""
    from config import json_file

    try:
        with open(point.path, "rb") as file:
            config = json_file.parse(file.read().lstrip(b"\xef\xbb\xbf"))
        if not isinstance(config, dict):
            raise ValueError
        for name in sorted(config):
            yield "%s: %s" % (name, json.dumps(masked(name, config[name])))
    except (OSError, ValueError) as error:
        yield "cannot be read: %s" % type(error).__name__


def masked(name, value):
    """`value` of a field, whatever it is, without secrets."""
    from ocpp.log import masked as rules

    if isinstance(value, dict):
        return {key: masked(key, value[key]) for key in value}
    if isinstance(value, list):
        return [masked(name, item) for item in value]
    if rules.is_secret(name) and value != "":
        return rules.MASK
    if isinstance(value, str) and "://" in value:
        address, question, _ = rules.url(value).partition("?")
        return address + (question and question + rules.MASK)  # a query may be a secret
    return value


def _keys(point):
    for element in point.engine.keys.shown():
        name = element["key"]
        yield "%s = %s" % (name, masked(name, element["value"]))


def _log(point):
    if not log.kept:
        yield "log.flash_kb is 0: none is kept"
