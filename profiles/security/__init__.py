"""The security extensions: "Improved security for OCPP 1.6-J", edition 3.

1.6 9.1.29 lists all names that SupportedFeatureProfiles may hold, and the white paper adds none. So a central system is
not shown this one; the owner may name it to switch it on, as the others.
"""

import os

from profiles import Profile


class Security(Profile):
    """`ca_cert`: the path of the owner's root certificate, or ""; `due`: when something has to be done about the
    certificate of the charge point, in the clock's seconds, see renewal.py; None: never."""

    name = "Security"
    folder = "security"
    listed = False
    keys = ("profiles.security.configuration",)

    def __init__(self, core, ca_cert=""):
        super().__init__(core)
        self.ca_cert = ca_cert
        self.due = None

    def start(self, engine):
        if "client." in "".join(os.listdir(engine.store.path)):
            from profiles.security import renewal

            renewal.plan(self)
        engine.each_second.append(self.check_time)

    def check_time(self):
        """Once a second. A clock that is not set yet can only be late."""
        engine = self.core.engine
        if self.due is not None and engine.online and engine.clock.now() >= self.due:
            from profiles.security import renewal

            renewal.act(self)
