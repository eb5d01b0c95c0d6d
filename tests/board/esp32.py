"""The module `esp32`: pulse counters at the S0 outputs of tests/board/world.py's meters."""

from world import world


class PCNT:
    INCREMENT = 1

    def __init__(self, unit, *, pin, falling, filter, max):
        counter = world.wires.counter(world.names[pin.id])
        self._started = False
        self.value = lambda: counter.value() % max if self._started else 0

    def start(self):
        self._started = True
