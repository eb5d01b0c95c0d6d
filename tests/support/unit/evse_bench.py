"""One connector on devices that do exactly what a test wants."""

import time

from hal.evse.machine import Evse

VOLTS = {"A": 12000, "B": 9000, "C": 6000, "D": 3000, "E": 0, "F": -12000}


class Pilot:
    def __init__(self):
        self.high = self.low = 12000
        self.level = "A"
        self.duty = None
        self.diode = True

    def set_duty(self, permyriad):
        self.duty = permyriad

    def read(self):
        self.high = self.low = VOLTS[self.level]
        if 0 < self.duty < 10000 and self.level != "E":
            self.low = -12000 if self.diode else -self.high
        return self.high


class Contactor:
    closed = False
    stuck = False
    switchable = True

    def close(self):
        self.closed = self.closed if self.stuck else True

    def open(self):
        self.closed = self.closed if self.stuck else False


class Lock(Contactor):
    @property
    def engaged(self):
        return self.closed

    def engage(self):
        self.close()

    def release(self):
        self.open()

    def poll(self, now):
        pass


class Meter:
    doubt = None
    energy_wh = 0
    power_w = 0
    frequency = 5000
    ok = True

    def __init__(self):
        self.currents = [0, 0, 0]
        self.voltages = [2300, 2300, 2300]


class Report:
    error = None
    reset = False


class Devices:
    """All devices of a connector; what can only be read is set as an attribute."""

    prove = None

    def __init__(self, lock):
        self.pilot = Pilot()
        self.contactor = Contactor()
        self.meter = Meter()
        self.lock = Lock() if lock else None
        self.report = Report()
        self.proximity = self.residual = self.temperature = self
        self.cable = 320
        self.leaking = False
        self.degrees = 25

    def deciamps(self):
        return self.cable

    def tripped(self):
        return self.leaking

    def celsius(self):
        return self.degrees


class Bench:
    """An Evse and its devices, ticked every 20 ms of an invented time."""

    def __init__(self, level="A", start=1000, lock=False, **options):
        self.now = start
        self.devices = Devices(lock)
        self.pilot = self.devices.pilot
        self.pilot.level = level
        self.meter = self.devices.meter
        self.evse = Evse(self.devices, 1, **options)

    def run(self, milliseconds):
        for _ in range(milliseconds // 20):
            self.now = time.ticks_add(self.now, 20)
            self.evse.tick(self.now)

    def until(self, name, value, limit=70000):
        """Run until the attribute `name` has `value`; the ms that took, or None."""
        for passed in range(0, limit, 20):
            if getattr(self.evse, name) == value:
                return passed
            self.run(20)
        return None

    def until_state(self, state):
        return self.until("state", state)

    def show(self, level):
        self.pilot.level = level

    def charge(self, deciamps=160):
        """Bring it to charging with `deciamps` flowing."""
        self.run(1000)
        self.show("B")
        self.run(300)
        self.evse.permit(True)
        self.show("C")
        self.run(1000)
        assert self.evse.state == "C2" and self.evse.contactor_closed
        self.meter.currents[:] = [deciamps] * 3
        self.run(20)


def code(bench):
    return bench.evse.fault and bench.evse.fault[0]


def pass_time(bench, milliseconds, step=10000):
    """Let time pass with one tick in `step` ms, which is faster than Bench.run()."""
    for _ in range(milliseconds // step):
        bench.now = time.ticks_add(bench.now, step - 20)
        bench.run(20)


def offered(level="B", **options):
    bench = Bench(level, **options)
    bench.evse.permit(True)
    bench.run(200)
    return bench
