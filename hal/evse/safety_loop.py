"""The loop that keeps every connector safe, and the only one that feeds the watchdog.

On a board a timer drives it, so that it waits neither for the event loop nor for an import.
"""

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

_TICK_MS = const(20)
_TOO_SOON_MS = const(10)  # ticks that piled up behind a long call in C
_LIFE_MS = const(500)
# How long the event loop may stand still before the watchdog is left to reset the board. The longest that it does in
# good health is a step of a TLS handshake or an import, less than a second. What is one long call in C, as a look-up of
# a name or erasing flash, stops the ticks as well: that is limited by the watchdog itself.
_LONGEST_MS = const(20000)


class Safety:
    """Ticks `evses` every 20 ms from start() to stop(); `error` is the last exception of a tick.

    More than two take turns, so that the processor has time for more than that: each is ticked every 40 ms. A car that
    opens its switch is then seen in two ticks, and the contactor opens after 80 ms at the latest (IEC 61851-1 table
    A.6, sequence 8.1: 100 ms).

    `tick_max_ms` is the worst lateness outside of TLS handshakes, `tls_tick_max_ms` that within them: each step of a
    handshake is one long call in C. The link calls set_tls() before and after one.
    `watchdog.feed()` is called after every round that left each connector controlled or safe, once live() runs, and as
    long as the event loop has let it run in the last 20 s.
    """

    def __init__(self, evses, watchdog=None):
        self.evses = evses
        self.watchdog = watchdog
        self.error = None
        self.tick_max_ms = self.tls_tick_max_ms = 0
        self._timer = None
        self.last_tick = None  # its ticks_ms
        self._alive = None  # ticks_ms of the last sign of life of the event loop
        self._in_tls = self._was_in_tls = self._stopped = False
        self._interrupted = False  # Ctrl-C came within a tick
        self._turn = 0

    def set_tls(self, on):
        """A TLS handshake begins or, with False, has ended."""
        self._in_tls = on

    def start(self, timer):
        """Tick by `timer`, as machine.Timer, which interrupts whatever is going on."""
        self._timer = timer
        timer.init(mode=timer.PERIODIC, period=_TICK_MS, callback=self._tick)

    async def live(self):
        """Show for ever that the event loop is alive."""
        while True:
            self._alive = ticks_ms()
            if self._interrupted:
                raise KeyboardInterrupt
            await asyncio.sleep_ms(_LIFE_MS)

    def _tick(self, _):
        now = ticks_ms()
        if self.last_tick is not None:
            passed = ticks_diff(now, self.last_tick)
            if passed < _TOO_SOON_MS:
                return
            self._measure(passed - _TICK_MS)
        self.last_tick = now
        try:
            self.step(now)
        except KeyboardInterrupt:
            # Ctrl-C came just now. It would end here unseen, so live() raises it again.
            self._interrupted = True
            self.safe()

    def let_in(self):
        """Run a tick that is due, in the middle of a long call in C that calls this, as littlefs does."""
        try:
            if self._timer:  # MicroPython looks for what is due at each jump
                return
        except KeyboardInterrupt:
            # Ctrl-C must not break off what littlefs has begun.
            self._interrupted = True

    def _measure(self, late):
        # The tick that a step of a handshake has delayed may come when that has just ended.
        if self._in_tls or self._was_in_tls:
            self._was_in_tls = self._in_tls
            if late > self.tls_tick_max_ms:
                self.tls_tick_max_ms = late
        elif late > self.tick_max_ms:
            self.tick_max_ms = late

    def step(self, now):
        """Tick each connector, or those whose turn it is; one that fails is opened and faulted and does not stop the
        others."""
        if self._stopped:
            self.safe()
            return
        good = True
        self._turn = turn = 1 - self._turn
        all_at_once = len(self.evses) <= 2
        for evse in self.evses:
            if not (all_at_once or evse.number & 1 == turn):
                continue
            try:
                evse.tick(now)
            except Exception as error:
                self.error = error
                try:
                    evse.crashed()
                except Exception:
                    # Not even opening works: an unfed watchdog resets the board, and a reset turns its pins off.
                    good = False
        if good and self.watchdog and self._alive is not None and ticks_diff(now, self._alive) < _LONGEST_MS:
            self.watchdog.feed()

    def stop(self):
        """Open every contactor; no tick closes one from now on."""
        self._stopped = True
        try:
            self.safe()
        finally:
            if self._timer:
                self._timer.deinit()

    def safe(self):
        """Open every contactor and switch every PWM off, at once."""
        for evse in self.evses:
            try:
                evse.safe()
            except Exception as error:
                # The next connector still has to be opened.
                self.error = error
