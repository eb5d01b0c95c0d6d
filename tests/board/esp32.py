"""The module `esp32`: pulse counters at the S0 outputs of tests/board/world.py's meters."""
from world import world

HEAP_DATA = 4


def idf_heap_info(kind):
    """No memory of ESP-IDF is counted as MicroPython's on a PC."""
    return [(0, 0, 0, 0)]


class PCNT:
    INCREMENT = 1

    def __init__(self, unit, *, pin, falling, filter, max):
        counter = world.wires.counter(world.names[pin.id])
        self._started = False
        self.value = lambda: counter.value() % max if self._started else 0

    def start(self):
        self._started = True
