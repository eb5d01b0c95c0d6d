"""Cars that misbehave; loaded when the first of them comes."""

from time import ticks_add, ticks_diff

from micropython import const

from hal.sim.car import Car

_FLAP_MS = const(800)
_WOKEN_MS = const(3000)  # of -12 V
_SLOW_MS = const(4500)  # IEC 61851-1 A.6: a car has 5 s to follow


class Deaf(Car):
    """Draws as much as it can, and does not open S2 when the offer ends."""

    def offered(self, pwm):
        if pwm:
            super().offered(pwm)

    def draw(self, offer, now):
        return self.max_current


class Slow(Car):
    """Follows a new limit as late as it may; less and more alike."""

    def __init__(self, connector):
        super().__init__(connector)
        self._last = self._next = 0
        self._since = None

    def offered(self, pwm):
        super().offered(pwm)
        if not pwm:
            self._last = 0

    def draw(self, offer, now):
        if offer != self._next:
            self._next = offer
            self._since = now
        if self._since is None or not self._last or not offer or ticks_diff(now, self._since) >= _SLOW_MS:
            self._last = offer
        return min(self._last, self.max_current)


class Flapping(Car):
    """Closes and opens S2 all the time."""

    def __init__(self, connector):
        super().__init__(connector)
        self._turn = None

    def offered(self, pwm):
        pass

    def switch(self, now):
        if self.state not in "CD":
            return False
        if self._turn is None or ticks_diff(now, self._turn) >= 0:
            self._turn = ticks_add(now, _FLAP_MS)
            return not self.s2
        return self.s2


class Sleeper(Car):
    """Asks for nothing until it has seen -12 V for a while (IEC 61851-1 A.5.3)."""

    def __init__(self, connector):
        super().__init__(connector)
        self._awake = False
        self._dark = None

    def drive(self, state):
        super().drive(state)
        self.s2 = self.s2 and self._awake

    def offered(self, pwm):
        now = self.connector.ticks()
        if self._dark is not None and ticks_diff(now, self._dark) >= _WOKEN_MS:
            self._awake = True
        self._dark = None if self.connector.duty else now
        if self._awake:
            super().offered(pwm)


class Sated(Car):
    """Opens S2 by itself after `wh` or `seconds` of charging, whichever comes first; None for either: never."""

    def __init__(self, connector):
        super().__init__(connector)
        self.wh = self.seconds = self._began = self._energy = None

    def switch(self, now):
        connector = self.connector
        if self._began is None:
            if connector.power_w:
                self._began = now
                self._energy = connector.energy_wh
        elif self.state in "CD" and (
            self.wh is not None
            and connector.energy_wh - self._energy >= self.wh
            or self.seconds is not None
            and ticks_diff(now, self._began) >= self.seconds * 1000
        ):
            self.drive("B")
        return super().switch(now)


_CLASSES = {
    "normal": Car,
    "slow": Slow,
    "ignores": Deaf,
    "no_diode": Car,
    "flaps": Flapping,
    "sleeps": Sleeper,
    "single_phase": Car,
    "stops": Sated,
}


def replace(connector, model, wh, seconds):
    """A car of this `model` in place of the one that is plugged in. ValueError for one that there is not."""
    if type(model) is not str or model not in _CLASSES:
        raise ValueError("model must be one of %s" % ", ".join(sorted(_CLASSES)))
    for name, after in (("after_wh", wh), ("after_s", seconds)):
        if after is not None and not (type(after) is int and 0 <= after <= 1000000):
            raise ValueError("%s must be 0 to 1000000" % name)
    if (model == "stops") != (wh is not None or seconds is not None):
        raise ValueError('after_wh or after_s, or both, belong to the model "stops"')
    old = connector.car
    connector.car = car = _CLASSES[model](connector)
    car.max_current = old.max_current
    car.phases = 1 if model == "single_phase" else old.phases
    car.diode = model != "no_diode" and old.diode
    car.drive(old.state)
    if isinstance(car, Sated):
        car.wh, car.seconds = wh, seconds
