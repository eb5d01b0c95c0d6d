"""The contactor of a connector: one relay for all phases, or a second one for L2 and L3."""


class Contactor:
    """Outputs are called with 0 or 1, as machine.Pin; coils get their full voltage as long as they are on.

    `feedback` is the pin of the auxiliary contacts, 1 = closed: a mirror contact (normally closed, IEC 60947-4-1 annex
    F) of each contactor, all in series to ground, with a pull-up; so a broken wire looks like a weld. `phases` (3 or 1)
    is how many to close, with a second relay; it may only change while open, and only where it is `switchable`: the
    second relay certainly switches a contactor of its own.
    """

    def __init__(self, relay, relay_l2l3=None, feedback=None, switchable=True):
        self.phases = 3
        self.switchable = switchable and relay_l2l3 is not None
        self._relay = relay
        self._l2l3 = relay_l2l3
        self._feedback = feedback
        self.open()

    def close(self):
        # L1 and the neutral come last and go first: the other contacts switch no current of a single-phase car.
        if self._l2l3:
            self._l2l3(self.phases > 1)
        self._relay(1)

    def open(self):
        self._relay(0)
        if self._l2l3:
            self._l2l3(0)

    @property
    def closed(self):
        """Whether the contacts are closed; None without feedback."""
        return self._feedback() == 1 if self._feedback else None
