"""A simulated board in a time of its own, measured at its pins."""

from sim_board import Board

SOCKET = {"phases": 3, "max_current": 32, "cable": "socket", "lock": True}


class Rig:
    """A board of connectors like `configs`, in a time of its own, and the wires of connector 1."""

    def __init__(self, *configs):
        self.now = 5000
        self.board = Board(configs or (SOCKET,), 32, lambda: self.now)
        wires = self.wires = self.board.wires
        self.generator = wires.pwm("pilot")
        self.high, self.low = wires.analog("pilot_high"), wires.analog("pilot_low")
        self.relay, self.weld = wires.output("contactor"), wires.sense("weld", "up")

    def pull(self, lever, **values):
        self.board.lever(1, lever, values)

    def pilot(self):
        """(highest, lowest) mV of the pilot, by the front end's equation in docs/wiring.md."""
        return [(adc.read_uv() / 1000 - 1311) / 0.08538 for adc in (self.high, self.low)]

    def shows(self, high, low):
        return all([abs(seen - due) <= 30 for seen, due in zip(self.pilot(), (high, low))])

    def millivolts(self, name):
        return self.wires.analog(name).read_uv() / 1000
