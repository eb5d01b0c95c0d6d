"""How much a connector may offer: the smallest of its named limits, and what sets those that are its own; on how many
phases it charges."""

from time import ticks_diff

from micropython import const

_SLOTS = ("cable", "temperature", "board", "profile", "owner", "pause", "phases")
_CABLE = const(0)
_TEMPERATURE = const(1)
_PROFILE = const(3)
_PAUSE = const(5)
_PHASES = const(6)
_DARK_MS = const(60000)  # without an offer before a plugged car gets another number of phases
_SWITCH_MS = const(300000)  # at least between two changes of the phases of one car


class Limits:
    """What evse.Evse is made of: `limit` in 1/10 A and `phases`; see there.

    A tick may come between any two bytecodes of a caller: callers only write their own slots and wishes, each in one
    assignment, and a tick draws the conclusions."""

    _pausing = None  # ms, the wish for a pause
    _relimit = True  # the smallest limit is to be found anew
    _profile = _obeyed = (None, None)  # (1/10 A, phases) as wished and as of the last tick; None = no limit, no change

    def _put(self, name, value):
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.set()

    def _within(self, stamp, milliseconds):
        # On the board what is more than six days old looks as if it were to come.
        return 0 <= ticks_diff(self._now, stamp) < milliseconds

    def set_limit(self, slot, deciamps, phases=None):
        """Limit for "board", "profile" or "owner" (the other slots are the machine's own); None clears it. The smallest
        counts from the next tick on; below 6 A the vehicle is suspended without losing its permission. With `phases`,
        only for "profile": set_phases() in the same moment, for the limit of fewer phases may be higher."""
        if deciamps is not None:
            deciamps = int(deciamps)
        if slot == "profile":
            self._check_phases(phases)
            self._profile = (deciamps, phases or self._profile[1])
        else:
            self._set_slot(_SLOTS.index(slot), deciamps)

    def _set_slot(self, index, deciamps):
        self._limits[index] = deciamps
        self._relimit = True

    def pause(self, milliseconds):
        """Offer nothing for so long, from the next tick on; 0 ends a pause."""
        self._pausing = milliseconds

    def set_phases(self, phases):
        """Charge with 1 phase or with all `installed_phases`; ValueError for 1 where the contactor cannot switch
        (`switchable`). `phases` has what the contactor closes now.

        Cars have been destroyed by phases that came or went too fast. So the contactor changes them only while it is
        open and the pilot shows no PWM, for a plugged car after 60 s without an offer, and for the same car at most
        every 5 minutes. Until then the car charges on with fewer phases than wished, never with more."""
        self._check_phases(phases)
        self._profile = (self._profile[0], phases)

    def _check_phases(self, phases):
        if phases and phases != self.installed_phases and not (phases == 1 and self.switchable):
            raise ValueError("connector %d cannot charge with %d phases" % (self.number, phases))

    def _switch_phases(self):
        """Change the phases of the contactor if others are wished and it is safe now; offer nothing for that."""
        wanted, alone = self._phases, self.level == "A"
        offer = None
        if alone:
            self._switched = None
        if wanted != self.phases:
            waits = self._switched is not None and self._within(self._switched, _SWITCH_MS)
            if wanted < self.phases or not waits:
                offer = 0
            live = self.contactor_closed or self.commanded or self.pwm_on or self.worst is not None
            dark = alone or self.level is not None and not self._within(self._offered, _DARK_MS)
            if dark and not (live or waits):
                self._switched = None if alone else self._now
                self.devices.contactor.phases = wanted
                self._put("phases", wanted)
                offer = None
        if self._limits[_PHASES] != offer:
            self._set_slot(_PHASES, offer)

    def _obey(self):
        """Take over what callers have wished since the last tick."""
        if self._profile is not self._obeyed:
            self._obeyed = deciamps, phases = self._profile
            self._set_slot(_PROFILE, deciamps)
            self._phases = phases or self._phases
        if self._pausing is not None:
            self._pause = self._pausing
            self._pausing = None
            self._paused = self._now
            self._set_slot(_PAUSE, 0)

    def _limit_all(self, celsius):
        self._obey()
        limits = self._limits
        if self.socket:
            cable = self.devices.proximity.deciamps()
            if (cable is not None) != self.cable_in:
                self._put("cable_in", cable is not None)
            cable = cable or 0 if self.plugged else None
            rating = limits[_CABLE]
            # A cable's rating holds until it is unplugged; until then only less, or its loss, counts.
            if cable != rating and not (cable and rating and cable > rating):
                self._set_slot(_CABLE, cable)
        if celsius is not None and (celsius >= 60 or self._step):
            # Half from 65 degrees on, a quarter from 70; each ends 5 degrees lower.
            step = (celsius >= 65 - 5 * (self._step > 0)) + (celsius >= 70 - 5 * (self._step > 1))
            if step != self._step:
                self._step = step
                self._set_slot(_TEMPERATURE, max(60, self.max_current >> step))
        if limits[_PAUSE] == 0 and not (
                self.worst is not None or self.contactor_closed or self._within(self._paused, self._pause)):
            self._set_slot(_PAUSE, None)
        self._switch_phases()
        if self._relimit:
            self._relimit = False
            self._put("limit", min([self.max_current] + [value for value in limits if value is not None]))
