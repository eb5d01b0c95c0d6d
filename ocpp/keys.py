"""Configuration keys, declared as data by each profile (1.6 9, 5.3, 5.8).

A declaration is (name, access, kind, default text, allowed):
  access  "R", "RW" or "W" (written, never shown); with "!" a change needs a reboot
  kind    "i" integer, allowed = (lowest, highest);  "b" boolean;  "l" comma separated list, allowed = tuple of members
          or None;  "s" text, allowed = (shortest, longest)
`allowed` may also be a function: text -> True when the text will do.
"""

from . import log

_NAME, _ACCESS, _KIND, _DEFAULT, _ALLOWED = range(5)
_RECORD = "keys"


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
        for member in members:
            if member not in allowed:
                raise ValueError("a list of " + ", ".join(allowed))
    return members


class Keys:
    """The typed values of all declared keys; `keys["HeartbeatInterval"]` -> 3600."""

    def __init__(self, store, first_values=None):
        """`first_values`: name -> text of the owner's configuration; they hold until the central system changes them."""
        self._store = store
        self._first = {name.lower(): (name, text) for name, text in (first_values or {}).items()}
        self._changed = store.load(_RECORD, {})
        self._declarations = {}
        self._values = {}
        self._watchers = {}

    def __getitem__(self, name):
        return self._values[name]

    def __contains__(self, name):
        return name in self._values

    def declare(self, declarations):
        """Add keys. ValueError naming key, value and what is allowed when a first value will not do."""
        for declaration in declarations:
            name = declaration[_NAME]
            self._declarations[name.lower()] = declaration
            _, first = self._first.pop(name.lower(), (name, declaration[_DEFAULT]))
            try:
                self._values[name] = _typed(declaration, first)
            except ValueError as error:
                raise ValueError("ocpp.%s: %r is not %s" % (name, first, error))
            if name in self._changed:
                self._restore(declaration, self._changed[name])

    def _restore(self, declaration, text):
        try:
            self._values[declaration[_NAME]] = _typed(declaration, text)
        except ValueError as error:
            log.warning("stored %s: %r is not %s; the default holds", declaration[_NAME], text, error)

    def unknown_first_values(self):
        """Names of the owner's first values that no profile has declared."""
        return [name for name, _ in self._first.values()]

    def set_fixed(self, name, value):
        """Give a read-only key the value that the firmware knows, NumberOfConnectors for one."""
        self._values[name] = value

    def watch(self, name, call):
        """`call()` after each change of key `name`."""
        self._watchers.setdefault(name, []).append(call)

    def change(self, name, text):
        """The status of ChangeConfiguration.conf (1.6 5.3, 7.22); an accepted value is on flash when this returns."""
        declaration = self._declarations.get(name.lower())
        if declaration is None:
            return "NotSupported"
        if "W" not in declaration[_ACCESS]:
            return "Rejected"
        try:
            value = _typed(declaration, text)
        except ValueError as error:
            log.warning("%s: %r rejected: not %s", declaration[_NAME], text, error)
            return "Rejected"
        name = declaration[_NAME]
        if self._changed.get(name) != text:
            self._changed[name] = text
            self._store.save(_RECORD, self._changed)
        if "!" in declaration[_ACCESS]:
            return "RebootRequired"
        self._values[name] = value
        for call in self._watchers.get(name, ()):
            call()
        return "Accepted"

    def names(self):
        """All names that GetConfiguration shows, in the order of the alphabet."""
        return sorted([d[_NAME] for d in self._declarations.values() if "R" in d[_ACCESS]])

    def shown(self, name):
        """The configurationKey element of `name` (any case) for GetConfiguration.conf, or None (1.6 6.24, 7.24)."""
        declaration = self._declarations.get(name.lower())
        if declaration is None or "R" not in declaration[_ACCESS]:
            return None
        name, access = declaration[_NAME], declaration[_ACCESS]
        return {"key": name, "readonly": "W" not in access, "value": self._text(name, access)}

    def _text(self, name, access):
        if "!" in access and name in self._changed:
            return self._changed[name]
        value = self._values[name]
        if isinstance(value, bool):
            return "true" if value else "false"
        return ",".join(value) if isinstance(value, list) else str(value)
