"""A buzzer that sounds when a card or the button was accepted or refused, and for a fault."""

from time import ticks_diff

# Hundredths of a second on, off, on ..
_PATTERNS = {
    "accepted": b"\x0a",
    "refused": b"\x0a\x0a\x0a\x0a\x0a",
    "error": b"\x3c\x1e\x3c",
}


class Buzzer:
    """`output` is called with 1 or 0: machine.Pin or Signal; for a passive one, a function that sets a PWM.

    Call `poll(now)` (ticks_ms) every 20 ms or so; sounds begin there.
    """

    def __init__(self, output):
        self._output = output
        self._pattern = None
        self._at = self._since = 0
        output(0)

    def play(self, name):
        """Begin "accepted" (one short tone), "refused" (three short) or "error" (two long), whatever sounds now."""
        self._pattern = _PATTERNS[name]
        self._at = -1

    def poll(self, now):
        pattern = self._pattern
        if pattern is None:
            return
        at = self._at
        if at < 0 or ticks_diff(now, self._since) >= pattern[at] * 10:
            self._at = at = at + 1
            self._since = now
            if at == len(pattern):
                self._pattern = None
            self._output(1 - at % 2 if at < len(pattern) else 0)
