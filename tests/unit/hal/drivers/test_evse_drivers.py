"""The machine on the real drivers, pins and ADCs of the front end: what a tick costs, and how fast it opens."""

import gc

from evse_bench import Bench
from helpers import replaced
from pilot_electronics import Adc, PilotLine, proximity_uv, TimedSampledPilot
from residual_monitor import Monitor

from hal.drivers import sampled_pilot
from hal.drivers.contactor import Contactor
from hal.evse.machine import Evse
from hal.drivers.lock import MotorLock
from hal.drivers.peak_pilot import PeakPilot
from hal.drivers.sampled_pilot import SampledPilot
from hal.drivers.proximity import Proximity
from hal.drivers.residual import ResidualMonitor
from hal.drivers.temperature import Ntc

OFF_MS = 75


class Fixed:
    """An ADC that costs nothing."""

    def __init__(self, uv):
        self.uv = uv

    def read_uv(self):
        return self.uv


class TakingTurns(Fixed):
    """9 V and -12 V."""

    def read_uv(self):
        self.uv = 2079000 if self.uv == 286000 else 286000
        return self.uv


class Site(Bench):
    """A socket with lock, a monitor that can be tested and a sensor; `relay` is the level of the contactor's pin."""

    def __init__(self, sampled=False, high=None, low=None):
        super().__init__()
        devices = self.devices
        self.line = PilotLine()
        self.relay, self.bolt = 0, 0
        self.monitor = Monitor()
        self.heat, self.cable = Adc(1650000), Adc(proximity_uv(220))
        if sampled:
            devices.pilot = SampledPilot(self.line, high) if high else TimedSampledPilot(self.line, self.line.adc())
        else:
            line = self.line
            devices.pilot = PeakPilot(line, high or line.detector(True), low or line.detector(False))
        devices.contactor = Contactor(self.switch, None, lambda: self.relay)
        devices.residual = ResidualMonitor(self.monitor.fault, self.monitor.test)
        devices.proximity = Proximity(self.cable)
        devices.temperature = Ntc(self.heat)
        devices.lock = MotorLock(self.bolted, lambda level: None, lambda: self.bolt)
        self.evse = Evse(devices, 1)

    def switch(self, level):
        self.relay = level

    def bolted(self, level):
        self.bolt = self.bolt or level

    def run(self, milliseconds):
        for _ in range(milliseconds // 20):
            self.monitor.now += 20
            super().run(20)

    def charge(self):
        self.line.high = 9000
        self.evse.permit(True)
        self.evse.lock.wanted = True
        self.run(1000)
        self.line.high = 6000
        for _ in range(0, 3000, 20):
            if self.relay:
                break
            self.run(20)
        assert self.relay and self.evse.state == "C2" and self.monitor.since
        self.meter.currents[:] = [160, 160, 160]

    def opens(self):
        """ms until the relay is off."""
        for passed in range(20, 400, 20):
            self.run(20)
            if not self.relay:
                return passed
        return None


def test_it_opens_in_time_whatever_part_the_tick_has_left_out():
    for sampled in (False, True):
        for before in range(4):
            for high in (9000, 12000, 0, -12000):
                site = Site(sampled)
                site.charge()
                site.run(1000 + before * 20)
                site.line.high = high
                took = site.opens()
                assert took is not None and took <= OFF_MS, (sampled, before, high, took)


def test_each_cause_at_a_pin_opens_in_the_next_tick():
    for sampled in (False, True):
        for name, cause in (("residual current", lambda site: setattr(site.monitor, "leaking", True)),
                            ("lost cable", lambda site: setattr(site.cable, "uv", 3100000)),
                            ("short in the cable", lambda site: setattr(site.cable, "uv", 100000)),
                            ("lost lock", lambda site: setattr(site, "bolt", 0)),
                            ("heat", lambda site: setattr(site.heat, "uv", 350000))):
            site = Site(sampled)
            site.charge()
            site.run(1000)
            assert site.relay and site.evse.fault is None, name
            cause(site)
            assert site.opens() == 20, name


def test_a_lost_diode_opens_in_time():
    for sampled in (False, True):
        site = Site(sampled)
        site.charge()
        site.run(1000)
        site.line.low = -6000
        assert site.opens() <= 120 and site.evse.fault[1] == "diode"


def test_a_lost_sensor_stops():
    for uv in (3100000, 0):
        site = Site()
        site.charge()
        site.heat.uv = uv
        site.run(2100)
        assert not site.relay and site.evse.fault[:2] == ("OtherError", "thermometer")


def test_a_tick_on_real_drivers_allocates_nothing():
    if not hasattr(gc, "mem_alloc"):
        return
    for sampled in (False, True):
        site = Site(sampled, TakingTurns(0) if sampled else Fixed(2079000), Fixed(286000))
        devices = site.devices
        devices.proximity, devices.temperature = Proximity(Fixed(595000)), Ntc(Fixed(1650000))
        devices.residual = ResidualMonitor(lambda: 0, lambda level: None)
        site.evse.lock.wanted = True
        site.evse.permit(True)
        with replaced(sampled_pilot, sleep_us=abs):
            tick = site.evse.tick
            for count in range(50):
                tick(1000 + 20 * count)
            gc.collect()
            before = gc.mem_alloc()
            for count in range(50, 100):
                tick(1000 + 20 * count)
            assert gc.mem_alloc() == before, sampled
        assert site.evse.state == "B2" and site.evse.fault is None
