"""Checks, changes and shows the values of configuration keys (1.6 5.3, 5.8, 9); loaded on demand.

A declaration is (name, access, kind, default text, allowed):
  access  "R", "RW" or "W" (written, never shown); with "!" a change needs a reboot; with
          "*" keys.keeper, (name of a module, argument), keeps it: change(argument, name, text) gives the status
          there, and a value that is shown is in `keys` already
  kind    "i" integer, allowed = (lowest, highest);  "b" boolean;  "l" comma separated list, allowed = tuple of members
          or None;  "s" text, allowed = (shortest, longest)
`allowed` may also be a function: text -> True when the text is valid.
"""

from ocpp import log
from ocpp.store import records
import memory

RECORD = "keys"

_NAME, _ACCESS, _KIND, _DEFAULT, _ALLOWED = range(5)


def _typed(declaration, text):
    """The value that `text` stands for; ValueError with what is allowed."""
    kind, allowed = declaration[_KIND], declaration[_ALLOWED]
    if callable(allowed):
        if not allowed(text):
            raise ValueError("a valid " + declaration[_NAME])
    if kind == "b":
        return _boolean(text)
    if kind == "i":
        return _integer(text, allowed)
    if kind == "l":
        return _members(text, allowed)
    if not callable(allowed) and not allowed[0] <= len(text) <= allowed[1]:
        raise ValueError("a text of %d to %d characters" % allowed)
    return text


def _boolean(text):
    lower = text.lower()
    if lower not in ("true", "false"):
        raise ValueError("true or false")
    return lower == "true"


def _integer(text, allowed):
    digits = text[1:] if text[:1] == "-" else text
    if not digits.isdigit() or len(digits) > 9 or not allowed[0] <= int(text) <= allowed[1]:
        raise ValueError("an integer from %d to %d" % allowed)
    return int(text)


def _members(text, allowed):
    """A list of the members as declared; one that is not allowed rejects the whole list (E 3.13)."""
    members = [member.strip() for member in text.split(",") if member.strip()]
    if allowed is not None and not callable(allowed):
        unknown = [member for member in members if member not in allowed]
        if unknown:
            raise ValueError("a list of %s (unknown: %s)" % (", ".join(allowed), ", ".join(unknown)))
        if len(set(members)) < len(members):
            raise ValueError("a list in which each is once")
    return members


def declare(keys, source, texts):
    """Add the keys of `source`, (module name, arguments): the stored value, else the owner's first value, else the
    default. ValueError if the first value is not valid; a stored one that is not valid any more is ignored with a log
    line."""
    keys.sources.append(source)
    for declaration in _declarations((source,)):
        name = declaration[_NAME]
        if "*" in declaration[_ACCESS]:
            continue
        _, text = keys.first.pop(name.lower(), (name, declaration[_DEFAULT]))
        try:
            keys.values[name] = _typed(declaration, text)
        except ValueError as error:
            raise ValueError("ocpp.%s: %s is not %s" % (name, _public(declaration, text), error))
        if name in texts:
            try:
                keys.values[name] = _typed(declaration, texts[name])
            except ValueError as error:
                shown_text = _public(declaration, texts[name])
                log.warning("stored %s: %s is not %s; the default holds", name, shown_text, error)


def _public(declaration, text):
    """`text` for a log line, which has no value of a key that cannot be read."""
    return repr(text) if "R" in declaration[_ACCESS] else "%d characters" % len(text)


def _declarations(sources):
    # By name, for a reference to a function would keep its whole module in memory.
    for name, args in sources:
        for declaration in memory.load(name).declarations(*args):
            yield declaration


# Here, so that they go with this module: declarations that were asked for, by name in lower case; the stored texts.
_known = {}  # type: dict
_stored = [None, None]


def stored(store):
    """The texts by name that the central system has set, as on flash."""
    if _stored[0] is not store:
        _stored[:] = (store, store.load(RECORD, {}))
        _known.clear()
    return _stored[1]


def _declaration(keys, name):
    """The declaration of `name` in any case, or None."""
    name = name.lower()
    if name in _known:
        return _known[name]
    for declaration in _declarations(keys.sources):
        if declaration[_NAME].lower() == name:
            _known[name] = declaration
            return declaration
    return None


def change(keys, name, text):
    """The status of ChangeConfiguration.conf (1.6 5.3, 7.22); an accepted value is on flash when this returns."""
    status, name, value = _check_change(keys, name, text)
    if status == "":
        return memory.load(keys.keeper[0]).change(keys.keeper[1], name, text)
    if status in ("Accepted", "RebootRequired"):
        changed = stored(keys.store)
        if changed.get(name) == text:
            return status
        changed[name] = text
        records.save(keys.store, RECORD, changed)
    if status == "Accepted":
        keys.values[name] = value
        keys.changes += 1
        for call in keys.watchers.get(name, ()):
            call()
    return status


def _check_change(keys, name, text):
    """(status of ChangeConfiguration.conf, "" if keys.keeper gives it, name as declared, typed value or None)."""
    declaration = _declaration(keys, name)
    if declaration is None:
        return "NotSupported", name, None
    name = declaration[_NAME]
    if "W" not in declaration[_ACCESS]:
        return "Rejected", name, None
    if "*" in declaration[_ACCESS]:
        return "", name, None
    try:
        value = _typed(declaration, text)
    except ValueError as error:
        log.warning("%s rejected: not %s", name, error)
        return "Rejected", name, None
    return "RebootRequired" if "!" in declaration[_ACCESS] else "Accepted", name, value


def shown(keys, wanted, texts):
    """A generator of the configurationKey elements (1.6 6.24) of the readable keys; of those whose names in lower case
    are in `wanted`, or of all with None. One at a time, for all of them together are too many for a board."""
    for name, access, _, _, _ in _declarations(keys.sources):
        if "R" in access and (wanted is None or name.lower() in wanted):
            text = texts.get(name) if "!" in access else None
            yield {"key": name, "readonly": "W" not in access, "value": text or _text(keys.values[name])}


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)
