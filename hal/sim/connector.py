"""One simulated connector: what its car does, and the current that flows from it."""

from time import ticks_diff

from micropython import const

from ..pilot import deciamps_of
from .devices import Contactor, Lock, Meter, Pilot, Report, Sensors

_S2_MS = const(500)  # a car opens or closes S2 this long after the PWM went or came


class Connector:
    """The devices of one connector, and the car and the faults behind them."""

    post = ""  # what the self-test has found

    def __init__(self, config, ticks):
        self.ticks = ticks
        self.phases = config.get("phases", 3)
        self.cable = 320 if config.get("max_current", 32) <= 32 else 630
        self.error = None
        self._unplug()
        self.report = Report(self)
        self.contactor = Contactor(self)
        self.pilot = Pilot(self)
        self.proximity = self.residual = self.temperature = Sensors(self)
        lock = config.get("lock", True) and config.get("cable") != "tethered"
        self.lock = Lock(self) if lock else None
        self.meter = Meter(self)

    def _unplug(self):
        self.state = "A"
        self.max_current = 320
        self.car_phases = 3
        self.diode = True
        self._s2 = False
        self._s2_at = None

    def set_energy(self, wh):
        """Start the register at `wh` (Wh), as from the stored value."""
        self.meter.count()
        self.meter.wh = wh
        self.meter.rest = 0

    def drive(self, state, max_current=None, phases=None, diode=None):
        """The car goes to `state`; max_current in A."""
        self.meter.count()
        if state == "A":
            self._unplug()
        self.state = state
        if max_current is not None:
            self.max_current = int(max_current * 10 + 0.5)
        if phases is not None:
            self.car_phases = phases
        if diode is not None:
            self.diode = diode
        self._s2 = state in "CD"
        self._s2_at = None

    def fail(self, error):
        """The fault `error` happens; None ends it and presses the operator's reset."""
        self.meter.count()
        self.error = error
        if not error:
            self.report.reset = True

    def offer(self, pwm):
        """The car sees the PWM come or go."""
        self._s2_at = self.ticks() if self._s2 != pwm and self.state in "CD" else None

    def level(self):
        """The state "A".."F" that the pilot line shows."""
        if self.error == "EVCommunicationError":
            return "E"
        if self._s2_at is not None and ticks_diff(self.ticks(), self._s2_at) >= _S2_MS:
            self.meter.count()
            self._s2 = not self._s2
            self._s2_at = None
        return self.state if self._s2 or self.state not in "CD" else "B"

    def flow(self):
        """The current on each phase the car uses, in 1/10 A."""
        if not self.contactor.commanded or not self._s2 or self.error == "EVCommunicationError":
            return 0
        offered = deciamps_of(self.pilot.duty)
        if offered and self.error == "OverCurrentFailure":
            return offered * 3 // 2 + 20
        return min(offered, self.max_current)
