"""Current transformers on the ADC: currents are measured, the voltage is assumed, energy is reckoned from both."""

from array import array
from time import ticks_add, ticks_diff

from micropython import const

from hal.meter import Meter
from hal.meter.billing import MAX_W

try:
    from hal.meter._rms import rms
except (SyntaxError, ValueError, ImportError):
    from hal.meter._rms_py import rms

_BURSTS = const(10)
_READINGS = const(24)  # of a burst: 1 to 2 ms
_COUNT = const(240)
_LATE_MS = const(1)
_AGAIN_MS = const(100)  # whole periods, at 50 and at 60 Hz
_REST_MS = const(300)
_SILENT_MS = const(5000)
_LOW_MV = const(300)  # the middle of the signal; the ADC is linear from 150 to 2450 mV
_HIGH_MV = const(2300)
_JOULE = const(10000)  # 1/10 W * ms


class CurrentTransformers(Meter):
    """A transformer for each phase on `adcs` (as machine.ADC), its burden biased to the middle of the ADC's range.

    `ma_per_v`: mA in the wire that give 1 V RMS at the pin, the calibration. Less than `least_ma` is noise and counts
    as 0. `volts` is the nominal voltage, `hertz` the nominal frequency, 50 or 60. `max_w`: more than can flow (W).

    Bursts of readings 22 ms apart (20 ms at 60 Hz) fall on 10 (5) evenly spaced moments of the period, so that their
    RMS is that of the whole period and none takes longer than 2 ms. poll() must come in the ms it asked for or the
    next, or the burst is put off.
    """

    def __init__(self, adcs, ma_per_v, volts=230, hertz=50, least_ma=300, max_w=MAX_W):
        super().__init__(len(adcs), max_w)
        self.voltages = []
        self._adcs = adcs
        self._ratio = ma_per_v
        self._volts = volts
        self._spacing = 22 if hertz == 50 else 20
        self._least = least_ma // 100
        self._samples = array("H", bytearray(2 * _COUNT))
        self._at = self._phase = self._rest = self._joules = 0
        self._due = self._counted = None  # ticks_ms: of the next burst, of the last measurement

    def set_energy(self, wh, seconds=None, shown=None):
        super().set_energy(wh, seconds)
        self._rest = self._joules = 0

    def poll(self, now):
        """Read a burst when it is time; the answer is exactly when it is time again."""
        if self._due is None:
            self._due = self._counted = now
        late = ticks_diff(now, self._due)
        if late > _LATE_MS:
            self._due = ticks_add(self._due, late // _AGAIN_MS * _AGAIN_MS + _AGAIN_MS)
            if ticks_diff(now, self._counted) > _SILENT_MS:
                self._fail("no time to measure")
        elif late >= 0:
            self._due = ticks_add(self._due, self._spacing)
            self._read()
            if self._at == _COUNT:
                self._measure(now)
        return ticks_diff(self._due, now)

    def _read(self):
        adc = self._adcs[self._phase]
        samples = self._samples
        for at in range(self._at, self._at + _READINGS):
            samples[at] = adc.read_uv() // 1000
        self._at += _READINGS

    def _measure(self, now):
        samples = self._samples
        self._at = 0
        biased = _LOW_MV < sum(samples) // _COUNT < _HIGH_MV
        if biased:
            current = (rms(samples, _COUNT) * self._ratio + 800000) // 1600000
            self.currents[self._phase] = current if current >= self._least else 0
        # Power between two measurements is that of the last; nothing is reckoned for a time without any.
        if self.ok:
            self._rest += self.power_w * 10 * min(ticks_diff(now, self._counted), _SILENT_MS)
            self._joules += self._rest // _JOULE
            self._rest %= _JOULE
            self.register.add(self._joules // 3600, now)
            self._joules %= 3600
        self._counted = now
        self.power_w = sum(self.currents) * self._volts // 10
        self._next(biased)

    def _next(self, biased):
        self._phase += 1
        if not biased:
            # An open wire or no transformer: it would measure 0 for ever.
            self._fail("no bias voltage")
            self._phase = 0
        elif self._phase == len(self._adcs):
            self._good()
            self._phase = 0
        if self._phase == 0:
            self._due = ticks_add(self._due, _REST_MS)
