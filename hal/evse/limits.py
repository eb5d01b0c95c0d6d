"""Finds the current that a connector may offer, the smallest of its named limits, and the number of its phases."""

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
    """Finds what `evse`, an Evse, may offer: its `limit` in 1/10 A and its `phases`. `cable_refused`: the cable in the
    socket has no rating, so the contactor stays open.

    A tick may come between any two bytecodes of a caller. So callers only hand over a wish in one assignment, and the
    next tick obeys it."""

    def __init__(self, evse):
        self._evse = evse
        self._limits = [None] * len(_SLOTS)  # 1/10 A
        self._slot_changed = True  # find the smallest limit again
        self._profile = self._obeyed = (None, None)  # (1/10 A, phases) wished, and of the last tick; None = no change
        self._wanted_phases = evse.installed_phases
        self._phases_changed = None  # when the plugged car got another number of phases
        self._wanted_pause_ms = None
        self._pause_ms = self._paused = 0
        self._derating = 0  # how often the heat has halved the current
        self.cable_refused = False

    def set(self, slot, deciamps, phases=None):
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
        self._slot_changed = True

    def pause(self, milliseconds):
        """Offer nothing for so long, from the next tick on; 0 ends a pause."""
        self._wanted_pause_ms = milliseconds

    def set_phases(self, phases):
        """Charge with 1 phase or with all `installed_phases`; ValueError for 1 where the contactor cannot switch
        (`switchable`). `phases` has what the contactor closes now.

        Cars have been destroyed by phases that came or went too fast. So the contactor changes them only while it is
        open and the pilot shows no PWM, for a plugged car after 60 s without an offer, and for the same car at most
        every 5 minutes. Until then the car charges on with fewer phases than wished, never with more."""
        self._check_phases(phases)
        self._profile = (self._profile[0], phases)

    def _check_phases(self, phases):
        evse = self._evse
        if phases and phases != evse.installed_phases and not (phases == 1 and evse.switchable):
            raise ValueError("connector %d cannot charge with %d phases" % (evse.number, phases))

    def update(self, celsius):
        """Part of a tick: set `limit`, `phases` and `cable_in` of the Evse; `celsius` is the temperature or None."""
        evse, limits = self._evse, self._limits
        self._obey()
        if evse.socket:
            self._update_cable()
        if celsius is not None and (celsius >= 60 or self._derating):
            self._derate(celsius)
        if limits[_PAUSE] == 0 and not (
            evse.worst is not None or evse.contactor_closed or evse.within(self._paused, self._pause_ms)
        ):
            self._set_slot(_PAUSE, None)
        self._switch_phases()
        if self._slot_changed:
            self._slot_changed = False
            evse.put("limit", min([evse.max_current] + [value for value in limits if value is not None]))

    def _obey(self):
        """Take over what callers have wished since the last tick."""
        if self._profile is not self._obeyed:
            self._obeyed = deciamps, phases = self._profile
            self._set_slot(_PROFILE, deciamps)
            self._wanted_phases = phases or self._wanted_phases
        if self._wanted_pause_ms is not None:
            self._pause_ms = self._wanted_pause_ms
            self._wanted_pause_ms = None
            self._paused = self._evse.now
            self._set_slot(_PAUSE, 0)

    def _update_cable(self):
        evse = self._evse
        cable = evse.devices.proximity.deciamps()
        if (cable is not None) != evse.cable_in:
            evse.put("cable_in", cable is not None)
        cable = cable or 0 if evse.plugged else None
        rating = self._limits[_CABLE]
        # A cable's rating holds until it is unplugged; until then only less, or its loss, counts.
        if cable != rating and not (cable and rating and cable > rating):
            self._set_slot(_CABLE, cable)
            self.cable_refused = cable == 0

    def _derate(self, celsius):
        """Half the current from 65 degrees on, a quarter from 70; each ends 5 degrees lower."""
        step = (celsius >= 65 - 5 * (self._derating > 0)) + (celsius >= 70 - 5 * (self._derating > 1))
        if step != self._derating:
            self._derating = step
            self._set_slot(_TEMPERATURE, max(60, self._evse.max_current >> step))

    def _switch_phases(self):
        """Change the phases of the contactor if others are wished and it is safe now; offer nothing for that."""
        evse, wanted = self._evse, self._wanted_phases
        alone = evse.level == "A"
        offer = None
        if alone:
            self._phases_changed = None
        if wanted != evse.phases:
            waits = self._phases_changed is not None and evse.within(self._phases_changed, _SWITCH_MS)
            if wanted < evse.phases or not waits:
                offer = 0
            live = evse.contactor_closed or evse.commanded or evse.pwm_on or evse.worst is not None
            dark = alone or evse.level is not None and not evse.within(evse.duty_set, _DARK_MS)
            if dark and not (live or waits):
                self._phases_changed = None if alone else evse.now
                evse.devices.contactor.phases = wanted
                evse.put("phases", wanted)
                offer = None
        if self._limits[_PHASES] != offer:
            self._set_slot(_PHASES, offer)
