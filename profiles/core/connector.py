"""One connector: what is plugged, who is authorized, which transaction runs, and the status that follows (1.6 4.9)."""

from micropython import const

from ocpp import log
from profiles.core.statuses import AVAILABLE, NO_ERROR, PREPARING

_RESUME_S = const(10)  # after a restart a car has this long to be seen
_FREE = const(4)  # the position in an authorization, see session.claim()


class Connector:
    """`status` follows from the facts in `update()`, the only place that decides. session.py changes facts."""

    def __init__(self, core, evse):
        self.core = core
        self.evse = evse
        self.number = evse.number
        self.transaction = None
        self.ending = None  # (reason, idTag or None): the transaction is being stopped
        self.authorization = None  # as session.claim() makes it: waits for plug and lock
        self.free_id_tag = None  # the idTag of everybody who plugs in, where charging is free
        self.served = False  # the free session of the plugged car is over
        self.cable_holder = None  # the ended transaction whose idTag unlocks the cable
        self.operative = True
        self.reserved = False  # by a reservation; the profile Reservation has its idTag
        self.kept = False  # for a reservation of connector 0, as one of the last that are free
        self.finishing = False
        self.ev_left = False  # the car has left, the cable is still in the socket
        self.resuming = False  # a transaction was found after a restart, its car has not been seen yet
        self.since = 0  # uptime at which Preparing began, or at which it was claimed
        self.status = AVAILABLE
        self.error = NO_ERROR
        self._plugged = False

    @property
    def free(self):
        """A new session may begin here; a plugged car without a session counts as free."""
        if self.transaction or self.authorization or self.cable_holder or self.evse.fault:
            return False
        return self.operative and not self.core.engine.ask("unavailable", self)

    @property
    def _free_charging(self):
        from profiles.core import free_charging

        return free_charging

    @property
    def _starting(self):
        """Authorized and plugged: a transaction starts as soon as the lock, where there is one, has engaged."""
        return self.authorization and self.evse.plugged and not self.evse.fault

    @property
    def _keeps_cable(self):
        """The cable stays locked for a transaction, its owner, or a transaction to come, also while the lock jams."""
        jammed = self.authorization and self.evse.plugged and self.evse.lock_failed
        return bool(self.transaction or self.cable_holder or self._starting or jammed)

    @property
    def session(self):
        """The module that changes the facts of a session."""
        from profiles.core import session

        return session

    def update(self):
        """Bring transaction and status in line with the facts."""
        self.evse.refresh()
        plugged = self.evse.plugged
        if plugged != self._plugged:
            self._plugged = plugged
            self.resuming = self.ev_left = False
            if plugged:
                self.session.plugged_in(self)
            else:
                self.session.unplugged(self)
        if self.ending and not self.evse.contactor_closed:
            self.session.end(self)
        if self.free_id_tag and self._free_charging.is_due(self):
            self.session.claim(self, self.free_id_tag, free=True)
        if self._starting and (self.evse.locked or not self.evse.lock.fitted):
            self.session.begin(self)
        self.evse.lock.wanted = self._keeps_cable
        from profiles.core import connector_status

        status, error = connector_status.status_of(self)
        if (status, error) != (self.status, self.error):
            self.session.set_status(self, status, error)

    def check_time(self):
        """Once a second. Preparing ends after ConnectionTimeOut (9.1.6, E 3.21), as Finishing when plugged (E 3.20). So
        does an authorization that waits for a plug, or for the end of a fault: a jammed lock, for one. That of a car
        that charges for free ends when it is unplugged."""
        uptime = self.core.engine.clock.uptime()
        if self.resuming and uptime >= _RESUME_S:
            self.resuming = False
            self.session.stop(self, "PowerLoss")
        limit = self.transaction.record.get("limit") if self.transaction else None
        if limit is not None and self.evse.permitted and self.evse.devices.meter.energy_wh >= limit:
            self.session.id_tag_status_received(self, "Invalid")
        if self.ev_left and not self.transaction and not self.evse.cable_in:
            self.session.unplugged(self)
            self.update()
        limit = self.core.engine.keys["ConnectionTimeOut"]
        if self.free_id_tag:
            self._check_free(uptime)
        waits = not self._starting and not self.authorization[_FREE] if self.authorization else self.status == PREPARING
        if waits and limit and uptime - self.since >= limit:
            log.info("connector %d: ConnectionTimeOut", self.number)
            self.session.cancel(self)

    def _check_free(self, uptime):
        if self.served and not self.evse.plugged and uptime >= _RESUME_S:
            self._free_charging.gone(self)
        elif self._free_charging.is_due(self):
            self.update()
