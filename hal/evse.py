"""The IEC 61851-1 machine of a connector: pilot, faults, permission, limits in; contactor and duty out."""

import asyncio
from time import ticks_diff

from micropython import const

from .faults import Faults
from .pilot import duty_permyriad, settle_ms, state_of

_SLOTS = ("cable", "temperature", "board", "profile", "owner")
_STATES = ("B1", "B2", "C1", "C2", "D1", "D2")

_OFF = const(10000)  # duty of the steady +12 V
_LOW = const(-10000)
_SLOW_TICKS = const(5)
_WAKE_MS = const(5000)
_DUTY_MS = const(5000)  # no two changes of an offered current within 5 s
_OPEN_MS = const(6000)  # IEC 61851-1 table A.6, sequence 10.2: open under load
_DIODE_MS = const(100)  # the negative half wave must have been seen before closing
_REST_MS = const(1000)  # between two switchings; covers the check for a welded contact
_LOCK_MS = const(1000)
_LOCK_TRIES = const(2)


class Evse:
    """One connector. Currents in 1/10 A, `state` is "A", "B1".."D2", "E" or "F" (1 = no PWM, 2 = PWM).

    `fault` and `warning` are None or (errorCode, info, vendorErrorCode); a fault keeps the contactor open and
    the PWM off. `cable_in`: a cable is in the socket, with or without a car at its other end. `changed` is
    set whenever something observable changes; its consumer clears it.
    """

    def __init__(self, devices, number, phases=3, max_current=320, socket=True, ventilated=False):
        self.devices = devices
        self.number = number
        self.phases = phases
        self.max_current = self.limit = max_current
        self.socket = socket
        self.ventilated = ventilated
        self.faults = Faults()
        self.fault = self.warning = self.level = None
        self.changed = asyncio.Event()
        self.state = self._seen = "A"
        self.plugged = self.cable_in = self.permitted = self.locked = self.lock_failed = False
        self._wish = self._waking = False
        self.celsius = self._tries = self._now = self._turn = 0
        self._limits = [None] * 5
        self.has_lock = socket and devices.lock is not None and devices.lock.engaged is not None
        self.safe()

    def _put(self, name, value):
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.set()

    def permit(self, permitted):
        """Allow charging or, with False, stop: PWM off, contactor open once the EV lets go or after 6 s."""
        self._put("permitted", bool(permitted))

    def set_limit(self, slot, deciamps):
        """Limit the current for "cable", "temperature", "board", "profile" or "owner"; None clears the slot.

        The smallest counts; below 6 A the vehicle is suspended without losing its permission.
        """
        self._limits[_SLOTS.index(slot)] = deciamps
        limit = self.max_current
        for value in self._limits:
            if value is not None:
                limit = min(limit, int(value))
        self._put("limit", limit)

    def set_lock(self, wanted):
        """Wish (bool) for the lock of a socket; engages on a plugged cable, never releases under voltage."""
        self._wish = wanted

    def reset_faults(self):
        """The operator's reset: every fault ends whose cause is gone."""
        self._tries = 0
        self.faults.release(0)

    def safe(self):
        """Contactor open and PWM off, at once."""
        try:
            self.devices.contactor.open()
        finally:
            self.devices.pilot.set_duty(_OFF)
            self.duty = _OFF
            self._offered = self._rested = self._now
            self.commanded = self.contactor_closed = self.pwm_on = False
            self.changed.set()

    def crashed(self):
        """A tick raised: make safe and block as InternalError until reset_faults()."""
        self.faults.crashed()
        self.fault = self.faults.current
        self.safe()

    def tick(self, now):
        """One step of the machine at `now` (ticks_ms); allocates nothing when nothing changes."""
        faults = self.faults
        self._now = faults.now = now
        self._follow_pilot()
        faults.check(self)
        self._turn = (self._turn + 1) % _SLOW_TICKS
        if self._turn == 0:
            self._slow()
        self._put("fault", faults.current)
        self._put("warning", faults.warning)
        self._drive_pilot()
        self._drive_contactor(self._drive_lock())
        level = "B" if self._waking else self.level
        self._put("state", _STATES[ord(level) * 2 - 132 + self.pwm_on] if level in "BCD" else level)

    def _follow_pilot(self):
        now = self._now
        level = state_of(self.devices.pilot.read(), self.level)
        if self.level is None:
            # The first reading counts at once; an EV that already asks for energy must show 9 V or wait 5 s.
            self._left = self._since = self._tried = self._offered = self._rested = now
            self._waking = level in "CD"
            self._enter(level)
        if level != self._seen:
            self._seen = level
            self._since = now
        if level == self.level:
            self._left = now
        # What gives power must itself be steady; what takes it counts from the last sign of the old state.
        elif ticks_diff(now, self._since if level in "CD" else self._left) >= settle_ms(self.level, level):
            self._enter(level)
        if self._waking:
            self._waking = self.level in "CD" and ticks_diff(self._now, self._offered) < _WAKE_MS

    def _enter(self, level):
        self.level = level
        # A cable must be known before anything is offered on it.
        self._turn = _SLOW_TICKS - 1
        if level in "ABCD":
            self._put("plugged", level != "A")
        if level == "A":
            self.faults.release()

    def _slow(self):
        devices = self.devices
        limits = self._limits
        # A cable's rating holds until it is unplugged; until then only less, or its loss, counts.
        cable = devices.proximity.deciamps() if self.socket else None
        self._put("cable_in", cable is not None)
        cable = cable or 0 if self.socket and self.plugged else None
        if cable != limits[0] and (not limits[0] or cable is None or cable < limits[0]):
            self.set_limit("cable", cable)
        self.celsius = devices.temperature.celsius() or 0
        derated = limits[1] is not None
        if derated != (self.celsius >= 65 - 5 * derated):
            self.set_limit("temperature", None if derated else max(60, self.max_current // 2))
        report = getattr(devices, "report", None)
        if report:
            self.faults.take_report(report.error)
        self.faults.check_slow(self)
        if report and report.reset:
            report.reset = False
            self.reset_faults()

    def _drive_lock(self):
        if not self.has_lock:
            return True
        lock = self.devices.lock
        engaged = lock.engaged
        self._put("locked", engaged)
        goal = engaged and self.contactor_closed or self._wish and (engaged or self.plugged)
        if engaged == goal:
            self._tries = 0
            self._put("lock_failed", False)
        elif ticks_diff(self._now, self._tried) >= _LOCK_MS * self._tries:
            self._put("lock_failed", self._tries >= _LOCK_TRIES)
            self._tries += 1
            self._tried = self._now
            if goal:
                lock.engage()
            else:
                lock.release()
        return engaged

    def _drive_pilot(self):
        offer = (self.permitted and self.limit >= 60 and self.fault is None
                 and self.level in "BCD" and not self._waking)
        duty = duty_permyriad(self.limit) if offer else _OFF
        if duty != self.duty and (offer != self.pwm_on or ticks_diff(self._now, self._offered) >= _DUTY_MS):
            self.devices.pilot.set_duty(duty)
            self.duty = duty
            self._offered = self._now
        self._put("pwm_on", offer)

    def _drive_contactor(self, secure):
        devices = self.devices
        close = secure and self.fault is None and self.level in "CD"
        if not self.pwm_on:
            close = (close and self.commanded and ticks_diff(self._now, self._offered) < _OPEN_MS
                     and (not devices.meter.ok or max(devices.meter.currents) >= 10))
        elif not self.commanded:
            close = (close and ticks_diff(self._now, self._offered) >= _DIODE_MS and devices.pilot.low <= _LOW
                     and ticks_diff(self._now, self._rested) >= _REST_MS)
        contactor = devices.contactor
        if close != self.commanded:
            self.commanded = close
            self._rested = self._now
            if close:
                contactor.close()
            else:
                contactor.open()
        closed = contactor.closed
        self._put("contactor_closed", close if closed is None else closed)
