"""The simulated board: for each connector grid, contactor, cable, car and what may break, in volts behind the wires
that the real drivers hold on to."""

import time

import memory
from hal.card.queue import CardQueue
from hal.sim.connector import Connector


class Board:
    """A board of `connectors` (dicts as in config.json); `max_current` in A; `ticks()` gives its time in ms; `reader`:
    "none", and cards are there when they are shown, or "wiegand", and a driver to be polled reads them.

    `connectors` are the devices, one object for each connector. Every method raises ValueError with a plain sentence if
    it is asked for something that does not exist.
    """

    type = "sim"

    def __init__(self, connectors, max_current=32, ticks=time.ticks_ms, reader="none"):
        self.max_current = max_current
        self._reader = None
        if reader == "none":
            self.card_reader = CardQueue()
        elif reader[:7] == "wiegand":
            from hal.drivers import build_enclosure
            from hal.sim.reader import Reader

            self._reader = Reader()
            self.card_reader = build_enclosure.reader(self._reader, reader)
        else:
            raise ValueError('board.reader is "%s", must be "none" or "wiegand" on the simulated board' % reader)
        self._parts = [Connector(config, ticks) for config in connectors]
        wires = self.wires
        from hal.drivers.build_connector import build

        self.connectors = [build(wires, at + 1, config) for at, config in enumerate(connectors)]

    @property
    def wires(self):
        """The stand-ins for pins and buses that the drivers use."""
        from hal.sim import wires

        return wires.Wires(self._parts)

    def _part(self, number):
        if type(number) is int and 1 <= number <= len(self._parts):
            return self._parts[number - 1]
        raise ValueError("there is no connector %s" % number)

    def lever(self, number, name, values):
        """Move the lever `name` of a file lever_*.py to `values`, a dict; KeyError if there is none of this name."""
        part = self._part(number)
        special = name in ("plug", "ev", "fault")
        lever = memory.load("hal.sim.lever_" + (name if special else "part"))
        lever.pull(part, values, *(() if special else (name,)))
        if "energy_wh" in values:
            # What the charge point has billed is set, too; with shows_wh the meter alone is another.
            self.connectors[number - 1].meter.set_energy(values["energy_wh"])

    def card(self, id_tag, number=None):
        """Show a card at the reader, of connector `number` or of the whole charge point."""
        if not (type(id_tag) is str and 1 <= len(id_tag) <= 20):
            raise ValueError("idTag must have 1 to 20 characters")
        if number is not None:
            self._part(number)
        if self._reader:
            self._reader.send(id_tag)
        else:
            self.card_reader.show(id_tag, number)
