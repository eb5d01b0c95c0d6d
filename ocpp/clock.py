"""UTC and uptime. Time is counted in seconds since 2000-01-01T00:00:00Z, which stays a small integer on 32 bits.

The system's own clock is never asked: a board has none. UTC comes from the central system (1.6 4.2, 4.6) and goes on
with the monotonic ticks; before the first answer it starts from the last time that was stored.
"""

import time

_CUMULATED_DAYS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def _days(year, month, day):
    """Days since 2000-01-01 of a date in 2000..2099."""
    leap_days = (year - 2000 + 3) // 4
    days = (year - 2000) * 365 + leap_days + _CUMULATED_DAYS[month - 1] + day - 1
    return days + 1 if month > 2 and year % 4 == 0 else days


def parse(text):
    """Seconds since 2000 of an ISO 8601 `text` with optional fraction and zone offset (1.6 3.15, E 3.10); ValueError."""
    if len(text) < 19 or text[4] != "-" or text[7] != "-" or text[10] not in "Tt " or text[13] != ":":
        raise ValueError("not a dateTime: " + text)
    year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    if not (2000 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError("date out of range: " + text)
    return _days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - _offset(text)


def _offset(text):
    """Seconds that the zone at the end of `text` is ahead of UTC; none means UTC (1.6 3.14)."""
    at = 19
    while at < len(text) and (text[at] == "." or text[at].isdigit()):
        at += 1
    zone = text[at:]
    if not zone or zone in "Zz":
        return 0
    if zone[0] not in "+-" or len(zone) < 3:
        raise ValueError("unknown time zone: " + text)
    minutes = int(zone[1:3]) * 60 + int(zone[-2:] if len(zone) > 3 else "0")
    return minutes * 60 if zone[0] == "+" else minutes * -60


def iso(seconds):
    """`seconds` since 2000 as dateTime text in UTC, as every message carries it (1.6 3.14)."""
    days, rest = divmod(seconds, 86400)
    year, month = 2000 + days * 4 // 1461, 1
    while month < 12 and days >= _days(year, month + 1, 1):
        month += 1
    day = days - _days(year, month, 1) + 1
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % (year, month, day, rest // 3600, rest // 60 % 60, rest % 60)


class Clock:
    """`now()` in UTC seconds since 2000; `synced` tells whether the central system has set it since the start."""

    def __init__(self, start=0):
        self._ticks = time.ticks_ms()
        self._uptime_ms = 0
        self._start = start
        self.synced = False

    def uptime_ms(self):
        """Milliseconds since the start; call at least once in six days, for the ticks wrap around."""
        now = time.ticks_ms()
        self._uptime_ms += time.ticks_diff(now, self._ticks)
        self._ticks = now
        return self._uptime_ms

    def uptime(self):
        return self.uptime_ms() // 1000

    def now(self):
        return self._start + self.uptime()

    def stamp(self):
        return iso(self.now())

    def set(self, text):
        """Take the central system's time; returns the seconds by which the clock was moved. ValueError if malformed."""
        moved = parse(text) - self.now()
        self._start += moved
        self.synced = True
        return moved
