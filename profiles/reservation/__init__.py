"""The Reservation profile (1.6 3.11, 5.1, 5.13): the reservations and when each expires; rules.py has the rest."""

from micropython import const

from profiles import Profile

_EXPIRY = const(4)  # as in rules.py


class Reservation(Profile):
    """`reservations`: a list for each, as on flash: [reservationId, connectorId, idTag, parentIdTag or None, expiry in
    s since 2000]; rules.py has the names of these positions. While there are some, `answers` are those of rules.py."""

    name = "Reservation"
    folder = "reservation"
    answering = "rules"
    keys = ("profiles.reservation.configuration",)

    def __init__(self, core):
        super().__init__(core)
        self.reservations = []

    def start(self, engine):
        from profiles.reservation import rules

        rules.restore(self)
        engine.each_second.append(self.check_time)

    def check_time(self):
        """Once a second, end the reservations that have expired. Before the clock is set it can only be late."""
        for record in self.reservations:
            if self.core.engine.clock.now() >= record[_EXPIRY]:
                from profiles.reservation import rules

                return rules.expire(self)
