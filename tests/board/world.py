"""What is around the ESP32 of the tests: at the GPIOs that config.json names, the wires of hal/sim; a card reader with
its field; a Wi-Fi network. Commands come as lines of JSON on stdin, what can be seen goes to stdout after an @."""

import json
import select
import sys

from hal.sim import Board
from mfrc522_device import Chip

_READS = 18  # of converters, between two looks at stdin


def _gpios(path):
    """(GPIO -> name, sections of the connectors) as the firmware will find them."""
    before = set(sys.modules)
    from config import loader
    from hal.esp32 import pins

    try:
        config = loader.load(path)
        gpios = pins.assign_pins(config["board"], config["connectors"])[0]
        found = {gpios[name]: name for name in gpios}, config["connectors"]
    except ValueError:
        found = {}, [{}]  # the firmware will say what is wrong
    for name in set(sys.modules) - before:
        if name.startswith("config.") or name == "hal.esp32.pins":
            del sys.modules[name]
    return found


class World:
    def __init__(self, path):
        self.names, sections = _gpios(path)
        self.board = Board(sections)  # its own devices do nothing
        self.wires = self.board.wires
        self.chip = Chip()
        self.wifi = True
        self.levels = {}  # of pins that belong to no connector
        self._reads = 0
        self._poll = select.poll()
        self._poll.register(sys.stdin, select.POLLIN)

    def wire(self, gpio):
        """What a digital pin of a connector is wired to, or None."""
        name = self.names.get(gpio, "")
        wire = self.wires.output(name)
        return None if name.startswith("pilot") else wire

    def look(self):
        """Called often: do what the test says."""
        self._reads += 1
        if self._reads >= _READS:
            self._reads = 0
            if self._poll.poll(0):
                self.obey(json.loads(sys.stdin.readline() or "{}"))

    def obey(self, commands):
        """Do what each of `commands` (name: values) says."""
        known = {"lever": self._lever, "card": self._card, "reader": self._reader, "wifi": self._wifi}
        known["level"] = self._level
        for name in commands:
            known[name](commands[name])

    def _lever(self, values):
        self.board.lever(1, *values)

    def _card(self, uid):
        from nfc_cards import Card

        self.chip.cards = [Card(bytes(int(uid[at : at + 2], 16) for at in range(0, len(uid), 2)))] if uid else []

    def _reader(self, there):
        self.chip.dead = None if there else 255

    def _wifi(self, there):
        self.wifi = there

    def _level(self, values):
        gpio, level = values
        self.levels[gpio] = level

    def tell(self, *words):
        print("@", *words)


world = World(sys.argv[1])
