"""The output and the test of a monitor of residual currents (IEC 62955), which must open the contactor by itself."""

from time import sleep_ms, ticks_diff

from micropython import const

_TRIP_MS = const(500)  # a test must trip it within that
_LET_GO_MS = const(1000)  # and be over by then


class ResidualMonitor:
    """`fault` is its pin, 1 = tripped; `test` is called with 1 to let a test current flow, with 0 to end that.

    Without a `test` output `prove` is None.
    """

    def __init__(self, fault, test=None):
        self._fault = fault
        self._test = test
        self._tripped = False
        self._since = self._goal = None
        if test:
            test(0)
        else:
            self.prove = None  # type: ignore[method-assign]

    def tripped(self):
        """Is there a residual current? What a test makes is none. A pulse of less than 1 ms is noise."""
        if self._since is not None:
            return False
        tripped = self._fault() == 1
        if tripped and not self._tripped:
            sleep_ms(1)
            tripped = self._fault() == 1
        self._tripped = tripped
        return tripped

    def prove(self, now):
        """Test the monitor: None until it is done, then True or False; at `now` (ticks_ms), each tick until it is done.

        It is proven when it trips within 500 ms, and has ended that 1 s after the end of the test current.
        """
        tripped = self._fault() == 1
        if self._since is None:
            if not tripped:  # else it is a fault, as tripped() will say
                self._begin(now, 1)
        elif tripped == self._goal:
            if not tripped:
                self._since = None
                return True
            self._begin(now, 0)
        elif ticks_diff(now, self._since) >= (_TRIP_MS if self._goal else _LET_GO_MS):
            self._test(0)
            self._since = None
            return False
        return None

    def _begin(self, now, goal):
        self._since = now
        self._goal = goal
        self._test(goal)
