"""A monitor of residual currents."""


class Monitor:
    """A monitor that trips `after` ms of test current and releases `later` ms after its end; None = never."""

    def __init__(self, after=40, later=40):
        self.after, self.later = after, later
        self.leaking = self.testing = self.tripped = False
        self.now = self.since = 0
        self.pulses = []

    def test(self, level):
        if level != self.testing:
            self.testing = level
            self.since = self.now

    def fault(self):
        if self.pulses:
            return self.pulses.pop(0)
        needed = self.after if self.testing else self.later
        if needed is not None and self.now - self.since >= needed:
            self.tripped = self.testing == 1
        return int(self.leaking or self.tripped)
