"""What tasks see of an Evse, while ticks interrupt them."""

from hal.evse.faults import text_of

_FACTS = (
    "state", "plugged", "cable_in", "locked", "lock_failed", "contactor_closed", "pwm_on", "limit", "phases", "worst",
    "warning",
)  # fmt: skip


class EvseFacts:
    """In the place of an evse.Evse: the same attributes and methods. The facts in _FACTS are copies that fit together
    and stay as they are until the next refresh(); all else is the Evse's own."""

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
