"""What is wrong with a connector: the faults it can have, when each begins and what ends it."""

from time import ticks_diff

from micropython import const

from .pilot import deciamps_of

# errorCode (1.6 7.6) and detail of each fault, the gravest first: that one shows. Index = constants below.
_TEXTS = (
    "GroundFailure/test "
    "PowerSwitchFailure/welded "
    "InternalError/tick "
    "GroundFailure "
    "PowerSwitchFailure/stays-open "
    "OverCurrentFailure "
    "HighTemperature "
    "EVCommunicationError/pilot "
    "EVCommunicationError/diode "
    "ConnectorLockFailure "
    "OtherError/ventilation "
    "OverVoltage "
    "UnderVoltage "
    "PowerMeterFailure"
)
_COUNT = const(14)
_UNTESTED = const(0)
_WELD = const(1)
_INTERNAL = const(2)
_LATCHED = const(3)  # those before stay until the operator's reset
_GROUND = const(3)
_NOT_CLOSED = const(4)
_OVER_CURRENT = const(5)
_HOT = const(6)
_PILOT = const(7)
_DIODE = const(8)
_LOCK = const(9)
_VENTILATION = const(10)
_OVER_VOLTAGE = const(11)
_UNDER_VOLTAGE = const(12)
_METER = const(13)

_WARNINGS = "WeakSignal ReaderFailure ResetFailure LocalListConflict"
_NEVER = const(-1)  # what shows only while charging ends with the plug-in, or by the operator
_RETRIES = const(6)

# Phase of a fault: bit 1 = active, bit 0 = its cause has come or gone, but not for long enough.
_ACTIVE = const(2)
_LEAVING = const(3)


class Faults:
    """The faults of one connector. `current` and `warning` are None or (errorCode, info, vendorErrorCode)."""

    def __init__(self):
        self.current = self.warning = self._report = self._reported = None
        self._phases = bytearray(_COUNT)
        self._since = [0] * _COUNT
        self._retries = self.now = 0

    def judge(self, index, cause, begin, end):
        """Is `index` a fault now? It begins `begin` ms after `cause` came and ends `end` ms after it went."""
        before = self._phases[index]
        phase = before & _ACTIVE
        if cause != (phase > 0):
            if before == phase:
                self._since[index] = self.now
            phase |= 1
            if 0 <= (end if before & _ACTIVE else begin) <= ticks_diff(self.now, self._since[index]):
                phase ^= _LEAVING
        if phase != before:
            self._phases[index] = phase
            self._choose()
        return phase >= _ACTIVE

    def _retry(self, index, cause, begin):
        """A fault that cannot show with contactor and PWM off: charging is tried again after 1, 5, 15, 15 min..., six
        times until the car is unplugged."""
        active = self._phases[index] >= _ACTIVE
        end = (60000, 60000, 300000, 900000)[min(self._retries, 3)] if self._retries <= _RETRIES else _NEVER
        if self.judge(index, cause, begin, end) and not active:
            self._retries += 1

    def _choose(self):
        self.current = self._report
        for index in range(_COUNT):
            if self._phases[index] >= _ACTIVE:
                code, _, detail = _TEXTS.split()[index].partition("/")
                self.current = (code, detail, detail)
                break

    def crashed(self):
        """The tick itself failed: blocks until the operator resets it."""
        self._phases[_INTERNAL] = _LEAVING
        self._choose()

    def release(self, first=_LATCHED):
        """End the faults from `first` on whose cause is gone: all by the operator (0), or by unplugging."""
        self._retries = 0
        for index in range(first, _COUNT):
            if self._phases[index] == _LEAVING:
                self._phases[index] = 0
        self._choose()

    def check(self, evse):
        """What must act within a tick: residual current, contactor, pilot, lock."""
        devices = evse.devices
        level = evse.level
        self._retry(_GROUND, devices.residual.tripped(), 0)
        self._retry(_DIODE, evse.pwm_on and level in "BCD" and devices.pilot.low > evse.bounds[5],
                    60 if evse.commanded else 500)
        self.judge(_UNTESTED, evse.untested, 0, _NEVER)
        closed = devices.contactor.closed
        self.judge(_WELD, closed is True and not evse.commanded, 500, _NEVER)
        self.judge(_NOT_CLOSED, closed is False and evse.commanded, 500, _NEVER)
        self.judge(_PILOT, level in "EF", 0, 1000)
        self.judge(_VENTILATION, level == "D" and not evse.ventilated, 0, 1000)
        self.judge(_LOCK, evse.lock_failed, 0, 1000)

    def check_slow(self, evse, celsius):
        """What may wait for a few ticks: temperature, cable, meter, and what the board reports by itself."""
        self.judge(_HOT, celsius >= (75 if self._phases[_HOT] < _ACTIVE else 65), 0, 5000)
        meter = evse.devices.meter
        ok = meter.ok
        self.judge(_METER, not ok, 2000, 1000)
        # A vehicle has 5 s to follow a lower duty cycle, and a meter needs a second or two to show it.
        self.judge(_OVER_CURRENT, ok and evse.pwm_on and evse.commanded
                   and max(meter.currents or (0,)) > deciamps_of(evse.duty) * 11 // 10 + 10, 8000, _NEVER)
        volts = meter.voltages
        if ok and volts:
            self.judge(_OVER_VOLTAGE, max(volts) > 2600, 1000, 60000)
            self.judge(_UNDER_VOLTAGE, min(volts) < 1950, 1000, 60000)

    def take_report(self, code):
        """What the board reports by itself, an errorCode or None: blocks unless it is only a warning."""
        if code != self._reported:
            self._reported = code
            report = code and (code, "", "board")
            harmless = code and code in _WARNINGS
            self.warning = report if harmless else None
            self._report = None if harmless else report
            self._choose()
