"""Named JSON records on flash that survive a power cut at any write.

A record has two slots, NAME.0 and NAME.1; each save goes to the slot of the older generation, by a temporary file and a
rename, so the previous generation is always whole on flash. A file is one header line (version, generation, CRC-32 and
length of the body) and the body. What reads and writes records is in records.py.

When flash is full or cannot be written, records and lines of the journal wait in memory, in their order, until it can
be written again: see ocpp/store/waiting.py.
"""

import os


class Store:
    """Records below the folder `path`; `writes` counts file writes since the start, for the wear of the flash;
    `generations`: name of a record -> its newest, -1 if there is none; `waiting`: what could not be written yet;
    `changed()` is called when writing begins to fail, and when it works again; `journal` is the one in this folder;
    `temporary` is the name of the file that becomes another one when it is whole; `folders` are foreign."""

    def __init__(self, path):
        from ocpp.store import records

        records.make_folder(path)
        self.path = path
        self.writes = 0
        self.generations = {}
        self.waiting = []
        self.journal = self.changed = None
        self.temporary, self.folders = "tmp", []
        from ocpp.store import inventory

        inventory.check(self)

    def load(self, name, default=None):
        """The newest whole generation of record `name`, or `default`."""
        from ocpp.store import records

        return records.load(self, name, default)

    def save(self, name, value):
        """Make `value` (anything JSON can hold) the newest generation of record `name`; returns when it is on flash, or
        waits for room."""
        from ocpp.store import records

        records.save(self, name, value)

    def write_file(self, name, *parts):
        """Write the file `name` from bytes `parts`, whole or not at all. OSError when that is not possible."""
        temporary = self.path + "/" + self.temporary
        with open(temporary, "wb") as file:
            for part in parts:
                file.write(part)
        os.rename(temporary, self.path + "/" + name)
        self.writes += 1

    def append(self, name, line):
        """Append the bytes `line` to the file `name` in one write. OSError when that is not possible."""
        with open(self.path + "/" + name, "ab") as file:
            file.write(line)
        self.writes += 1

    def exists(self, name):
        """Whether there is a file of record `name`, whole or not."""
        from ocpp.store import records

        return records.exists(self, name)

    def remove(self, name):
        """Delete record `name`, the older generation first so that a cut in between does not bring it back."""
        from ocpp.store import records

        records.remove(self, name)

    def remove_file(self, name):
        try:
            os.remove(self.path + "/" + name)
        except OSError:
            pass
