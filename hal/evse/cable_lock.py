"""When the lock of a socket engages and releases the plug, and how often it tries."""

from micropython import const

_RETRY_MS = const(1000)
_MAX_TRIES = const(2)


class CableLock:
    """Drives the lock of `evse`, an Evse, as long as it is `fitted`; it engages on a plugged cable and never releases
    under voltage. `wanted` is the wish of a task."""

    def __init__(self, evse):
        self._evse = evse
        lock = evse.devices.lock
        self.fitted = evse.socket and lock is not None and lock.engaged is not None
        self.wanted = False
        self._tries = self._tried = 0  # how often, and when the last time (ticks_ms)

    def retry(self):
        """Reset the count of tries."""
        self._tries = 0

    @property
    def stuck(self):
        """The lock has not moved since the last retry(), or since it last had to move."""
        return self._tries > _MAX_TRIES

    def drive(self):
        """Part of a tick: move the lock if it has to. Whether current may flow, for it is engaged or not fitted."""
        if not self.fitted:
            return True
        evse = self._evse
        lock = evse.devices.lock
        engaged = lock.engaged
        if engaged != evse.locked:
            evse.put("locked", engaged)
        live = evse.commanded or evse.contactor_closed
        goal = engaged and live or self.wanted and (engaged or evse.plugged)
        if engaged == goal:
            self._tries = 0
            if evse.lock_failed:
                evse.put("lock_failed", False)
        elif not evse.within(self._tried, _RETRY_MS * self._tries):
            self._tries += 1
            self._tried = evse.now
            evse.put("lock_failed", evse.lock_failed or self.stuck)
            (lock.engage if goal else lock.release)()
        return goal and engaged
