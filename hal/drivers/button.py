"""A push button: short, long and very long presses."""

from time import ticks_diff

from micropython import const

_BOUNCE_MS = const(40)
_LONG_MS = const(3000)
_VERY_LONG_MS = const(10000)
_STUCK_MS = const(30000)


class Button:
    """`pin` is called for its level; `pressed` is the level of a pressed button, 0 for one to ground.

    A press counts when it ends. One that was there from the start, or lasts 30 s and longer, is a button that
    sticks or has water in it and never counts: a very long press may reset everything.
    """

    def __init__(self, pin, pressed=0):
        self._pin = pin
        self._level = pressed
        self._down = self._raw = True
        self._valid = False  # the press that is on has been seen to begin
        self._began = self._raw_at = 0

    def poll(self, now):
        """Return "short", "long" (3 s) or "very long" (10 s) if such a press ended at `now` (ticks_ms), else None."""
        raw = self._pin() == self._level
        if raw != self._raw:
            self._raw = raw
            self._raw_at = now
        if raw == self._down or ticks_diff(now, self._raw_at) < _BOUNCE_MS:
            return self._watch(now)
        self._down = raw
        if raw:
            self._valid = True
            self._began = self._raw_at
            return None
        valid = self._valid
        self._valid = False
        return self._kind(ticks_diff(self._raw_at, self._began)) if valid else None

    def _watch(self, now):
        # Before the ticks wrap around, after some days.
        if self._valid and ticks_diff(now, self._began) >= _STUCK_MS:
            self._valid = False

    def _kind(self, lasted):
        return "very long" if lasted >= _VERY_LONG_MS else "long" if lasted >= _LONG_MS else "short"
