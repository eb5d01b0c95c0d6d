"""Checks a new version on trial: the central system has accepted it, and the safety loop ticks."""

from time import ticks_diff, ticks_ms

from micropython import const

from updates import trial

_FAULT = "InternalError"
_RECENT_MS = const(5000)


class Trial:
    """The trial of the version that runs as `point`. Only its task refers to this object, so both end together."""

    def __init__(self, point):
        self._point = point

    async def run(self):
        """Wait until the version is confirmed, or restart."""
        await trial.watch(self._accepted, self._ticking, self._idle, self._point.restart)
        for profile in self._point.engine.profiles:
            if profile.name == "FirmwareManagement":
                from profiles.firmware import after_restart

                after_restart.outcome(profile)

    def _accepted(self):
        return self._point.engine.accepted.is_set()

    def _ticking(self):
        """Whether the safety loop has ticked within the last seconds, and no connector has an error of the program."""
        last = self._point.safety.last_tick
        if last is None or ticks_diff(ticks_ms(), last) > _RECENT_MS:
            return False
        return not any([connector.error[0] == _FAULT for connector in self._point.core.connectors])

    def _idle(self):
        return not any([evse.contactor_closed for evse in self._point.evses])
