"""The simulated board: for each connector a grid, a car, a cable and a meter behind the usual devices."""

import time

from ..card.queue import CardQueue
from .connector import Connector
from .devices import REPORTED

_SHOWN = ("EVCommunicationError GroundFailure HighTemperature OverCurrentFailure OverVoltage "
          "PowerMeterFailure PowerSwitchFailure UnderVoltage")


def _require(good, text):
    if not good:
        raise ValueError(text)


class Board:
    """A board of `connectors` (dicts as in config.json); `max_current` in A; `ticks()` gives its time in ms.

    Every method raises ValueError with a plain sentence if it is asked for something that does not exist.
    """

    type = "sim"

    def __init__(self, connectors, max_current=32, ticks=time.ticks_ms):
        self.max_current = max_current
        self.card_reader = CardQueue()
        self.connectors = [Connector(config, ticks) for config in connectors]

    def _connector(self, number):
        good = type(number) is int and 1 <= number <= len(self.connectors)
        _require(good, "there is no connector %s" % number)
        return self.connectors[number - 1]

    def plug(self, number, plugged):
        """Plug a car in (state B) or, with False, unplug it."""
        _require(type(plugged) is bool, "plugged must be true or false")
        self._connector(number).drive("B" if plugged else "A")

    def ev(self, number, state, max_current=None, phases=None, diode=None):
        """Put the car into `state` "A".."F"; what else is given (A, 1 to 3, bool) holds until unplugged."""
        connector = self._connector(number)
        good = type(state) is str and len(state) == 1 and state in "ABCDEF"
        _require(good, "state must be one of A to F")
        _require(max_current is None or type(max_current) in (int, float) and 0 <= max_current <= 80,
                 "max_current must be 0 to 80 A")
        _require(phases is None or type(phases) is int and 1 <= phases <= 3, "phases must be 1, 2 or 3")
        _require(diode is None or type(diode) is bool, "diode must be true or false")
        connector.drive(state, max_current, phases, diode)

    def fault(self, number, error_code):
        """Let `error_code` (1.6 7.6) happen; None or "NoError" ends it, as the operator's reset does."""
        connector = self._connector(number)
        error = None if error_code == "NoError" else error_code
        good = error is None or error in REPORTED.split() or error in _SHOWN.split()
        _require(good, "%s is not an errorCode of OCPP 1.6" % error_code)
        connector.fail(error)

    def meter(self, number, energy_wh):
        """Set the energy register, in Wh."""
        connector = self._connector(number)
        good = type(energy_wh) is int and 0 <= energy_wh < 1 << 30
        _require(good, "energy_wh must be a whole number of Wh")
        connector.set_energy(energy_wh)

    def card(self, id_tag, number=None):
        """Show a card at the reader, of connector `number` or of the whole charge point."""
        _require(type(id_tag) is str and 1 <= len(id_tag) <= 20, "idTag must have 1 to 20 characters")
        if number is not None:
            self._connector(number)
        self.card_reader.show(id_tag, number)
