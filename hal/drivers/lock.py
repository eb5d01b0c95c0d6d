"""The lock of a socket: a bolt that keeps the plug in."""

from time import ticks_diff

from micropython import const

_PULSE_MS = const(400)


class MotorLock:
    """A motor, or a solenoid that stays where it is: a pulse at output `a` locks, one at `b` unlocks.

    Outputs are called with 0 or 1, as machine.Pin. `feedback` is the pin of the bolt, 1 = locked. Without it a pulse is
    taken to have moved the bolt, and the first poll unlocks, for its place is unknown. Call poll(now) each tick.
    """

    def __init__(self, a, b, feedback=None):
        self._a = a
        self._b = b
        self._feedback = feedback
        self._goal = self._moving = False
        self._since = None
        self._drive(0)
        if not feedback:
            self.release()

    @property
    def engaged(self):
        """Is it locked?"""
        return self._feedback() == 1 if self._feedback else self._goal and not self._moving

    def engage(self):
        """Lock; the pulse begins with the next poll."""
        self._move(True)

    def release(self):
        """Unlock; the pulse begins with the next poll."""
        self._move(False)

    def _move(self, goal):
        self._goal = goal
        self._moving = True
        self._since = None

    def poll(self, now):
        """Begin or end a pulse at `now` (ticks_ms)."""
        if not self._moving:
            return
        if self._since is None:
            self._since = now
            self._drive(1)
        elif ticks_diff(now, self._since) >= _PULSE_MS:
            self._moving = False
            self._drive(0)

    def _drive(self, level):
        first, second = (self._b, self._a) if self._goal else (self._a, self._b)
        first(0)
        second(level)
