"""The simulated board with its levers as methods."""

from hal import sim


class Board(sim.Board):
    def plug(self, number, plugged):
        """Plug a car in (state B) or, with False, unplug it."""
        self.lever(number, "plug", {"state": "plugged" if plugged else "unplugged"})

    def ev(self, number, state, **more):
        """Put the car into `state` "A".."F"; what else is given holds until unplugged."""
        more["state"] = state
        self.lever(number, "ev", more)

    def fault(self, number, error_code):
        """Let `error_code` (1.6 7.6) happen, instead of what is broken; None or "NoError" ends it, as the operator's
        reset does."""
        self.lever(number, "fault", {"errorCode": error_code})

    def meter(self, number, energy_wh):
        """Set the energy register, in Wh."""
        self.lever(number, "meter", {"energy_wh": energy_wh})
