"""The energy chip HLW8012, and BL0937 with its own constants: one phase, measured by the frequency of pulses."""

from time import ticks_diff

from micropython import const

from hal.meter.pulse import PulseMeter

_SETTLE_MS = const(1000)  # CF1 after a change of SEL
_MEASURE_MS = const(2000)  # of that, with the settling
_LEAST = const(500)  # 1/10 V: less is no voltage but a chip that is not there


class Hlw8012(PulseMeter):
    """`cf` and `cf1`: counters as for PulseMeter, in hardware, for CF has 900 Hz at 11 kW; `sel`: as machine.Pin.

    HLW8012 data sheet: f(CF) = V1 * V2 * 48 / Vref^2 * fosc / 128, f(current) = V1 * 24 / Vref * fosc / 512,
    f(voltage) = V2 * 2 / Vref * fosc / 512; Vref 2.43 V, fosc 3.579 MHz, V1 at the shunt, V2 at the divider. The
    defaults are those of 1 mOhm and 2821 : 1; tolerances of several % ask for calibration. `volt_level`: of SEL for the
    voltage; BL0937 has 0.
    """

    estimates = False

    def __init__(
        self, cf, cf1, sel, max_w, pulses_per_kwh=290050, ua_per_hz=14484, uv_per_hz=490300, volt_level=1, modulus=65536
    ):
        super().__init__(cf, pulses_per_kwh, max_w, modulus=modulus)
        self.voltages = [0]
        self._cf1 = cf1
        self._sel = sel
        self._scales = (ua_per_hz, uv_per_hz)
        self._level = volt_level
        self._wrap = modulus
        self._what = self._first = 0  # what CF1 shows: 1 = voltage, 0 = current; its count when the measurement began
        self._since = self._from = None
        self._select(1)

    def _select(self, volts):
        self._what = volts
        self._since = self._from = None
        self._sel.value(self._level if volts else 1 - self._level)

    def poll(self, now):
        wait = super().poll(now)
        if self._since is None:
            self._since = now
        elapsed = ticks_diff(now, self._since)
        if self._from is None and elapsed >= _SETTLE_MS:
            self._from = now
            self._first = self._cf1.value()
        elif elapsed >= _MEASURE_MS:
            pulses = (self._cf1.value() - self._first) % self._wrap
            values = self.voltages if self._what else self.currents
            # uA a Hz, ms and 1/10 A: 1000 / 100000.
            values[0] = pulses * self._scales[self._what] // (ticks_diff(now, self._from) * 100)
            self._select(1 - self._what)
        return wait

    def _good(self):
        # In one step: a tick may come in between and must not see a meter that is good for a moment.
        if self.voltages[0] < _LEAST:
            self._fail("no voltage")
        else:
            super()._good()

    def _estimate(self, volts):
        # The chip measures it.
        pass
