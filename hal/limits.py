"""How much a connector may offer: the smallest of its named limits, and what sets those that are its own."""

from time import ticks_diff

_SLOTS = ("cable", "temperature", "board", "profile", "owner", "pause")


class Limits:
    """What evse.Evse is made of: `limit` in 1/10 A and `phases`; see there."""

    def _put(self, name, value):
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.set()

    def _within(self, stamp, milliseconds):
        # On the board what is more than six days old looks as if it were to come.
        return 0 <= ticks_diff(self._now, stamp) < milliseconds

    def set_limit(self, slot, deciamps):
        """Limit for "board", "profile" or "owner" (the other slots are the machine's own); None clears it. The smallest
        counts; below 6 A the vehicle is suspended without losing its permission."""
        self._limits[_SLOTS.index(slot)] = deciamps
        limit = self.max_current
        for value in self._limits:
            if value is not None:
                limit = min(limit, int(value))
        self._put("limit", limit)

    def pause(self, milliseconds):
        """Offer nothing for so long, from now; 0 ends a pause."""
        self._pause = milliseconds
        self._paused = self._now
        self.set_limit("pause", 0)

    def set_phases(self, phases):
        """Charge with 1 or 3 phases, told by the contactor's `phases`; a plugged car first gets no offer for 60 s."""
        self._phases = phases
        self.pause(60000 if self.plugged else 0)

    def _limit_all(self, celsius):
        if self.socket:
            cable = self.devices.proximity.deciamps()
            self._put("cable_in", cable is not None)
            cable = cable or 0 if self.plugged else None
            rating = self._limits[0]
            # A cable's rating holds until it is unplugged; until then only less, or its loss, counts.
            if cable != rating and not (cable and rating and cable > rating):
                self.set_limit("cable", cable)
        if celsius is not None:
            # Half from 65 degrees on, a quarter from 70; each ends 5 degrees lower.
            step = (celsius >= 65 - 5 * (self._step > 0)) + (celsius >= 70 - 5 * (self._step > 1))
            if step != self._step:
                self._step = step
                self.set_limit("temperature", max(60, self.max_current >> step))
        if self._limits[5] == 0 and not (
                self.worst is not None or self.contactor_closed or self._within(self._paused, self._pause)):
            self.phases = self.devices.contactor.phases = self._phases
            self.set_limit("pause", None)
