"""The Reservation profile (1.6 3.11, 5.1, 5.13): what is reserved, and when that is over; rules.py has the rest."""

from profiles import Profile


class Reservation(Profile):
    """A record, also on flash: [reservationId, connectorId, idTag, parentIdTag or None, expiry in s since 2000]."""

    name = "Reservation"
    folder = "reservation"
    keys = ("profiles.reservation.configuration",)

    def start(self, engine):
        self.core.reservation = self
        self.rules.restore(self)

    @property
    def rules(self):
        """The module that knows what a reservation means."""
        from profiles.reservation import rules
        return rules

    def follow(self):
        """A connector has changed: others may be the last now for a reservation of connector 0."""
        if self.records:
            self.rules.mark(self)

    def check_time(self):
        """Once a second. Before the clock is set it can only be late: what it has reached is over."""
        for record in self.records:
            if self.core.engine.clock.now() >= record[4]:
                return self.rules.expire(self)
