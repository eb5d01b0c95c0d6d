"""The energy register that is billed: it follows the meter only as far as the connector can have delivered that."""

from time import ticks_diff

from micropython import const

MAX_W = const(44160)  # twice three phases of 32 A at 230 V
MARGIN_WH = const(100)  # what a meter may add in one step beside what can have flowed
_COARSE_WH = const(1000)  # the coarsest step in which a meter counts
_READINGS = const(5)  # of a new truth
_APART_MS = const(900)  # readings that are closer together confirm nothing
_FIRST_READINGS = const(3)  # after the start, as fast as they come
_TOLD_MS = const(60000)
_LONGEST_MS = const(1 << 28)


class BillingRegister:
    """`wh` is the register in Wh, which never falls. `doubt` is None, or for a minute what was wrong with the meter's.

    `shown` is the meter's own register. `max_w`: W that the connector cannot exceed. `margin_wh`: what the meter's
    resolution may add to a reading.
    A reading that lies below the last, or above it by more than `max_w` can have delivered since then, is not billed.
    If the next _READINGS go on from there, it is the meter's new register (another meter, or one that was reset), and
    the count goes on from it; the difference is billed only if it is small enough to be one step of a coarse meter and
    could have flowed since the register last moved. A step back to a register from before a fall bills nothing either.
    """

    def __init__(self, max_w=MAX_W, margin_wh=MARGIN_WH):
        self._max_w = max_w
        self._margin_wh = margin_wh
        self.wh = self.shown = self._own = 0
        self.settled = True
        self.doubt = None
        self._doubtful_ms = 0
        self._seconds = None
        self._earlier = None  # Wh of the meter's register before it fell
        self._at = None  # ticks_ms of the last reading
        self._since_ms = self._still_ms = 0  # since the last reading that counted, since the register last moved
        self._spare_mwh = margin_wh * 1000
        # Of the readings that confirm a new truth: their number, the first and the last, and when those came.
        self._readings = self._first = self._last = self._first_at = self._confirmed_at = 0

    def start(self, wh, seconds=None, shown=None):
        """Begin with the register `wh` that was stored when energy may have flowed for another `seconds`; None: for
        an unknown time. `shown`: what the meter showed then, if it has a register of its own; this must be seen
        _FIRST_READINGS times, unless it is near `shown`, before `settled` is True."""
        self.wh = self._own = wh
        self.settled = shown is None
        self.shown = wh if shown is None else shown
        self._seconds = seconds
        # A meter that had begun at 0 again may return to the register that it had before that.
        self._earlier = wh - self.shown if wh - self.shown > self.shown else None
        self._since_ms = self._still_ms = self._readings = 0
        self._spare_mwh = self._margin_wh * 1000

    def add(self, wh, now):
        """A meter that counts by itself has counted `wh` more at `now` (ticks_ms)."""
        self._own += wh
        self.take(self._own, now)

    def take(self, shown, now):
        """The meter shows `shown` Wh at `now` (ticks_ms)."""
        self.pass_time(now)
        step = shown - self.shown
        possible = self._possible_mwh() if self.settled else self._spare_mwh
        if 0 <= step * 1000 <= possible:
            self.settled = True
            self._readings = 0
            self._accept(shown, step)
        else:
            self._question(shown, now)

    def pass_time(self, now):
        """Count the time until `now`, also while the meter does not answer."""
        passed = 0 if self._at is None else max(0, ticks_diff(now, self._at))
        self._at = now
        self._since_ms = min(self._since_ms + passed, _LONGEST_MS)
        self._still_ms = min(self._still_ms + passed, _LONGEST_MS)
        if self.doubt:
            self._doubtful_ms += passed
            if self._doubtful_ms >= _TOLD_MS:
                self.doubt = None

    def refuse(self, text):
        """Say that something was not billed, with `text` of at most 50 characters (1.6 6.47, info). The first text
        stays until a minute after the last, for each is a StatusNotification."""
        self.doubt = self.doubt or text
        self._doubtful_ms = 0

    def _possible_mwh(self):
        return self._max_w * self._since_ms // 3600 + self._spare_mwh

    def _accept(self, shown, step):
        if self._earlier is not None and shown >= self._earlier:
            # What lies between has been billed before the meter fell.
            self._earlier = None
            if step > self._margin_wh:
                self._refuse_step(shown)
            step = 0
        self._go_on(shown, step)

    def _go_on(self, shown, step):
        """Bill `step` and count from `shown` on."""
        self.wh += step
        self._spare_mwh = min(max(0, self._possible_mwh() - step * 1000), self._margin_wh * 1000)
        self._since_ms = 0
        if shown != self.shown:
            self._still_ms = 0
        self.shown = shown

    def _question(self, shown, now):
        """A reading that cannot be true, or one of the first."""
        if self.settled:
            self._refuse_step(shown)
        if not self._readings or not self._goes_on(shown, now):
            self._readings = 0
            self._first = shown
            self._first_at = now
        elif self.settled and ticks_diff(now, self._confirmed_at) < _APART_MS:
            return
        self._readings += 1
        self._last = shown
        self._confirmed_at = now
        if self._readings >= (_READINGS if self.settled else _FIRST_READINGS):
            self._believe()

    def _goes_on(self, shown, now):
        """Whether `shown` can follow the last reading of the new truth."""
        possible = self._possible_wh(ticks_diff(now, self._first_at)) + self._margin_wh
        return self._last <= shown <= self._first + possible

    def _believe(self):
        """The new truth is the register from now on."""
        self._readings = 0
        step = self._first - self.shown
        returned = self._earlier is not None and self._earlier <= self._first
        if self.settled:
            billed = step <= min(_COARSE_WH, self._possible_wh(self._still_ms))
        else:
            self.settled = True
            billed = self._seconds is None or step <= self._possible_wh(self._seconds * 1000) + self._margin_wh
            if step < 0 or returned or not billed:
                self._refuse_step(self._first)
        if returned:
            self._earlier = None
        elif step < 0:
            self._earlier = max(self.shown, self._earlier or 0)
        billed = billed and step > 0 and not returned
        self._go_on(self._last, (step if billed else 0) + self._last - self._first)

    def _possible_wh(self, milliseconds):
        return self._max_w * milliseconds // 3600000

    def _refuse_step(self, shown):
        self.refuse("register %d -> %d Wh not billed" % (self.shown, shown))
