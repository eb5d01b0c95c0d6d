"""The log as it is kept on flash."""

import os

from helpers import folder

from ocpp import log
from ocpp.log import writing
from ocpp.log.ring import Ring


class Kept:
    """A Ring over an empty folder while it is open."""

    def __init__(self, kilobytes=8, name="log"):
        self.path, self.kilobytes = folder(name), kilobytes

    def __enter__(self):
        self.restart()
        return self

    def __exit__(self, *error):
        log.kept = None

    def restart(self):
        self.ring = writing.begin(Ring(), self.path, self.kilobytes)

    def on_flash(self):
        """The lines on flash."""
        lines = []
        for number in writing.numbers_of(self.ring):
            with open(writing.path_of(self.ring, number)) as file:
                lines += file.read().split("\n")[:-1]
        return lines

    def sizes(self):
        return [os.stat(writing.path_of(self.ring, number))[6] for number in writing.numbers_of(self.ring)]

    def second(self, count=1):
        for _ in range(count):
            self.ring.check()
