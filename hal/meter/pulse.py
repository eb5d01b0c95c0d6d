"""S0 pulses (IEC 62053-31) of a meter, or of the chip in one, counted by hardware or by interrupt."""

from time import ticks_diff

from micropython import const

from hal.meter import Meter
from hal.meter.billing import MARGIN_WH

_POLL_MS = const(100)
_WINDOW_MS = const(5000)  # power is the mean of so long, or of one pulse
_MS = const(3600000)  # ms in an hour; W * ms in a Wh * 1000


class PulseMeter(Meter):
    """Counts `counter.value()`, which rises by 1 a pulse from 0 to `modulus` - 1 and then starts again at 0.

    `pulses_per_kwh` as on the meter's plate; `max_w` (W) is more than can flow: pulses that come faster are noise and
    not counted, which `doubt` reports, and `ok` is False while they do. Power is taken from the time between pulses and
    falls when none come.
    No voltage; the currents are the power shared alike by `phases` at `volts`.
    A PCNT of the ESP32 goes back to 0 at its `max`, which is then its modulus.
    """

    estimates = True

    def __init__(self, counter, pulses_per_kwh, max_w, phases=1, volts=230, modulus=65536):
        super().__init__(phases, max_w, MARGIN_WH + 2000 // pulses_per_kwh)
        self.voltages = []
        self._volts = volts
        self._counter = counter
        self._modulus = modulus
        self._rate = pulses_per_kwh
        self._count = counter.value()
        self._pulse = _MS * 1000 // pulses_per_kwh  # W * ms
        self._least = self._pulse // max_w  # ms between two pulses
        self._pulses = self._rest = self._credit = 0
        self._polled = self._began = self._last = None  # ticks_ms: of the last poll, of the window, of the last pulse

    def set_energy(self, wh, seconds=None, shown=None):
        super().set_energy(wh, seconds)
        self._rest = 0

    def poll(self, now):
        """Every 100 ms; a poll that comes late loses nothing within one turn of the counter."""
        if self._polled is None:
            self._polled = self._last = now
        value = self._counter.value()
        pulses = (value - self._count) % self._modulus
        self._count = value
        self.register.pass_time(now)
        # Two pulses may come close together, more only in time.
        self._credit = min(self._credit, 2 * self._least) + ticks_diff(now, self._polled)
        self._polled = now
        if pulses * self._least > self._credit + self._least:
            self._fail("pulses too fast")
            self.register.refuse("%d pulses too fast, not billed" % pulses)
            return _POLL_MS
        self._credit -= pulses * self._least
        self._good()
        if pulses:
            self._add(pulses, now)
        self._fall(now)
        self._estimate(self._volts)
        return _POLL_MS

    def _add(self, pulses, now):
        self._rest += pulses * 1000
        self.register.add(self._rest // self._rate, now)
        self._rest %= self._rate
        self._last = now
        self._pulses += pulses
        if self._began is not None:
            elapsed = ticks_diff(now, self._began)
            if elapsed < _WINDOW_MS:
                return
            self.power_w = self._pulses * self._pulse // elapsed
        # From this pulse on: it belongs to the time before.
        self._began = now
        self._pulses = 0

    def _fall(self, now):
        # A pulse that is late by less than a poll may still be on time.
        elapsed = ticks_diff(now, self._last) - _POLL_MS
        if elapsed > _MS:
            self.power_w = 0
            self._began = None
        elif self.power_w * elapsed > self._pulse:
            self.power_w = self._pulse // elapsed
