"""Counting S0 pulses by interrupt, where the firmware has no PCNT."""

from time import ticks_diff, ticks_ms


class EdgeCounter:
    """Counts falling edges of `pin` (machine.Pin), for PulseMeter.

    An edge within `dead_ms` after the last is a bouncing contact: S0 pulses and their pauses last 30 ms or longer.
    """

    modulus = 65536

    def __init__(self, pin, dead_ms=30):
        self._dead_ms = dead_ms
        self._edges = 0
        self._at = None
        pin.irq(handler=self.edge, trigger=pin.IRQ_FALLING)

    def edge(self, pin):
        """The handler of the interrupt; allocates nothing."""
        now = ticks_ms()
        if self._at is None or ticks_diff(now, self._at) >= self._dead_ms:
            self._edges = (self._edges + 1) & 65535
        self._at = now

    def value(self):
        return self._edges
