"""The Reservation profile (1.6 3.11, 5.1, 5.13): what is reserved, and when that is over; rules.py has the rest."""

from micropython import const

from profiles import Profile

_EXPIRY = const(4)  # as in rules.py


class Reservation(Profile):
    """`reservations`: a list for each, as on flash: [reservationId, connectorId, idTag, parentIdTag or None, expiry in
    s since 2000]; rules.py has the names of these positions."""

    name = "Reservation"
    folder = "reservation"
    keys = ("profiles.reservation.configuration",)

    def __init__(self, core):
        super().__init__(core)
        self.reservations = []

    def start(self, engine):
        self.rules.restore(self)
        engine.each_second.append(self.check_time)

    @property
    def rules(self):
        """The module that knows what a reservation means."""
        from profiles.reservation import rules
        return rules

    def keeps_from(self, connector, *who):
        return not self.rules.admits(self, connector, *who) or None

    def reservation_of(self, connector, id_tag, parent):
        return self.rules.ended_by(self, connector, id_tag, parent)

    def transaction_started(self, record):
        self.rules.transaction_started(self, record)

    def status_changed(self, connector):
        if self.reservations:
            self.rules.status_changed(self, connector)

    def connectors_changed(self):
        """Others may be the last now for a reservation of connector 0."""
        if self.reservations:
            self.rules.mark(self)

    def made_inoperative(self):
        self.rules.change(self, [])

    def check_time(self):
        """Once a second. Before the clock is set it can only be late: what it has reached is over."""
        for record in self.reservations:
            if self.core.engine.clock.now() >= record[_EXPIRY]:
                return self.rules.expire(self)
