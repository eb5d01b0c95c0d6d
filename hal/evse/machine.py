"""The IEC 61851-1 machine of a connector: pilot, faults, permission and limits decide on contactor and duty."""

import asyncio
from time import ticks_diff

from micropython import const

from hal.evse.cable_lock import CableLock
from hal.evse.faults import Faults, text_of
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


class Evse:
    """One connector. Currents in 1/10 A, `state` is "A", "B1".."D2", "E" or "F" (1 = no PWM, 2 = PWM).

    `fault` and `warning` are None or (errorCode, info, vendorErrorCode); a fault keeps the contactor open and the PWM
    off. `worst`: see Faults. `cable_in`: a cable is in the socket, with or without a car at its other end. `changed` is
    set whenever what can be observed changes; its consumer clears it. `bounds`: see pilot.BOUNDS. `delay_ms`: nothing
    is offered for so long after the start, so that not a whole street begins at once after a power outage. `self_test`
    is a SelfTest until that has ended, then None. `level` is what the pilot has shown for long enough, "A" to "F", None
    before the first reading. `proven`: the monitor of residual currents has passed its test; None while that runs.

    On a board tick() interrupts tasks between any two bytecodes. Only it writes what can be observed; what tasks may
    call hands over a wish in one assignment. Tasks that need facts which fit together take them from an EvseFacts.
    Nothing that a tick calls may touch asyncio (a ThreadSafeFlag excepted), import, or print.
    """

    def __init__(
        self, devices, number, phases=3, max_current=320, socket=True, ventilated=False, bounds=BOUNDS, delay_ms=0
    ):
        self.devices = devices
        self.number = number
        self.socket, self.bounds = socket, bounds
        self.switchable = phases == 3 and devices.contactor.switchable
        self.installed_phases = self.phases = phases
        self.max_current = self.limit = max_current
        self.changed = asyncio.ThreadSafeFlag()
        self.self_test = self.level = self.worst = self.warning = None
        self.state = self._shown = "A"  # _shown: the level at the last reading
        self.plugged = self.cable_in = self.permitted = self.locked = self.lock_failed = False
        self.commanded = self.contactor_closed = self.pwm_on = False
        self.proven = True
        self.duty = _OFF
        self._must_show_b = False
        self.ticks = 0  # counted up to 1023
        # Times in ms: of this tick; when the level showed last; since when _shown shows; since when the car in state B
        # does not answer an offer, or None; of the last changes of duty and contactor.
        self.now = self._level_seen = self._shown_since = self._unanswered = self.duty_set = self._switched = 0
        self.lock = CableLock(self)
        self.faults = Faults(self, ventilated)
        self.limits = Limits(self)
        if delay_ms:
            self.limits.pause(delay_ms)
        self.safe()

    # What tasks may call, besides set(), set_phases() and pause() of `limits` and retry() of `lock`; their other wishes
    # are `lock.wanted` and `faults.reset_wanted`.

    def notify(self, flag):
        """Set `flag`, a ThreadSafeFlag, as `changed` from now on."""
        self.changed = flag

    def permit(self, permitted):
        """Allow charging or, with False, stop: PWM off, contactor open once the EV opens S2 or after 6 s."""
        self.put("permitted", bool(permitted))

    @property
    def fault(self):
        """The gravest fault, None or (errorCode, info, vendorErrorCode)."""
        return text_of(self.worst)

    # What a tick does.

    def put(self, name, value):
        """Set what can be observed."""
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.set()

    def within(self, stamp, milliseconds):
        """Whether `stamp` is less than so long ago. On a board six days and more look as if it were to come."""
        return 0 <= ticks_diff(self.now, stamp) < milliseconds

    def safe(self):
        """Contactor open and PWM off, at once."""
        try:
            self.devices.contactor.open()
        finally:
            self.devices.pilot.set_duty(_OFF)
            self.duty = _OFF
            self.duty_set = self._switched = self.now
            self.commanded = self.contactor_closed = self.pwm_on = False
            self.changed.set()

    def crashed(self):
        """A tick raised: make safe and block as InternalError until the operator's reset."""
        self.faults.fail()
        self.safe()

    def tick(self, now):
        """One step of the machine at `now` (ticks_ms); allocates nothing when nothing changes."""
        devices, test, faults = self.devices, self.self_test, self.faults
        self.now = now
        self.ticks = self.ticks + 1 & 1023
        if faults.reset_wanted:
            faults.reset()
        if devices.lock:
            devices.lock.poll(now)
        self._follow_pilot()
        if test and test.step(now):
            self.self_test = None
        celsius = devices.temperature.celsius()
        faults.check(celsius, not test or test.polled)
        faults.take_report()
        self.limits.update(celsius)
        secure = self.lock.drive()
        if not self.self_test:
            self._drive_pilot(secure)
        self._drive_contactor(secure)
        level = "B" if self._must_show_b else self.level
        state = _STATES[ord(level) * 2 - 132 + self.pwm_on] if level in "BCD" else level
        if state != self.state:
            self.put("state", state)

    def _follow_pilot(self):
        now = self.now
        if self.duty == 0:
            self._level_seen = now  # nothing can be seen of the car at -12 V
            return
        millivolts = self.devices.pilot.read()
        if millivolts is None:
            return
        shown = state_of(millivolts, self.level, self.bounds)
        if self.level is None:
            # The first reading counts at once; an EV that already asks for energy must show 9 V or wait 5 s.
            self._level_seen = self._shown_since = self._unanswered = self.duty_set = self._switched = now
            self._must_show_b = shown in "CD"
            self._enter(shown)
        if shown != self._shown:
            self._shown = shown
            self._shown_since = now
        if shown == self.level:
            self._level_seen = now
        else:
            # What gives power must itself be steady; what takes it counts from the last sign of the old state.
            gives = shown in "CD" and self.level not in "CD"
            since = self._shown_since if gives else self._level_seen
            if ticks_diff(now, since) >= settle_ms(self.level, shown):
                self._enter(shown)
        if self._must_show_b:
            self._must_show_b = self.level in "CD" and self.within(self.duty_set, _WAKE_MS)

    def _enter(self, level):
        self.level = level
        if level in "ABCD":
            self.put("plugged", level != "A")
        if level == "A":
            self.faults.release()

    def _drive_pilot(self, secure):
        offer = secure and self.permitted and self.limit >= 60 and self.worst is None
        offer = offer and self.level in "BCD" and not self._must_show_b
        duty = duty_permyriad(self.limit) if offer else _OFF
        now = self.now
        if not offer:
            self._unanswered = now
        elif self.level != "B":
            self._unanswered = None
        elif self._unanswered is not None and _ASLEEP_MS <= ticks_diff(now, self._unanswered) < _WOKEN_MS:
            duty = 0
        goes_on = offer == self.pwm_on and duty and self.duty
        if duty != self.duty and not (goes_on and self.within(self.duty_set, _DUTY_MS)):
            self.devices.pilot.set_duty(duty)
            self.duty = duty
            self.duty_set = now
        if offer != self.pwm_on:
            self.put("pwm_on", offer)

    def _drive_contactor(self, secure):
        devices = self.devices
        contactor = devices.contactor
        close = secure and self.worst is None and self.level in "CD" and not self.limits.cable_refused
        if not self.pwm_on:
            close = close and self.commanded and self.within(self.duty_set, _OPEN_MS)
            # Without a current measurement, assume that current flows.
            close = close and (not devices.meter.ok or max(devices.meter.currents or (10,)) >= 10)
        elif not self.commanded:
            # `low` is None when it cannot be measured; treat it as 0.
            close = close and self._shown == self.level and (devices.pilot.low or 0) <= self.bounds[5]
            close = close and not self.within(self.duty_set, _DIODE_MS) and not self.within(self._switched, _REST_MS)
        proven = True
        if self.proven is None or close and not self.commanded:
            # The monitor of residual currents tests itself before each closing, and ends what it has begun.
            prove = devices.residual.prove
            if prove:
                proven = prove(self.now)
            close = close and proven is True
        self.proven = proven
        if close != self.commanded:
            self.commanded = close
            self._switched = self.now
            (contactor.close if close else contactor.open)()
        closed = contactor.closed
        if closed is None:
            closed = close
        if closed != self.contactor_closed:
            self.put("contactor_closed", closed)
