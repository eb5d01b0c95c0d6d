"""Named JSON records on flash that survive a power cut at any write.

A record has two slots, NAME.0 and NAME.1; each save goes to the slot of the older generation, by a temporary file and a
rename, so the previous generation is always whole on flash. A file is one header line (version, generation, CRC-32 and
length of the body) and the body. What does not check is ignored with a log line.
"""

import binascii
import json
import os

from . import log

_VERSION = 1


def make_folder(path):
    """Create the folder `path` and what is missing above it."""
    at = 0
    while at >= 0:
        at = path.find("/", at + 1)
        part = path if at < 0 else path[:at]
        try:
            os.mkdir(part)
        except OSError:
            if at < 0:
                os.stat(part)


class Store:
    """Records below the folder `path`; `writes` counts file writes since the start, for the wear of the flash."""

    def __init__(self, path):
        make_folder(path)
        self.path = path
        self.writes = 0
        self._generations = {}

    def load(self, name, default=None):
        """The newest whole generation of record `name`, or `default`."""
        newest, value = -1, default
        for slot in (0, 1):
            generation, body = self._read(name, slot)
            if generation > newest:
                newest, value = generation, body
        self._generations[name] = newest
        return value

    def save(self, name, value):
        """Make `value` (anything JSON can hold) the newest generation of record `name`; returns when it is on flash."""
        if name not in self._generations:
            self.load(name)
        generation = self._generations[name] + 1
        body = json.dumps(value, separators=(",", ":")).encode()
        header = "%d %d %d %d\n" % (_VERSION, generation, binascii.crc32(body), len(body))
        self.write_file("%s.%d" % (name, generation & 1), header.encode(), body)
        self._generations[name] = generation

    def exists(self, name):
        """Whether there is a file of record `name`, whole or not."""
        for slot in ("0", "1"):
            try:
                os.stat("%s/%s.%s" % (self.path, name, slot))
                return True
            except OSError:
                pass
        return False

    def write_file(self, name, *parts):
        """Write the file `name` from bytes `parts`, whole or not at all."""
        temporary = self.path + "/tmp"
        with open(temporary, "wb") as file:
            for part in parts:
                file.write(part)
        os.rename(temporary, self.path + "/" + name)
        self.writes += 1

    def append(self, name, line):
        """Append the bytes `line` to the file `name` in one write."""
        with open(self.path + "/" + name, "ab") as file:
            file.write(line)
        self.writes += 1

    def remove(self, name):
        """Delete record `name`, the older generation first so that a cut in between does not bring it back."""
        if not self.exists(name):
            return
        if name not in self._generations:
            self.load(name)
        generation = self._generations.pop(name)
        for slot in ((generation + 1) & 1, generation & 1):
            self.remove_file("%s.%d" % (name, slot))

    def remove_file(self, name):
        try:
            os.remove(self.path + "/" + name)
        except OSError:
            pass

    def _read(self, name, slot):
        """(generation, value) of one slot, or (-1, None) when it is missing, torn or foreign."""
        file_name = "%s/%s.%d" % (self.path, name, slot)
        try:
            with open(file_name, "rb") as file:
                header = file.readline()
                body = file.read()
        except OSError:
            return -1, None
        try:
            version, generation, crc, length = [int(word) for word in header.split()]
            if version == _VERSION and length == len(body) and crc == binascii.crc32(body):
                return generation, json.loads(body)
        except ValueError:
            pass
        log.warning("%s is torn or foreign and is ignored", file_name)
        return -1, None
