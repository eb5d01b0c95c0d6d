"""A simulated board in a time of its own, and a car that charges at it."""

from sim_board import Board

from hal.evse.pilot import duty_permyriad

SOCKET = {"phases": 3, "max_current": 32, "cable": "socket", "lock": True, "meter": {"type": "sim"}}


class Clock:
    now = 5000

    def ticks(self):
        return self.now


def bench(*configs):
    """A board of connectors like `configs`, its clock and the devices of connector 1."""
    clock = Clock()
    board = Board(configs or (SOCKET,), 32, clock.ticks)
    return board, clock, board.connectors[0]


def charging(deciamps, **car):
    """As bench(), with a car in state C that is offered this current over a closed contactor."""
    board, clock, devices = bench()
    board.ev(1, "C", **car)
    devices.pilot.set_duty(duty_permyriad(deciamps))
    devices.contactor.close()
    return board, clock, devices
