"""Configuration keys, declared as data by each profile (1.6 9); key_values.py tells what a declaration is."""

from .on_demand import load

_RECORD = "keys"
_VALUES = "ocpp.key_values"


class Keys:
    """The typed values of all declared keys; `keys["HeartbeatInterval"]` -> 3600. Only the values stay in memory: the
    declarations are made again by their sources when a key is shown or changed."""

    def __init__(self, store, first_values):
        """`first_values`: name -> text of the owner's configuration; each holds until the central system changes it."""
        self._store = store
        self._watchers = {}
        self.first = {name.lower(): (name, text) for name, text in first_values.items()}
        self.sources = []
        self.values = {}

    def __getitem__(self, name):
        return self.values[name]

    def declare(self, source, *args):
        """Add the keys that `declarations(*args)` of the module named `source` gives. ValueError naming key, value and
        what is allowed when a first value will not do."""
        load(_VALUES).declare(self, (source, args), self._store.load(_RECORD, {}))

    def unknown_first_value(self):
        """The name of one of the owner's first values that no profile has declared, or None; the others are let go."""
        unknown = [name for name, _ in self.first.values()]
        self.first = None
        return unknown[0] if unknown else None

    def watch(self, name, call):
        """`call()` after each change of key `name`."""
        self._watchers.setdefault(name, []).append(call)

    def change(self, name, text):
        """The status of ChangeConfiguration.conf (1.6 5.3, 7.22); an accepted value is on flash when this returns."""
        status, name, value = load(_VALUES).judge(self, name, text)
        if status in ("Accepted", "RebootRequired"):
            changed = self._store.load(_RECORD, {})
            if changed.get(name) != text:
                changed[name] = text
                self._store.save(_RECORD, changed)
        if status == "Accepted":
            self.values[name] = value
            for call in self._watchers.get(name, ()):
                call()
        return status

    def shown(self, names=None):
        """(configurationKey elements, unknown names) of GetConfiguration.conf; without `names` of all keys (6.24)."""
        return load(_VALUES).shown(self, names, self._store.load(_RECORD, {}))
