"""UTC and uptime. Time is counted in seconds since 2000-01-01T00:00:00Z, which stays a small integer on 32 bits.

The system's own clock is never read: that of a board starts in 2000. UTC comes from the central system (1.6 4.2, 4.6)
and goes on with the monotonic ticks; before the first answer it starts from the last time that was stored. The board's
clock is set by it, see ocpp/link/lookup.py.
"""

import time

from micropython import const


KEEP_S = const(600)  # the stored time is at most so much older than the present
STALL_S = const(60)  # a smaller step back makes the clock stand still


def iso(seconds):
    """`seconds` since 2000 as dateTime text in UTC, as every message carries it (1.6 3.14)."""
    from ocpp.clock import iso8601

    return iso8601.text_of(seconds)


class Clock:
    """`now()` in UTC seconds since 2000; `synced` tells whether the central system has set it since the start, and
    `jumps` by how many seconds it has been moved since it was set for the first time."""

    def __init__(self, start=0):
        self._ticks = time.ticks_ms()
        self._uptime_ms = 0
        self._kept = 0
        self._start = start  # the time when uptime and _ms were 0
        self._ms = 0
        self._latest = start
        self.synced = False
        self.jumps = 0

    def uptime_ms(self):
        """Milliseconds since the start; call at least once in six days, for the ticks wrap around."""
        now = time.ticks_ms()
        self._uptime_ms += time.ticks_diff(now, self._ticks)
        self._ticks = now
        return self._uptime_ms

    def uptime(self):
        return self.uptime_ms() // 1000

    def _exact(self):
        return self._start + (self.uptime_ms() + self._ms) // 1000

    def now(self):
        """UTC now. After a step back of less than a minute it stands still until the time before that is reached (1.6
        3.7.1)."""
        now = self._exact()
        if 0 < self._latest - now < STALL_S:
            return self._latest
        self._latest = now
        return now

    def not_before(self, seconds):
        """A message has been stamped with this time before the start."""
        self._start += max(0, seconds - self._exact())
        self._latest = max(seconds, self._latest)

    def keep(self, store):
        """Called every second or so: put the time on flash now and then, for the next start begins with it."""
        uptime = self.uptime()
        if uptime - self._kept >= KEEP_S:
            self._kept = uptime
            store.save("clock", self.now())

    def stamp(self):
        return iso(self.now())

    def set(self, text):
        """Take the central system's time; returns the seconds by which the clock was moved. ValueError if malformed."""
        from ocpp.clock import iso8601

        seconds, uptime = iso8601.parse(text), self.uptime_ms()
        moved = seconds - self._exact()
        self._start = seconds - uptime // 1000
        self._ms = iso8601.milliseconds(text) - uptime % 1000
        self.jumps += moved if self.synced else 0
        self.synced = True
        return moved
