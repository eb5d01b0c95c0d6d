"""One connector: what is plugged, who has claimed it, which transaction runs, and the status that follows (1.6 4.9)."""

from micropython import const

from ocpp import log

AVAILABLE, PREPARING, CHARGING = "Available", "Preparing", "Charging"
SUSPENDED_EV, SUSPENDED_EVSE, FINISHING = "SuspendedEV", "SuspendedEVSE", "Finishing"
RESERVED, UNAVAILABLE, FAULTED = "Reserved", "Unavailable", "Faulted"
_RESUME_S = const(10)  # after a restart a car has this long to be seen
NO_ERROR = ("NoError", None, None)


class Connector:
    """`status` follows from the facts in `update()`, the only place that decides; events change facts, then call it."""

    def __init__(self, core, evse):
        self.core = core
        self.evse = evse
        self.number = evse.number
        self.transaction = None
        self.ending = None  # (reason, idTag or None): the transaction is being stopped
        self.claimed = None  # (idTag, parentIdTag, floating): authorized, waits for the plug
        self.operative = True
        self.finishing = False
        self.status = AVAILABLE
        self.error = NO_ERROR
        self._plugged = False
        self._resuming = False  # a transaction was found after a restart, its car has not been seen yet
        self._since = 0  # uptime at which Preparing began

    @property
    def free(self):
        """A new session may begin here; a plugged car without a session counts as free."""
        return not (self.transaction or self.claimed or self.evse.fault) and self.operative

    async def run(self):
        """Follow the EVSE."""
        while True:
            self.evse.changed.clear()
            self.update()
            await self.evse.changed.wait()

    def claim(self, id_tag, parent=None, floating=False):
        """`id_tag` is authorized to charge here; the transaction starts when a car is connected."""
        self.claimed = (id_tag, parent, floating)
        self.finishing = False
        self._since = self.core.engine.clock.uptime()
        self.update()

    def cancel(self):
        """The claim is taken back."""
        self.claimed = None
        self.finishing = self.evse.plugged
        self.update()

    def stop(self, reason, id_tag=None):
        """End the running transaction; `reason` as in 1.6 7.36. It is over when the contactor has opened, so that the
        last Wh is in its stop message; from now on it will be, whatever happens to the power."""
        if self.transaction and not self.ending:
            self.ending = (reason, id_tag)
            self.core.transactions.ending(self)
            self.evse.permit(False)
            self.update()

    def _end(self):
        (reason, id_tag), self.ending = self.ending, None
        transaction, self.transaction = self.transaction, None
        self.core.transactions.stop(self, transaction, reason, id_tag)
        self.evse.set_lock(False)
        self.finishing = self.evse.plugged

    def resume(self, transaction):
        """Go on with a transaction that a restart interrupted; a car that is not seen soon ends it in check_time()."""
        self._resuming = True
        self._run(transaction)

    def judged(self, status):
        """What the central system says of the running transaction's idTag (1.6 3.5.4, E 3.5)."""
        if status == "Accepted":
            return
        if self.core.engine.keys["StopTransactionOnInvalidId"]:
            self.stop("DeAuthorized")
        else:
            self.evse.permit(False)
            self.update()

    def update(self):
        """Bring transaction and status in line with the facts."""
        plugged = self.evse.plugged
        if plugged != self._plugged:
            self._plugged = plugged
            self._plug_changed(plugged)
        if self.ending and not self.evse.contactor_closed:
            self._end()
        if plugged and self.claimed and not self.evse.fault:
            self._begin()
        status, error = self._facts()
        if (status, error) != (self.status, self.error):
            if status == PREPARING and self.status != PREPARING:
                self._since = self.core.engine.clock.uptime()
            log.info("connector %d: %s%s", self.number, status, "" if error is NO_ERROR else " " + error[0])
            self.status, self.error = status, error
            self.core.status.report(self)

    def _plug_changed(self, plugged):
        self._resuming = False
        if plugged:
            if not self.claimed and self.free:
                self.core.take_floating_claim(self)
            return
        self.finishing = False
        if self.transaction:
            self.stop("EVDisconnected")

    def _begin(self):
        id_tag, parent, _ = self.claimed
        self.claimed = None
        self.finishing = False
        self._run(self.core.transactions.start(self, id_tag, parent))

    def _run(self, transaction):
        self.transaction = transaction
        self.core.metering.begin(self)
        self.evse.set_lock(True)
        self.evse.permit(True)

    def _facts(self):
        """(status, (errorCode, info, vendorErrorCode)) as the facts are now."""
        error = self.evse.fault or self.evse.warning or NO_ERROR
        # A car that cannot be understood is a warning, and only while there is one (4.9).
        if self.evse.fault and not (error[0] == "EVCommunicationError" and self.evse.plugged):
            return FAULTED, error
        return self._session_status(), error

    def _session_status(self):
        if self.transaction:
            return self._transaction_status()
        if self.finishing:
            return FINISHING
        if not self.operative:
            return UNAVAILABLE
        return PREPARING if self.claimed or self.evse.plugged else AVAILABLE

    def _transaction_status(self):
        """SuspendedEVSE goes before SuspendedEV (4.9); a car that asks is Charging once the contactor has closed."""
        evse = self.evse
        if self.ending:
            return self.status
        if evse.contactor_closed and evse.pwm_on:
            return CHARGING
        if not evse.permitted or not evse.pwm_on:
            return SUSPENDED_EVSE if evse.state != "A" and self.status != PREPARING else self.status
        return SUSPENDED_EV if evse.state[0] == "B" else self.status

    def check_time(self):
        """Once a second. Preparing ends after ConnectionTimeOut (1.6 9.1.6, E 3.21), as Finishing when plugged (E 3.20)."""
        uptime = self.core.engine.clock.uptime()
        if self._resuming and uptime >= _RESUME_S:
            self._resuming = False
            self.stop("PowerLoss")
        limit = self.core.engine.keys["ConnectionTimeOut"]
        if self.status == PREPARING and limit and uptime - self._since >= limit:
            log.info("connector %d: ConnectionTimeOut", self.number)
            self.cancel()
