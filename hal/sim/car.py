"""The simulated car that keeps to the rules; cars that misbehave are in car_models.py."""

from time import ticks_add, ticks_diff

from micropython import const

_S2_MS = const(500)  # it opens or closes S2 this long after the PWM went or came


class Car:
    """`state` "A".."F" is what it wants, and `s2` whether it has its switch closed, which makes C or D of B. Currents
    in 1/10 A; `connector` is where it may be plugged in."""

    def __init__(self, connector):
        self.connector = connector
        self.phases = 3
        self.max_current = 320
        self.diode = True
        self.state = "A"
        self.s2 = False
        self._due = None

    def drive(self, state):
        """Go to `state` at once, whatever is offered."""
        self.state = state
        self.s2 = state in "CD"
        self._due = None

    def offered(self, pwm):
        """It sees the PWM come or, with False, go."""
        self._due = ticks_add(self.connector.ticks(), _S2_MS) if self.s2 != pwm and self.state in "CD" else None

    def switch(self, now):
        """Whether S2 is closed from `now` on."""
        if self._due is not None and ticks_diff(now, self._due) >= 0:
            self._due = None
            return not self.s2
        return self.s2

    def draw(self, offer, now):
        """The current on each of its phases at an `offer`, which is 0 without one."""
        return min(offer, self.max_current)
