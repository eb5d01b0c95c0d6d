"""Fault detection of an Evse: the faults it can have, when each begins and what ends it."""

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
_END = (
    _NEVER, _NEVER, _NEVER, _NEVER, _LATER, _NEVER, _NEVER, 5000,
    1000, _LATER, 1000, 1000, 1000, 60000, 60000, 1000,
)  # fmt: skip

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
    """Finds the faults of `evse`, an Evse, and sets its `worst` and `warning`.

    `worst` is None, the number of the gravest fault, or an (errorCode, info, vendorErrorCode) that the board reports.
    `reset_wanted`: with the next tick every fault ends whose cause is gone."""

    def __init__(self, evse, ventilated):
        self._evse = evse
        self._ventilated = ventilated
        self._phase = bytearray(_COUNT)
        self._begun = [0] * _COUNT  # ticks_ms when the cause of each came or, of an active fault, went
        self._retries = 0  # since the car was plugged in
        self._reported_code = None  # what the board reported last
        self._reported_fault = self._reported_warning = None
        self._doubt = None  # of the meter, as of the last tick
        self.reset_wanted = False

    @property
    def welded(self):
        """The contactor does not open."""
        return self._phase[_WELD] >= _ACTIVE

    def fail(self, index=_INTERNAL):
        """Begin a fault without a lasting cause: the tick itself failed, or a part in the power-on self-test."""
        self._phase[index] = _LEAVING
        self._choose_worst()

    def reset(self):
        """The operator's reset: end every fault whose cause is gone."""
        self.reset_wanted = False
        self._evse.lock.retry()
        self.release(0)

    def release(self, first=_LATCHED):
        """End the faults from `first` on whose cause is gone: all by the operator (0), or by unplugging."""
        self._retries = 0
        for index in range(first, _COUNT):
            if self._phase[index] == _LEAVING:
                self._phase[index] = 0
        self._choose_worst()

    def check(self, celsius, polled):
        """Part of a tick: update all faults; until `polled` nobody has asked meter and thermometer yet."""
        meter = self._evse.devices.meter
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
                if index == _DIODE and self._evse.devices.pilot.low is not None and self._evse.commanded:
                    begin = 60
                if end == _LATER:
                    self._retry(index, cause, begin)
                else:
                    self._update(index, cause, begin, end)

    def _causes(self, celsius, polled):
        """The causes that are there at this moment, a bit for each fault."""
        evse = self._evse
        devices, level, commanded = evse.devices, evse.level, evse.commanded
        closed = devices.contactor.closed
        return (
            (evse.proven is False) << _UNTESTED
            | (closed is True and not commanded) << _WELD
            | devices.residual.tripped() << _GROUND
            | (closed is False and commanded) << _NOT_CLOSED
            | ((celsius or 0) >= 75 - 10 * (self._phase[_HOT] >= _ACTIVE)) << _HOT
            | (level in "EF") << _PILOT
            # `low` is None when it cannot be measured; treat it as 0.
            | (evse.pwm_on and level in "BCD" and (devices.pilot.low or 0) > evse.bounds[5]) << _DIODE
            | evse.lock_failed << _LOCK
            | (level == "D" and not self._ventilated) << _VENTILATION
            | (celsius is None and polled) << _SENSOR
        )

    def _meter_causes(self, ok, polled, volts):
        if not ok:
            return polled << _METER
        evse = self._evse
        # A vehicle has 5 s to follow a lower duty cycle, and a meter needs a second or two to show it.
        most = deciamps_of(evse.duty) * 11 // 10 + 10
        over = evse.pwm_on and evse.commanded and max(evse.devices.meter.currents or (0,)) > most
        causes = over << _OVER_CURRENT
        if volts:
            causes |= (max(volts) > 2600) << _OVER_VOLTAGE | (min(volts) < 1950) << _UNDER_VOLTAGE
        return causes

    def _update(self, index, cause, begin, end):
        """Whether `index` is a fault now. It begins `begin` ms after `cause` came and ends `end` ms after it went."""
        before = self._phase[index]
        phase = before & _ACTIVE
        if cause != (phase > 0):
            if before == phase:
                self._begun[index] = self._evse.now
            phase |= 1
            if 0 <= (end if before & _ACTIVE else begin) <= ticks_diff(self._evse.now, self._begun[index]):
                phase ^= _LEAVING
        if phase != before:
            self._phase[index] = phase
            self._choose_worst()
        return phase >= _ACTIVE

    def _retry(self, index, cause, begin):
        """A fault that cannot show with contactor and PWM off: charging is tried again after 1, 5, 15, 15 min..., six
        times until the car is unplugged."""
        active = self._phase[index] >= _ACTIVE
        end = (60000, 60000, 300000, 900000)[min(self._retries, 3)] if self._retries <= _RETRIES else _NEVER
        if self._update(index, cause, begin, end) and not active:
            self._retries += 1

    def _choose_worst(self):
        worst = self._reported_fault
        for index in range(_COUNT):
            if self._phase[index] >= _ACTIVE:
                worst = index
                break
        self._evse.put("worst", worst)

    def take_report(self):
        """Part of a tick: take what the board reports by itself, an errorCode or None; it is a fault unless it is among
        the warnings. Take the owner's reset, too."""
        devices = self._evse.devices
        report = devices.report
        if not report:
            return
        code = report.error
        if code != self._reported_code:
            self._reported_code = code
            reported = code and (code, "", "board")
            self._reported_warning = reported if code and code in _WARNINGS else None
            self._reported_fault = None if self._reported_warning else reported
            self._update_warning()
            self._evse.changed.set()
            self._choose_worst()
        if devices.meter.doubt != self._doubt:
            self._doubt = devices.meter.doubt
            self._update_warning()
        if report.reset:
            report.reset = False
            self.reset()

    def _update_warning(self):
        # The operator must know of energy that is not billed; it is no reason to stop (1.6 7.6).
        doubt = self._doubt and ("OtherError", self._doubt, "energy-register")
        self._evse.put("warning", self._reported_warning or doubt)
