"""The security extensions: "Improved security for OCPP 1.6-J", edition 3.

1.6 9.1.29 lists all names that SupportedFeatureProfiles may hold, and the white paper adds none. So a central system is
not shown this one; the owner may name it to switch it on, as the others.
"""

import os

from profiles import Profile


class Security(Profile):
    """`ca_cert`: the path of the owner's root certificate, or ""; `due`: when something has to be done about the
    certificate of the charge point, in the clock's seconds, see renewal.py; None: never. `pending`: as of
    profiles/remote_trigger; `telling`: whether events are being sent, see event_queue.py."""

    name = "Security"
    folder = "security"
    listed = False
    keys = ("profiles.security.configuration",)
    answers = "security_event"
    answering = "event_queue"

    def __init__(self, core, ca_cert=""):
        super().__init__(core)
        self.ca_cert = ca_cert
        self.due = None
        self.pending = []
        self.telling = False

    def start(self, engine):
        for profile in engine.switched_off:
            if profile.folder == "firmware":
                profile.start(engine)  # its uploads are those of GetLog too
        if "client." in "".join(os.listdir(engine.store.path)):
            from profiles.security import renewal

            renewal.plan(self)
        engine.each_second.append(self.check_time)

    def accepted(self):
        if self.core.engine.store.exists("events"):
            from profiles.security import event_queue

            event_queue.wake(self)

    reconnected = accepted

    def check_time(self):
        """Once a second. A clock that is not set yet can only be late."""
        engine = self.core.engine
        if self.due is not None and engine.online and engine.clock.now() >= self.due:
            from profiles.security import renewal

            renewal.act(self)
