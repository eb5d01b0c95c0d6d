"""The Smart Charging profile (1.6 3.13): limits that follow charging profiles.

Resident is only the check whether the limits may have changed; charging profiles stay on flash (stored.py), and the
limits are calculated when one comes or goes, a transaction begins or ends, the clock is set, or the moment has come at
which one of them can change (limits.py).
"""

import os

from micropython import const

from ocpp import log
from profiles import Profile

_UNCERTAIN_S = const(2)  # the clock may be so far behind that of the central system


class SmartCharging(Profile):
    """The resident object of the profile. `has_profiles`: there are charging profiles; then the limits hold from
    `since` to `expiry`, in the clock's seconds, and were made with the clock set or not, `synced`, and after its
    `jumps`. `both`: None, or for a clock that was set back (its jumps before, until when both times count, the
    transactions for which they do), see limits.py."""

    name = "SmartCharging"
    folder = "smart_charging"
    answers = "checked_charging_profile charging_profile_begins transactions_changed"
    answering = "for_transactions"

    def __init__(self, core):
        super().__init__(core)
        self.since = self.expiry = self.jumps = self.reached = 0
        self.set_back = None
        self.synced = self.has_profiles = False
        self.keys = ("profiles.smart_charging.configuration", [connector.evse for connector in core.connectors])

    def start(self, engine):
        from ocpp.store import inventory

        kept = inventory.kept(engine.store, "profiles", 0)
        if kept or "charging_profile" in "".join(os.listdir(engine.store.path)):
            # Nothing is offered before the limits have been worked out for the first time.
            for connector in self.core.connectors:
                connector.evse.limits.set("profile", 0)
            from profiles.smart_charging import stored

            stored.recover(engine.store)
            self.update()
        engine.each_second.append(self.check_time)

    def check_time(self):
        """Once a second: work the limits out again if they may have changed."""
        clock = self.core.engine.clock
        moved = clock.synced != self.synced or clock.jumps != self.jumps
        if self.has_profiles and (moved or not self.since <= clock.now() < self.expiry):
            self.update()

    def expect(self):
        """A charging profile has come that may begin "now": what begins within the uncertainty of the clock counts as
        begun, or between two profiles there would be none."""
        clock = self.core.engine.clock
        self.reached = clock.now() + _UNCERTAIN_S
        if not self.has_profiles:
            self.jumps = clock.jumps  # before the first charging profile there were none to calculate

    def changed(self):
        """Charging profiles have come or gone by order of the central system: its time is the one that counts."""
        self.set_back, self.jumps = None, self.core.engine.clock.jumps
        self.update()

    def update(self):
        """Set the limits as they are now. Short of memory, or with a failing flash, the last limits hold and are worked
        out again a second later; a transaction that has not begun to charge waits for that."""
        try:
            from profiles.smart_charging import limits

            limits.apply(self)
        except (MemoryError, OSError) as error:
            self.expiry, self.has_profiles = 0, True
            for connector in self.core.connectors:
                if connector.transaction and not connector.evse.permitted:
                    connector.evse.limits.set("profile", 0)
            log.exception("charging profiles", error)
