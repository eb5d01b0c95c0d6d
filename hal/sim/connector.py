"""The electricity of one simulated connector: grid, contactor, cable, car, and what may break in between."""

from math import exp
from time import ticks_diff

from micropython import const

from hal.evse.pilot import deciamps_of
from hal.sim.car import Car
from hal.sim.pins import Output

_SHORTED = const(1)  # the line of the pilot; 2 = open
_WELDED = const(1)  # the contactor
_STAYS_OPEN = const(2)
_LOOSE = const(2)  # the lock; 1 = jammed
_OHMS = (None, 2740, 882, 246, 0, 0)  # of a car in state A to F, between pilot and PE
_DIODE_MV = const(700)
_TRIP_MA = const(6)
_MONITOR_MS = const(40)
_BOLT_MS = const(250)
_LATE = const(4)  # the wire of the meter
_WH = const(3600 * 1000)  # W * ms
_HEAT_MS = const(1000)  # the step of the temperature
_INERTIA_MS = const(300000)
_RISE = const(7)  # 1/1000 degree in the end for each A * A on a phase: 21 degrees at three times 32 A


class Connector:
    """`config` as in config.json, `ticks()` its time in ms. What the pins show are methods named like the pins, for
    they are called 50 times a second and allocate nothing."""

    frequency = 5000

    def __init__(self, config, ticks):
        self.ticks = ticks
        self.config = config
        self.phases = config.get("phases", 3)
        # What the levers break: 0 is good, the other values are in their files. `fault` is an errorCode that only the
        # board itself can know, `skew_wh` what the meter shows too much, `reset` that of the owner.
        self.line = self.contact = self.wire = self.jammed = self.dead = self.lost = self.leak = self.noise = 0
        self.ambient = 25
        self.fault = None
        self.reset = self.bolt = self._counting = False
        self.duty = self.skew_wh = self._wh = self._rest = self._unset = self._heat = 0
        self._degrees = self._ntc = None
        self._seed = 1
        self.cable = 220 if config.get("max_current", 32) <= 32 else 100  # ohms; None = open
        self.voltages = [2300] * self.phases
        self._flow = [0] * self.phases
        self._at = self._heated = ticks()
        self._sampled = config.get("pilot", {}).get("reading") == "sampled"
        self.car = Car(self)
        self.contactor = Output(self)
        self.contactor_l2l3 = Output(self) if self.phases == 3 and config.get("switches_phases", True) else None
        self.residual_test = Output(self)
        lock = config.get("cable") != "tethered" and config.get("lock", True)
        self.lock_a = Output(self) if lock else None
        self.lock_b = Output(self) if lock and lock != "solenoid" else None

    @property
    def error(self):
        """The errorCode that the board reports by itself: OverCurrentFailure only without power, for else the meter
        shows it."""
        return None if self.fault == "OverCurrentFailure" and self.power_w else self.fault

    def drive(self, state):
        """The car goes to `state`, "A" to "F"; one that has gone is not the one that comes next."""
        self.count()
        if state == "A":
            self.car = Car(self)
        self.car.drive(state)

    def set_duty(self, permyriad):
        """The pilot's generator: its duty in 1/100 %, 0 = steadily -12 V, 10000 = steadily +12 V."""
        self.count()
        was = 0 < self.duty < 10000
        self.duty = permyriad
        pwm = 0 < permyriad < 10000
        if pwm != was:
            self.car.offered(pwm)
        self.car.draw(deciamps_of(permyriad), self.ticks())

    # What a meter measures: Wh, W, 1/10 A, 1/10 V, 1/100 Hz

    @property
    def meter_ok(self):
        return self.wire in (0, _LATE)

    @property
    def currents(self):
        """The current on each phase; the list is always the same object."""
        car = self.car
        drawn = 0
        if car.s2 and not self.line and self.weld():
            offer = deciamps_of(self.duty)
            drawn = car.draw(offer, self.ticks())
            if offer and self.fault == "OverCurrentFailure":
                drawn = offer * 3 // 2 + 20
        for phase in range(self.phases):
            dark = phase >= car.phases or self.voltages[phase] < 1000
            if phase and self.contactor_l2l3 and not self.contactor_l2l3.level and self.contact != _WELDED:
                dark = True
            self._flow[phase] = 0 if dark else drawn
        return self._flow

    @property
    def power_w(self):
        power = 0
        for phase in range(len(self.currents)):
            power += self._flow[phase] * self.voltages[phase]
        return power // 100

    @property
    def energy_wh(self):
        self.count()
        return self._wh

    def count(self):
        """Add up what has flowed until now; to be called before anything changes."""
        if self._counting:
            return  # a tick interrupts a task here, and leaves it to that
        self._counting = True
        now = self.ticks()
        self.lock_feedback()
        self._rest += self.power_w * ticks_diff(now, self._at)
        self._at = now
        if self._rest >= _WH:
            self._wh += self._rest // _WH
            self._rest %= _WH
        self._counting = False

    @property
    def shown_wh(self):
        """The register of the meter."""
        return self.energy_wh + self.skew_wh

    def set_energy(self, wh):
        self.count()
        # The pulses of a meter know nothing of that.
        self._unset += (self._wh - wh) * _WH + self._rest
        self._wh = wh
        self._rest = self.skew_wh = 0

    def show(self, wh):
        """Let the meter show `wh` from now on, as if it jumped or restarted; None: what it would show without that."""
        self.skew_wh = 0 if wh is None else wh - self.energy_wh

    def pulses(self, size):
        """How often `size` W * ms have flowed, modulo 65536."""
        self.count()
        return ((self._wh + self.skew_wh) * _WH + self._rest + self._unset) // size & 65535

    # Pins

    def _spread(self, most):
        """Something between -most and +most."""
        self._seed = (self._seed * 75 + 74) % 65537
        return self._seed * (2 * most + 1) // 65537 - most

    def _converted(self, millivolts):
        """The reading of a converter in uV: in steps of 1 mV, with noise, and no more than 3.1 V."""
        return min(3100, max(0, millivolts + self._spread(1))) * 1000

    def _pilot(self, millivolts):
        """The converter's view of the pilot, with the generator at `millivolts` behind its 1 kohm."""
        car = self.car
        closed = car.switch(self.ticks())
        if closed != car.s2:
            self.count()
            car.s2 = closed
        state = car.state
        ohms = _OHMS[1 if state in "CD" and not closed else ord(state) - 65]
        if self.line:
            ohms = 0 if self.line == _SHORTED else None
        elif state == "F":
            millivolts = -12000
        if ohms == 0:
            millivolts = 0 if state != "F" else millivolts
        elif ohms and not car.diode:
            millivolts = millivolts * ohms // (ohms + 1000)
        elif ohms and millivolts > 0:
            millivolts = (millivolts - _DIODE_MV) * ohms // (ohms + 1000) + _DIODE_MV
        if self.noise:
            millivolts += self._spread(self.noise)
        return self._converted(1311 + millivolts * 8538 // 100000)

    def pilot_high(self):
        """Behind the peak detector: the positive half wave, or the steady level. Without it one or the other, as chance
        will have it."""
        duty = self.duty
        if self._sampled and 0 < duty < 10000 and self._spread(5000) + 5000 >= duty:
            duty = 0
        return self._pilot(12000 if duty else -12000)

    def pilot_low(self):
        return self._pilot(-12000 if self.duty < 10000 else 12000)

    def proximity(self):
        # A lock keeps the cable in when the car is unplugged from its other end; no hand is faster than the bolt.
        held = self.bolt or self.lock_a and self.lock_a.level and not self.jammed
        ohms = self.cable if held or self.car.state != "A" else None
        return self._converted(3300 if ohms is None else 3300 * ohms // (ohms + 1000))

    def weld(self):
        """The mirror contact, which is there even when the coil of the contactor is not obeyed."""
        return 1 if self.contact == _WELDED or self.contactor.level and self.contact != _STAYS_OPEN else 0

    def residual(self):
        """The monitor's output; a test needs a moment to show, and to go."""
        test = self.residual_test
        level = test.level
        if test.since is not None:
            if 0 <= ticks_diff(self.ticks(), test.since) < _MONITOR_MS:
                level = not level
            else:
                test.since = None
        return 1 if self.leak >= _TRIP_MA or level and not self.dead else 0

    def lock_feedback(self):
        """The bolt, which moves when a pulse is long enough; a solenoid's as its coil does."""
        if not self.jammed:
            self._move_bolt(self.lock_a, True)
            self._move_bolt(self.lock_b, False)
        elif self.jammed == _LOOSE:
            self.bolt = False
        return 1 if self.bolt else 0

    def _move_bolt(self, pin, locked):
        if pin and pin.since is not None and ticks_diff(self.ticks(), pin.since) >= _BOLT_MS:
            pin.since = None
            if pin.level or not self.lock_b:
                self.bolt = pin.level == locked

    def ntc(self):
        """Warmer by what flows, slowly."""
        now = self.ticks()
        passed = ticks_diff(now, self._heated)
        if passed >= _HEAT_MS:
            self._heated = now
            load = 0
            for current in self.currents:
                load += current * current
            self._heat += (load * _RISE // 100 - self._heat) * min(passed, _INERTIA_MS) // _INERTIA_MS
        degrees = self.ambient + self._heat // 1000
        if degrees != self._degrees:
            self._degrees = degrees
            ohms = 10000 * exp(3950 / (degrees + 273.15) - 3950 / 298.15)
            self._ntc = int(3300 * ohms / (ohms + 10000))
        return self._converted(3300 if self.lost else self._ntc)
