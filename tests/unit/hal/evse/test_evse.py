"""One connector on devices that do exactly what a test says: how it follows the pilot."""

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


def test_it_starts_open_and_without_pwm():
    bench = Bench()
    assert not bench.devices.contactor.closed and bench.pilot.duty == 10000
    bench.run(100)
    evse = bench.evse
    assert evse.state == "A" and evse.fault is None
    assert not (evse.plugged or evse.pwm_on or evse.contactor_closed)


def test_time_of_each_change_the_car_makes():
    for before, after, state, least, most in (
            ("A", "B", "B1", 240, 280), ("B", "A", "A", 240, 280), ("A", "C", "C1", 500, 540),
            ("B", "C", "C1", 500, 540), ("B", "D", "D1", 500, 540), ("C", "B", "B1", 40, 80),
            ("C", "A", "A", 40, 80), ("D", "A", "A", 40, 80), ("C", "D", "D1", 40, 80),
            ("D", "C", "C1", 40, 80), ("B", "E", "E", 480, 540), ("C", "E", "E", 40, 80),
            ("B", "F", "F", 480, 540), ("E", "B", "B1", 240, 280)):  # the last two in ms, least and most
        bench = Bench(ventilated=True)
        bench.run(500)
        bench.show(before)
        bench.run(1000)
        bench.show(after)
        took = bench.until_state(state)
        assert took is not None and least <= took <= most, (before, after, took)


def test_plugged_keeps_the_last_certain_knowledge():
    bench = Bench("B")
    bench.run(20)
    assert bench.evse.plugged
    bench.show("E")
    bench.run(1000)
    assert bench.evse.state == "E" and bench.evse.plugged
    bench.show("A")
    bench.run(1000)
    assert not bench.evse.plugged


def test_a_bouncing_plug_is_not_a_plug_in():
    bench = Bench()
    bench.run(20)
    for _ in range(20):
        bench.show("B")
        bench.run(200)
        bench.show("A")
        bench.run(20)
    assert bench.evse.state == "A" and not bench.evse.plugged


def test_noise_between_other_states_still_opens_in_time():
    bench = Bench()
    bench.charge()
    for level in "ABA":
        bench.show(level)
        bench.run(20)
    assert not bench.evse.contactor_closed


def test_energy_needs_its_state_steady_for_half_a_second():
    bench = Bench("B")
    bench.run(1000)
    bench.evse.permit(True)
    for _ in range(10):
        bench.show("C")
        bench.run(400)
        bench.show("B")
        bench.run(20)
    assert bench.evse.state == "B2" and not bench.evse.contactor_closed


def test_a_car_at_six_volts_at_boot_is_no_fault():
    bench = Bench("C")
    bench.evse.permit(True)
    bench.run(4980)
    assert (bench.evse.state, bench.pilot.duty, bench.evse.plugged) == ("B1", 10000, True)
    bench.run(200)
    assert bench.evse.state == "C2" and bench.evse.fault is None
    bench.run(200)
    assert bench.evse.contactor_closed


def test_nine_volts_at_boot_end_the_waiting():
    bench = Bench("C")
    bench.evse.permit(True)
    bench.run(1000)
    bench.show("B")
    bench.run(100)
    assert bench.evse.state == "B2"
    bench.show("C")
    assert 500 <= bench.until("contactor_closed", True) <= 700


def test_time_may_start_anywhere_and_wrap():
    for start in (0, 3, (1 << 29) - 500, time.ticks_add(0, -500), time.ticks_add(0, -1100)):
        bench = Bench("A", start)
        bench.charge()
        bench.show("B")
        assert bench.until("contactor_closed", False) <= 80, start
