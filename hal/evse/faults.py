"""What is wrong with a connector: the faults it can have, when each begins and what ends it."""

from time import ticks_diff

from micropython import const

from hal.evse.pilot import deciamps_of

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
_LATER = const(-2)  # what cannot show with contactor and PWM off: see _retry()
_RETRIES = const(6)
# Of each fault in their order, in ms: it begins so long after its cause came, and ends so long after that went.
_BEGIN = (0, 500, 0, 0, 0, 500, 8000, 0, 0, 500, 0, 0, 2000, 1000, 1000, 2000)
_END = (_NEVER, _NEVER, _NEVER, _NEVER, _LATER, _NEVER, _NEVER, 5000,
        1000, _LATER, 1000, 1000, 1000, 60000, 60000, 1000)

# Phase of a fault: bit 1 = active, bit 0 = its cause has come or gone, but not for long enough.
_ACTIVE = const(2)
_LEAVING = const(3)


def text_of(worst):
    """(errorCode, info, vendorErrorCode) of `worst` as of an Evse, None for None."""
    if worst is None or isinstance(worst, tuple):
        return worst
    from hal.evse import fault_texts

    return fault_texts.text(worst)


class Faults:
    """Fault detection of an Evse: `warning` is None or (errorCode, info, vendorErrorCode). `worst` is None, the number
    of the gravest fault, or such a tuple that the board reports."""

    worst = warning = _report = _reported = _reported_warning = _doubted = None
    _retries = 0
    _resetting = False

    @property
    def fault(self):
        """The gravest fault, None or (errorCode, info, vendorErrorCode)."""
        return text_of(self.worst)

    def reset_faults(self):
        """The operator's reset: with the next tick every fault ends whose cause is gone."""
        self._resetting = True

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
        worst = self._report
        for index in range(_COUNT):
            if self._phase[index] >= _ACTIVE:
                worst = index
                break
        self._put("worst", worst)

    def fail(self, index=_INTERNAL):
        """A fault without a lasting cause: the tick itself failed, or a part in the power-on self-test."""
        self._phase[index] = _LEAVING
        self._choose()

    def _end_faults(self):
        self._resetting = False
        self._tries = 0
        self._release(0)

    def _release(self, first=_LATCHED):
        """End the faults from `first` on whose cause is gone: all by the operator (0), or by unplugging."""
        self._retries = 0
        for index in range(first, _COUNT):
            if self._phase[index] == _LEAVING:
                self._phase[index] = 0
        self._choose()

    def _check(self, celsius, polled):
        """Judge all faults; until `polled` meter and thermometer have not been asked yet."""
        meter = self.devices.meter
        ok = meter.ok
        volts = meter.voltages if ok else None
        causes = self._causes(celsius, polled) | self._meter_causes(ok, polled, volts)
        phase = self._phase
        if not (causes or any(phase)):
            return
        for index in range(_COUNT):
            cause = causes >> index & 1 > 0
            if (cause or phase[index]) and (volts or not _OVER_VOLTAGE <= index <= _UNDER_VOLTAGE):
                begin, end = _BEGIN[index], _END[index]
                if index == _DIODE and self.devices.pilot.low is not None and self.commanded:
                    begin = 60
                if end == _LATER:
                    self._retry(index, cause, begin)
                else:
                    self._judge(index, cause, begin, end)

    def _causes(self, celsius, polled):
        """What is the matter at this moment, a bit for each fault."""
        devices, level = self.devices, self.level
        closed = devices.contactor.closed
        return (
            (self.proven is False) << _UNTESTED
            | (closed is True and not self.commanded) << _WELD
            | devices.residual.tripped() << _GROUND
            | (closed is False and self.commanded) << _NOT_CLOSED
            | ((celsius or 0) >= 75 - 10 * (self._phase[_HOT] >= _ACTIVE)) << _HOT
            | (level in "EF") << _PILOT
            | (self.pwm_on and level in "BCD" and (devices.pilot.low or 0) > self.bounds[5]) << _DIODE
            | self.lock_failed << _LOCK
            | (level == "D" and not self.ventilated) << _VENTILATION
            | (celsius is None and polled) << _SENSOR
        )

    def _meter_causes(self, ok, polled, volts):
        if not ok:
            return polled << _METER
        # A vehicle has 5 s to follow a lower duty cycle, and a meter needs a second or two to show it.
        causes = (self.pwm_on and self.commanded and max(self.devices.meter.currents or (0,))
                  > deciamps_of(self.duty) * 11 // 10 + 10) << _OVER_CURRENT
        if volts:
            causes |= (max(volts) > 2600) << _OVER_VOLTAGE | (min(volts) < 1950) << _UNDER_VOLTAGE
        return causes

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
            self._end_faults()

    def _warn(self):
        # Energy that is not billed is for the operator to know; it is no reason to stop (1.6 7.6).
        doubt = self._doubted and ("OtherError", self._doubted, "energy-register")
        self._put("warning", self._reported_warning or doubt)
