"""The IEC 61851-1 machine of a connector: pilot, faults, permission, limits in; contactor and duty out."""

import asyncio
from time import ticks_diff

from micropython import const

from hal.evse.faults import Faults
from hal.evse.limits import Limits
from hal.evse.pilot import BOUNDS, duty_permyriad, settle_ms, state_of

_STATES = ("B1", "B2", "C1", "C2", "D1", "D2")

_OFF = const(10000)  # duty of the steady +12 V
_WAKE_MS = const(5000)
_ASLEEP_MS = const(90000)  # a car that did not answer an offer is woken once, with 4 s of -12 V (annex A.5.3)
_WOKEN_MS = const(94000)
_DUTY_MS = const(5000)  # no two changes of an offered current within 5 s
_OPEN_MS = const(6000)  # IEC 61851-1 table A.6, sequence 10.2: open under load
_DIODE_MS = const(100)  # the negative half wave must have been seen before closing
_REST_MS = const(1000)  # between two switchings; covers the check for a welded contact
_FAULTS = const(16)  # as many as there are in faults.py
_LOCK_MS = const(1000)
_LOCK_TRIES = const(2)


class Evse(Limits, Faults):
    """One connector. Currents in 1/10 A, `state` is "A", "B1".."D2", "E" or "F" (1 = no PWM, 2 = PWM).

    `fault` and `warning` are None or (errorCode, info, vendorErrorCode); a fault keeps the contactor open and the PWM
    off. `cable_in`: a cable is in the socket, with or without a car at its other end. `changed` is set whenever what
    can be observed changes; its consumer clears it. `bounds`: see pilot.BOUNDS. `delay_ms`: nothing is offered for so
    long after the start, so that not a whole street begins at once after a power outage. `self_test` is a SelfTest
    until that has ended, then None.

    On a board tick() interrupts tasks between any two bytecodes. Only it writes what can be observed; what tasks may
    call hands over a wish in one assignment. Tasks that need facts which fit together take them from an EvseFacts.
    Nothing that a tick calls may touch asyncio (a ThreadSafeFlag excepted), import, or print.
    """

    self_test = level = None

    def __init__(self, devices, number, phases=3, max_current=320, socket=True, ventilated=False,
                 bounds=BOUNDS, delay_ms=0):
        self.devices = devices
        self.number = number
        self.installed_phases = self.phases = self._phases = phases
        self.switchable = phases == 3 and devices.contactor.switchable
        self._switched = None  # when the plugged car got another number of phases
        self.max_current = self.limit = max_current
        self.socket, self.ventilated, self.bounds = socket, ventilated, bounds
        self.changed = asyncio.ThreadSafeFlag()
        self.state = self._seen = "A"
        self.plugged = self.cable_in = self.permitted = self.locked = self.lock_failed = False
        self._wish = self._waking = False
        self.proven = True
        self.ticks = 0  # counted up to 1023
        self._tries = self._now = self._step = 0
        self._limits = [None] * 7
        self._phase = bytearray(_FAULTS)
        self._begun = [0] * _FAULTS
        self.has_lock = socket and devices.lock is not None and devices.lock.engaged is not None
        if delay_ms:
            self.pause(delay_ms)
        self.safe()

    def notify(self, flag):
        """Set `flag`, a ThreadSafeFlag, as `changed` from now on."""
        self.changed = flag

    def permit(self, permitted):
        """Allow charging or, with False, stop: PWM off, contactor open once the EV lets go or after 6 s."""
        self._put("permitted", bool(permitted))

    def set_lock(self, wanted):
        """Wish (bool) for the lock of a socket; engages on a plugged cable, never releases under voltage. Nothing is
        offered before it has engaged."""
        self._wish = wanted

    def retry_lock(self):
        """Begin the tries of the lock anew."""
        self._tries = 0

    @property
    def lock_stuck(self):
        """The lock has not moved since the last retry_lock(), or since it last had to move."""
        return self._tries > _LOCK_TRIES

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
        self.fail()
        self.safe()

    def tick(self, now):
        """One step of the machine at `now` (ticks_ms); allocates nothing when nothing changes."""
        devices, test = self.devices, self.self_test
        self._now = now
        self.ticks = self.ticks + 1 & 1023
        if self._resetting:
            self._end_faults()
        if devices.lock:
            devices.lock.poll(now)
        self._follow_pilot()
        if test and test.step(now):
            self.self_test = None
        celsius = devices.temperature.celsius()
        self._check(celsius, not test or test.polled)
        self._take_report()
        self._limit_all(celsius)
        secure = self._drive_lock()
        if not self.self_test:
            self._drive_pilot(secure)
        self._drive_contactor(secure)
        level = "B" if self._waking else self.level
        state = _STATES[ord(level) * 2 - 132 + self.pwm_on] if level in "BCD" else level
        if state != self.state:
            self._put("state", state)

    def _follow_pilot(self):
        now = self._now
        if self.duty == 0:
            self._left = now  # nothing can be seen of the car at -12 V
            return
        millivolts = self.devices.pilot.read()
        if millivolts is None:
            return
        level = state_of(millivolts, self.level, self.bounds)
        if self.level is None:
            # The first reading counts at once; an EV that already asks for energy must show 9 V or wait 5 s.
            self._left = self._since = self._tried = self._offered = self._rested = self._paused = self._awake = now
            self._waking = level in "CD"
            self._enter(level)
        if level != self._seen:
            self._seen = level
            self._since = now
        if level == self.level:
            self._left = now
        else:
            # What gives power must itself be steady; what takes it counts from the last sign of the old state.
            gives = level in "CD" and self.level not in "CD"
            if ticks_diff(now, self._since if gives else self._left) >= settle_ms(self.level, level):
                self._enter(level)
        if self._waking:
            self._waking = self.level in "CD" and self._within(self._offered, _WAKE_MS)

    def _enter(self, level):
        self.level = level
        if level in "ABCD":
            self._put("plugged", level != "A")
        if level == "A":
            self._release()

    def _drive_lock(self):
        if not self.has_lock:
            return True
        lock = self.devices.lock
        engaged = lock.engaged
        if engaged != self.locked:
            self._put("locked", engaged)
        goal = engaged and (self.commanded or self.contactor_closed) or self._wish and (engaged or self.plugged)
        if engaged == goal:
            self._tries = 0
            if self.lock_failed:
                self._put("lock_failed", False)
        elif not self._within(self._tried, _LOCK_MS * self._tries):
            self._tries += 1
            self._tried = self._now
            self._put("lock_failed", self.lock_failed or self.lock_stuck)
            (lock.engage if goal else lock.release)()
        return goal and engaged

    def _drive_pilot(self, secure):
        offer = (secure and self.permitted and self.limit >= 60 and self.worst is None and self.level in "BCD"
                 and not self._waking)
        duty = duty_permyriad(self.limit) if offer else _OFF
        now = self._now
        if not offer:
            self._awake = now
        elif self.level != "B":
            self._awake = None
        elif self._awake is not None and _ASLEEP_MS <= ticks_diff(now, self._awake) < _WOKEN_MS:
            duty = 0
        if duty != self.duty and (offer != self.pwm_on or not (duty and self.duty)
                                  or not self._within(self._offered, _DUTY_MS)):
            self.devices.pilot.set_duty(duty)
            self.duty = duty
            self._offered = now
        if offer != self.pwm_on:
            self._put("pwm_on", offer)

    def _drive_contactor(self, secure):
        devices = self.devices
        contactor = devices.contactor
        close = secure and self.worst is None and self.level in "CD" and self._limits[0] != 0
        if not self.pwm_on:
            # Who cannot measure the current waits as if there were some.
            close = (close and self.commanded and self._within(self._offered, _OPEN_MS)
                     and (not devices.meter.ok or max(devices.meter.currents or (10,)) >= 10))
        elif not self.commanded:
            # None, a low level that cannot be told, is none.
            close = (close and self._seen == self.level and (devices.pilot.low or 0) <= self.bounds[5]
                     and not self._within(self._offered, _DIODE_MS) and not self._within(self._rested, _REST_MS))
        proven = True
        if self.proven is None or close and not self.commanded:
            # The monitor of residual currents tests itself before each closing, and ends what it has begun.
            prove = devices.residual.prove
            if prove:
                proven = prove(self._now)
            close = close and proven is True
        self.proven = proven
        if close != self.commanded:
            self.commanded = close
            self._rested = self._now
            (contactor.close if close else contactor.open)()
        closed = contactor.closed
        if closed is None:
            closed = close
        if closed != self.contactor_closed:
            self._put("contactor_closed", closed)
