"""The demo's timeline: seconds, who, what; on a terminal with colours and a live line."""

import sys
import time

_COLOURS = {"car": "33", "card": "35", "charge point": "32", "central system": "36", "demo": "1"}
_BAR = 30


def meter_line(connector, full_w):
    """One line of power, current and energy from a connector of /api/status; the bar is full at full_w."""
    power = connector["power_w"]
    filled = max(0, min(_BAR, round(_BAR * power / full_w)))
    bar = "#" * filled + "." * (_BAR - filled)
    return "[%s] %5.0f W %5.1f A %6d Wh" % (bar, power, max(connector["current_a"]), connector["energy_wh"])


class Screen:
    """Writes lines at once; on a terminal the last line may be a live one that the next line replaces."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self.terminal = self.stream.isatty()
        self._began = time.monotonic()
        self._live = False
        self._next_meter = 0.0

    def elapsed(self):
        """Seconds since the demo began."""
        return time.monotonic() - self._began

    def line(self, who, what):
        """One event of the timeline."""
        name = "%-14s" % who
        if self.terminal:
            name = "\033[%sm%s\033[0m" % (_COLOURS.get(who, "0"), name)
        self._write("%5.1f s  %s  %s\n" % (self.elapsed(), name, what))

    def meter(self, connector, full_w):
        """The live power: a line that stays at the bottom of a terminal, else a line every 3 s."""
        text = "%5.1f s  %-14s  %s" % (self.elapsed(), "meter", meter_line(connector, full_w))
        if self.terminal:
            self._write(text)
            self._live = True
        elif self.elapsed() >= self._next_meter:
            self._next_meter = self.elapsed() + 3
            self._write(text + "\n")

    def text(self, lines):
        """Lines outside the timeline."""
        self._write("\n".join(lines) + "\n")

    def _write(self, text):
        if self._live:
            text = "\r\033[K" + text
            self._live = False
        print(text, end="", file=self.stream, flush=True)
