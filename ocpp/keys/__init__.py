"""Configuration keys, declared as data by each profile (1.6 9); ocpp/keys/key_values.py tells what a declaration is."""


class Keys:
    """The typed values of all declared keys; `keys["HeartbeatInterval"]` -> 3600. Only the values stay in memory: the
    declarations are made again by their sources when a key is shown or changed."""

    def __init__(self, store, first_values):
        """`first_values`: name -> text of the owner's configuration; each holds until the central system changes it."""
        self.store = store
        self.watchers = {}  # name of a key -> functions
        self.first = {name.lower(): (name, text) for name, text in first_values.items()}
        self.sources = []
        self.changes = 0  # so far; a cache of the values is valid while this stays the same
        self.values = {}
        self.keeper = None  # see key_values.py

    def __getitem__(self, name):
        return self.values[name]

    def declare(self, source, *args):
        """Add the keys that `declarations(*args)` of the module named `source` gives. ValueError naming key, value and
        what is allowed when a first value is not valid."""
        from ocpp.keys import key_values

        key_values.declare(self, (source, args), key_values.stored(self.store))

    def unknown_first_value(self):
        """The name of one of the owner's first values that no profile has declared, or None; forget them all."""
        unknown = [name for name, _ in self.first.values()]
        self.first = None
        return unknown[0] if unknown else None

    def watch(self, name, call):
        """`call()` after each change of key `name`."""
        self.watchers.setdefault(name, []).append(call)

    def change(self, name, text):
        """The status of ChangeConfiguration.conf (1.6 5.3, 7.22); an accepted value is on flash when this returns."""
        from ocpp.keys import key_values

        return key_values.change(self, name, text)

    def shown(self, wanted=None):
        """A generator of configurationKey elements (1.6 6.24): of all keys, or of those whose names in lower case
        are in `wanted`."""
        from ocpp.keys import key_values

        return key_values.shown(self, wanted, key_values.stored(self.store))
