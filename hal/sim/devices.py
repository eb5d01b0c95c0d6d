"""The simulated devices; each asks its connector what it would see."""

from time import ticks_diff

from micropython import const

# The faults (1.6 7.6) that no device can show but the board's own report.
REPORTED = ("ConnectorLockFailure InternalError LocalListConflict OtherError ReaderFailure ResetFailure "
            "WeakSignal")
_VOLTS = (12000, 9000, 6000, 3000, 0, -12000)  # mV of the states A to F
_WH = const(3600 * 1000 * 1000)  # mW * ms in a Wh


class _Device:
    def __init__(self, connector):
        self._connector = connector


class Pilot(_Device):
    """`duty` in 1/100 %, 10000 = steady +12 V, 0 = steady -12 V; `high` and `low` in mV."""

    duty = 10000
    high = low = 12000

    def set_duty(self, permyriad):
        self._connector.meter.count()
        was = 0 < self.duty < 10000
        self.duty = permyriad
        pwm = 0 < permyriad < 10000
        if pwm != was:
            self._connector.offer(pwm)

    def read(self):
        level = self._connector.level()
        self.high = self.low = _VOLTS[ord(level) - 65] if self.duty else -12000
        if 0 < self.duty < 10000 and level != "E":
            # A diode keeps the car from loading the negative half wave.
            self.low = -12000 if self._connector.diode or level == "A" else -self.high
        return self.high


class Sensors(_Device):
    """What can only be looked at: cable, residual current, temperature."""

    prove = None

    def deciamps(self):
        # A lock keeps the cable in when the car is unplugged from its other end.
        unit = self._connector
        return unit.cable if unit.state != "A" or unit.lock and unit.lock.engaged else None

    def tripped(self):
        return self._connector.error == "GroundFailure"

    def celsius(self):
        return 90 if self._connector.error == "HighTemperature" else 25


class Contactor(_Device):
    commanded = False

    def close(self):
        self._connector.meter.count()
        self.commanded = True

    def open(self):
        self._connector.meter.count()
        self.commanded = False

    @property
    def closed(self):
        """The auxiliary contact; a failing one contradicts the command, so that it shows in any state."""
        return self.commanded != (self._connector.error == "PowerSwitchFailure")


class Lock(_Device):
    engaged = False

    def _move(self, engaged):
        if self._connector.error != "ConnectorLockFailure":
            self.engaged = engaged

    def engage(self):
        self._move(True)

    def release(self):
        self._move(False)

    def poll(self, now):
        pass


class Report(_Device):
    """What the board itself tells: `error` an errorCode or None; `reset` True once the operator asks."""

    reset = False

    @property
    def error(self):
        connector = self._connector
        error = connector.error
        # An overcurrent shows in the meter while current flows, and else as the tripped breaker.
        if error and (error in REPORTED or error == "OverCurrentFailure" and not connector.flow()):
            return error
        return None


class Meter(_Device):
    """Counts in mW * ms, so that no Wh is lost. Units: 1/10 A, 1/10 V, 1/100 Hz, W, Wh."""

    frequency = 5000

    def __init__(self, connector):
        super().__init__(connector)
        self._currents = [0] * connector.phases
        self._voltages = [2300] * connector.phases
        self._at = connector.ticks()
        self.wh = self.rest = 0

    def set_energy(self, wh):
        """Start the register at `wh` (Wh), as from the stored value."""
        self.count()
        self.wh = wh
        self.rest = 0

    def count(self):
        """Add what flowed since the last call; to be called before the current changes."""
        now = self._connector.ticks()
        self.rest += self._milliwatts() * ticks_diff(now, self._at)
        self._at = now
        self.wh += self.rest // _WH
        self.rest %= _WH

    def _milliwatts(self):
        total = 0
        for current in self.currents:
            total += current
        return total * self.voltages[0] * 10

    @property
    def energy_wh(self):
        self.count()
        return self.wh

    @property
    def power_w(self):
        return self._milliwatts() // 1000

    @property
    def currents(self):
        for phase in range(len(self._currents)):
            self._currents[phase] = self._connector.flow() if phase < self._connector.car_phases else 0
        return self._currents

    @property
    def voltages(self):
        error = self._connector.error
        volts = 2700 if error == "OverVoltage" else 1800 if error == "UnderVoltage" else 2300
        for phase in range(len(self._voltages)):
            self._voltages[phase] = volts
        return self._voltages

    @property
    def ok(self):
        return self._connector.error != "PowerMeterFailure"
