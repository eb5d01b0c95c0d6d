"""The Smart Charging profile (1.6 3.13): limits that follow charging profiles.

Resident is only who looks whether the limits may have changed; charging profiles stay on flash (stored.py), and the
limits are worked out when one comes or goes, a transaction begins or ends, the clock is set, or the moment has come at
which one of them can change (limits.py).
"""

import os

from ocpp import log
from ocpp.on_demand import load
from profiles import Profile


class SmartCharging(Profile):
    """The resident object of the profile. `any` tells whether there are charging profiles; then the limits hold from
    `since` to `expiry`, in the clock's seconds, and were made with the clock set or not, `synced`."""

    name = "SmartCharging"
    folder = "smart_charging"
    keys = ("profiles.smart_charging.stored",)
    since = expiry = 0
    synced = any = False

    def start(self, engine):
        if "charging_profile" in "".join(os.listdir(engine.store.path)):
            load("profiles.smart_charging.stored").finish(engine.store)
            self.update()
        engine.each_second.append(self.check_time)

    def check_time(self):
        """Once a second: work the limits out again if they may have changed."""
        clock = self.core.engine.clock
        if self.any and (not self.since <= clock.now() < self.expiry or clock.synced != self.synced):
            self.update()

    def update(self):
        """The limits as they are now; nothing is offered while they cannot be told."""
        try:
            load("profiles.smart_charging.limits").apply(self)
        except (MemoryError, OSError) as error:
            self.expiry, self.any = 0, True
            for connector in self.core.connectors:
                connector.evse.set_limit("profile", 0)
            log.exception("charging profiles", error)
