"""The watchdog of the ESP32."""

from machine import WDT


class Watchdog:
    """Resets the board `timeout_ms` after the last feed(); begins with the first, as nothing can stop it then."""

    def __init__(self, timeout_ms):
        self._timeout = timeout_ms
        self._timer = None

    def feed(self):
        """Called by the safety loop after a round that left every connector safe."""
        if self._timer is None:
            self._timer = WDT(timeout=self._timeout)
        self._timer.feed()
