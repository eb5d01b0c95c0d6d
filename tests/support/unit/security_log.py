"""The security log as it is kept on flash, below an engine that stands for the real one."""

from helpers import folder

from ocpp import events, log
from ocpp.log import writing
from ocpp.store import Store


class Clock:
    def __init__(self):
        self.seconds = 0

    def uptime(self):
        return self.seconds

    def stamp(self):
        return "2026-11-29T%02d:%02d:%02dZ" % (self.seconds // 3600, self.seconds // 60 % 60, self.seconds % 60)


class Engine:
    """`asked`: what the profiles have been asked."""

    def __init__(self, path):
        self.store, self.clock, self.asked = Store(path), Clock(), []

    def ask(self, question, engine, *what):
        self.asked.append((question,) + what)


class SecurityLog:
    """Use with `with`; begin() is a start of the charge point."""

    def __init__(self, name="security", path=None):
        self.path = path or folder(name)

    def __enter__(self):
        log.security, log.told = None, ()
        return self

    def __exit__(self, *error):
        log.security, log.told = None, ()

    def begin(self):
        self.engine = Engine(self.path)
        self.ring = events.begin(self.engine, self.path)

    def second(self, count=1):
        for _ in range(count):
            self.engine.clock.seconds += 1
            self.ring.check()

    def lines(self):
        """The lines on flash."""
        lines = []
        for number in writing.numbers_of(self.ring):
            with open(writing.path_of(self.ring, number)) as file:
                lines += file.read().split("\n")[:-1]
        return lines
