"""What is wrong with a connector: the faults it can have, when each begins and what ends it."""

from time import ticks_diff

from micropython import const

from hal.pilot import deciamps_of

# The faults, the gravest first: that one shows; texts in fault_texts.py.
_COUNT = const(16)
_UNTESTED = const(0)
_WELD = const(1)
_INTERNAL = const(2)
_GENERATOR = const(3)
_LATCHED = const(4)  # those before stay until the operator's reset
_GROUND = const(4)
_NOT_CLOSED = const(5)
_OVER_CURRENT = const(6)
_HOT = const(7)
_PILOT = const(8)
_DIODE = const(9)
_LOCK = const(10)
_VENTILATION = const(11)
_SENSOR = const(12)
_OVER_VOLTAGE = const(13)
_UNDER_VOLTAGE = const(14)
_METER = const(15)

_WARNINGS = "WeakSignal ReaderFailure ResetFailure LocalListConflict"
_NEVER = const(-1)  # what shows only while charging ends with the plug-in, or by the operator
_RETRIES = const(6)

# Phase of a fault: bit 1 = active, bit 0 = its cause has come or gone, but not for long enough.
_ACTIVE = const(2)
_LEAVING = const(3)


class Faults:
    """What evse.Evse is made of: `warning` is None or (errorCode, info, vendorErrorCode), `worst` None or the number of
    the gravest fault, _COUNT for what the board reports."""

    worst = warning = _report = _reported = _reported_warning = _doubted = None
    _retries = 0

    @property
    def fault(self):
        """The gravest fault, None or (errorCode, info, vendorErrorCode)."""
        if self.worst is None or self.worst == _COUNT:
            return self._report
        from hal import fault_texts
        return fault_texts.text(self.worst)

    @property
    def welded(self):
        """The contactor does not open."""
        return self._phase[_WELD] >= _ACTIVE

    def _judge(self, index, cause, begin, end):
        """Is `index` a fault now? It begins `begin` ms after `cause` came and ends `end` ms after it went."""
        before = self._phase[index]
        phase = before & _ACTIVE
        if cause != (phase > 0):
            if before == phase:
                self._begun[index] = self._now
            phase |= 1
            if 0 <= (end if before & _ACTIVE else begin) <= ticks_diff(self._now, self._begun[index]):
                phase ^= _LEAVING
        if phase != before:
            self._phase[index] = phase
            self._choose()
        return phase >= _ACTIVE

    def _retry(self, index, cause, begin):
        """A fault that cannot show with contactor and PWM off: charging is tried again after 1, 5, 15, 15 min..., six
        times until the car is unplugged."""
        active = self._phase[index] >= _ACTIVE
        end = (60000, 60000, 300000, 900000)[min(self._retries, 3)] if self._retries <= _RETRIES else _NEVER
        if self._judge(index, cause, begin, end) and not active:
            self._retries += 1

    def _choose(self):
        worst = None if self._report is None else _COUNT
        for index in range(_COUNT):
            if self._phase[index] >= _ACTIVE:
                worst = index
                break
        self._put("worst", worst)

    def fail(self, index=_INTERNAL):
        """A fault without a lasting cause: the tick itself failed, or a part in the power-on self-test."""
        self._phase[index] = _LEAVING
        self._choose()

    def _release(self, first=_LATCHED):
        """End the faults from `first` on whose cause is gone: all by the operator (0), or by unplugging."""
        self._retries = 0
        for index in range(first, _COUNT):
            if self._phase[index] == _LEAVING:
                self._phase[index] = 0
        self._choose()

    def _check(self, celsius):
        devices = self.devices
        level = self.level
        low = devices.pilot.low
        self._retry(_GROUND, devices.residual.tripped(), 0)
        self._retry(_DIODE, self.pwm_on and level in "BCD" and (low or 0) > self.bounds[5],
                    60 if low is not None and self.commanded else 500)
        self._judge(_UNTESTED, self.proven is False, 0, _NEVER)
        closed = devices.contactor.closed
        self._judge(_WELD, closed is True and not self.commanded, 500, _NEVER)
        self._judge(_NOT_CLOSED, closed is False and self.commanded, 500, _NEVER)
        self._judge(_PILOT, level in "EF", 0, 1000)
        self._judge(_VENTILATION, level == "D" and not self.ventilated, 0, 1000)
        self._judge(_LOCK, self.lock_failed, 0, 1000)
        self._judge(_HOT, (celsius or 0) >= 75 - 10 * (self._phase[_HOT] >= _ACTIVE), 0, 5000)
        self._judge(_SENSOR, celsius is None, 2000, 1000)
        meter = devices.meter
        ok = meter.ok
        self._judge(_METER, not ok, 2000, 1000)
        # A vehicle has 5 s to follow a lower duty cycle, and a meter needs a second or two to show it.
        self._judge(_OVER_CURRENT, ok and self.pwm_on and self.commanded
                    and max(meter.currents or (0,)) > deciamps_of(self.duty) * 11 // 10 + 10, 8000, _NEVER)
        volts = meter.voltages
        if ok and volts:
            self._judge(_OVER_VOLTAGE, max(volts) > 2600, 1000, 60000)
            self._judge(_UNDER_VOLTAGE, min(volts) < 1950, 1000, 60000)

    def _take_report(self):
        """What the board reports by itself, an errorCode or None: blocks unless it is only a warning."""
        report = self.devices.report
        if not report:
            return
        code = report.error
        if code != self._reported:
            self._reported = code
            told = code and (code, "", "board")
            self._reported_warning = told if code and code in _WARNINGS else None
            self._report = None if self._reported_warning else told
            self._warn()
            self.changed.set()
            self._choose()
        if self.devices.meter.doubt != self._doubted:
            self._doubted = self.devices.meter.doubt
            self._warn()
        if report.reset:
            report.reset = False
            self.reset_faults()

    def _warn(self):
        # Energy that is not billed is for the operator to know; it is no reason to stop (1.6 7.6).
        doubt = self._doubted and ("OtherError", self._doubted, "energy-register")
        self._put("warning", self._reported_warning or doubt)
