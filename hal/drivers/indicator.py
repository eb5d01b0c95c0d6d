"""The light that shows the state of a connector: three LEDs (or one RGB LED), or WS2812 pixels.

    Available       green, steady               Preparing      blue, flashing: plug in, or present a card
    Authorizing     blue, flickering            Charging       blue, steady
    SuspendedEV     blue, winking: the car waits
    SuspendedEVSE   blue, winking: so does the charge point
    Finishing       green, flashing: unplug     Reserved       yellow, steady
    Unavailable     red, steady                 Faulted        red, flickering
    Offline         yellow, winking: ready, but the central system cannot be reached

Flashing is half a second on and off, flickering 0.2 s, winking 0.1 s off every 2 s. A status that is not in the
list is white. Yellow is red and green together.
"""

from micropython import const


_RED = const(4)
_GREEN = const(2)
_BLUE = const(1)


class Indicator:
    """Call `show(status, now)` each tick; `_light(colour)` of the output is called only when it changes."""

    def __init__(self):
        self._status = None
        self._lit = -1
        self._colour = 0
        self._period = self._on = 1

    def show(self, status, now):
        """Show `status`, a name of the list above, at `now` (ticks_ms)."""
        if status != self._status:
            self._status = status
            from hal.drivers import colours

            self._colour, self._period, self._on = colours.choose(status)
        # All connectors of a charge point blink together.
        lit = self._colour if now % self._period < self._on else 0
        if lit != self._lit:
            self._lit = lit
            self._light(lit)  # type: ignore[attr-defined]


class Leds(Indicator):
    """Three outputs, called with 0 or 1 as machine.Pin or machine.Signal; `None` for a colour that is not there."""

    def __init__(self, red, green, blue):
        super().__init__()
        self._pins = ((red, _RED), (green, _GREEN), (blue, _BLUE))

    def _light(self, colour):
        for pin, bit in self._pins:
            if pin:
                pin(1 if colour & bit else 0)


class Pixels(Indicator):
    """`strip` as neopixel.NeoPixel, all of it in one colour, each part of it `brightness` (0 to 255) at most."""

    def __init__(self, strip, brightness=48):
        super().__init__()
        self._strip = strip
        self._brightness = brightness

    def _light(self, colour):
        level = self._brightness
        self._strip.fill((colour // _RED * level, colour // _GREEN % 2 * level, colour % 2 * level))
        self._strip.write()
