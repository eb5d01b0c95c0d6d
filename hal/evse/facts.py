"""A consistent copy of an Evse for tasks, which ticks interrupt."""

from hal.evse.faults import text_of

_FACTS = (
    "state", "plugged", "cable_in", "locked", "lock_failed", "contactor_closed", "pwm_on", "limit", "phases", "worst",
    "warning",
)  # fmt: skip


class EvseFacts:
    """Stands in for an evse.Evse, with the same attributes and methods. Those in _FACTS are copies of one moment that
    change only with refresh(); all others are the Evse's own."""

    def __init__(self, evse):
        self._evse = evse
        self.refresh()

    def __getattr__(self, name):
        return getattr(self._evse, name)

    @property
    def fault(self):
        """The gravest fault, None or (errorCode, info, vendorErrorCode)."""
        return text_of(self.worst)

    def refresh(self):
        """Take the facts as they are now."""
        evse = self._evse
        ticks = None
        while ticks != evse.ticks:
            # A tick that comes in between makes it begin again.
            ticks = evse.ticks
            for name in _FACTS:
                setattr(self, name, getattr(evse, name))
