"""The commands of the central system's console: a line of text becomes a CALL."""

import json

_HELP = """\
start [cp] TAG [connector]                 RemoteStartTransaction
stop [cp] [transactionId]                  RemoteStopTransaction; the running one if there is only one
reset [cp] [soft|hard]                     Reset, soft unless said otherwise
get [cp] [key..]                           GetConfiguration, all keys if none is named
set [cp] KEY VALUE                         ChangeConfiguration
unlock [cp] N                              UnlockConnector
availability [cp] N operative|inoperative  ChangeAvailability, N 0 is the whole charge point
trigger [cp] MESSAGE [connector]           TriggerMessage, for example: trigger MeterValues 1
update [cp] URL                            UpdateFirmware, at once
diagnostics [cp] URL                       GetDiagnostics, to that folder
call [cp] ACTION [{json}]                  any CALL, the payload as it stands
list                                       charge points, connectors and running transactions
quit                                       close all connections and end
cp is the id of a charge point; it may be left out while only one is connected."""
_EXTENDED = ("LogStatusNotification", "SignChargePointCertificate")


class CommandError(Exception):
    """A command that cannot be carried out; args[0] says in one line why."""


def help_text():
    """The list of commands."""
    return _HELP


def usage(name):
    """The line of help_text() for one command, without its explanation."""
    line = next(line for line in _HELP.split("\n") if line.split()[0] == name)
    return line.split("  ")[0]


def parse(line, connected, book):
    """A command line as (charge point id, action, payload).

    connected: the ids that may be named, book: a Book. Raises CommandError.
    """
    name, _, rest = line.strip().partition(" ")
    if name not in _BUILDERS:
        raise CommandError("unknown command %r; help lists all" % name)
    charge_point, rest = _charge_point(rest.strip(), connected)
    try:
        action, payload = _BUILDERS[name](rest, charge_point, book)
    except (ValueError, IndexError):
        raise CommandError("usage: " + usage(name)) from None
    return charge_point, action, payload


def _charge_point(rest, connected):
    """(id, what is left of the line)."""
    if not connected:
        raise CommandError("no charge point is connected")
    first, _, after = rest.partition(" ")
    if first in connected:
        return first, after.strip()
    if len(connected) > 1:
        raise CommandError("several charge points are connected, name one: " + " ".join(sorted(connected)))
    return next(iter(connected)), rest


def _words(rest, least, most):
    words = rest.split()
    if not least <= len(words) <= most:
        raise ValueError(rest)
    return words


def _start(rest, charge_point, book):
    words = _words(rest, 1, 2)
    payload = {"idTag": words[0]}
    if len(words) > 1:
        payload["connectorId"] = int(words[1])
    return "RemoteStartTransaction", payload


def _stop(rest, charge_point, book):
    words = _words(rest, 0, 1)
    if words:
        return "RemoteStopTransaction", {"transactionId": int(words[0])}
    ids = [t.id for t in book.running(charge_point)]
    if not ids:
        raise CommandError("no transaction is running on %s" % charge_point)
    if len(ids) > 1:
        raise CommandError("several transactions are running, name one: " + " ".join(map(str, ids)))
    return "RemoteStopTransaction", {"transactionId": ids[0]}


def _choice(word, *choices):
    if word.lower() not in choices:
        raise ValueError(word)
    return word.capitalize()


def _reset(rest, charge_point, book):
    words = _words(rest, 0, 1) or ["soft"]
    return "Reset", {"type": _choice(words[0], "soft", "hard")}


def _get(rest, charge_point, book):
    keys = rest.split()
    return "GetConfiguration", {"key": keys} if keys else {}


def _set(rest, charge_point, book):
    key, value = rest.split(None, 1) if " " in rest else (_words(rest, 1, 1)[0], "")
    return "ChangeConfiguration", {"key": key, "value": value}


def _unlock(rest, charge_point, book):
    return "UnlockConnector", {"connectorId": int(_words(rest, 1, 1)[0])}


def _availability(rest, charge_point, book):
    connector, word = _words(rest, 2, 2)
    kind = _choice(word, "operative", "inoperative")
    return "ChangeAvailability", {"connectorId": int(connector), "type": kind}


def _trigger(rest, charge_point, book):
    words = _words(rest, 1, 2)
    payload = {"requestedMessage": words[0]}
    if len(words) > 1:
        payload["connectorId"] = int(words[1])
    return "ExtendedTriggerMessage" if words[0] in _EXTENDED else "TriggerMessage", payload


def _update(rest, charge_point, book):
    return "UpdateFirmware", {"location": _words(rest, 1, 1)[0], "retrieveDate": "2000-01-01T00:00:00Z"}


def _diagnostics(rest, charge_point, book):
    return "GetDiagnostics", {"location": _words(rest, 1, 1)[0]}


def _call(rest, charge_point, book):
    action, _, text = rest.partition(" ")
    if not action:
        raise ValueError(rest)
    try:
        payload = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise CommandError("the payload is not JSON: %s" % error) from None
    if not isinstance(payload, dict):
        raise CommandError('the payload must be a JSON object, for example {"key": ["HeartbeatInterval"]}')
    return action, payload


_BUILDERS = {"start": _start, "stop": _stop, "reset": _reset, "get": _get, "set": _set, "unlock": _unlock,
             "availability": _availability, "trigger": _trigger, "update": _update,
             "diagnostics": _diagnostics, "call": _call}
