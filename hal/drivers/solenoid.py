"""The lock of a socket that needs current to stay locked."""

from hal.drivers.lock import MotorLock


class SolenoidLock(MotorLock):
    """A `coil` that holds the bolt as long as it has current; a spring unlocks, as it does without power."""

    def __init__(self, coil, feedback=None):
        super().__init__(coil, None, feedback)

    def _drive(self, level):
        self._a(self._goal)
