"""The power-on self-test of a connector: what it finds, what it makes of that, and that nothing moves before."""

from pilot_electronics import PilotLine, proximity_uv
from hal.drivers.contactor import Contactor
from hal.evse.machine import Evse
from hal.drivers.peak_pilot import PeakPilot
from hal.evse.self_test import SelfTest
from hal.drivers.proximity import Proximity
from hal.drivers.residual import ResidualMonitor
from evse_bench import Bench
from residual_monitor import Monitor

GOOD = {"contactor": "ok", "residual": "ok", "pilot": "ok", "proximity": "ok", "meter": "ok"}


class Line(PilotLine):
    """A pilot whose generator may be stuck at a `stuck` level in mV."""

    stuck = None

    def levels(self):
        return (self.stuck, self.stuck) if self.stuck is not None else super().levels()


class Board(Bench):
    """A connector with real drivers, and its self-test."""

    def __init__(self, car=12000, **options):
        super().__init__()
        devices = self.devices
        self.line = Line()
        self.line.high = car
        self.relay = self.welded = 0
        self.cable = None
        self.monitor = Monitor()
        devices.pilot = PeakPilot(self.line, self.line.detector(True), self.line.detector(False))
        devices.contactor = Contactor(self.switch, None, lambda: int(self.relay or self.welded))
        devices.residual = ResidualMonitor(self.monitor.fault, self.monitor.test)
        devices.proximity = Proximity(self)
        devices.self_test_result = ""
        self.evse = Evse(devices, 1, **options)
        self.evse.self_test = SelfTest(self.evse)

    def switch(self, level):
        self.relay = level

    def read_uv(self):
        return proximity_uv(self.cable)

    def run(self, milliseconds):
        for _ in range(milliseconds // 20):
            self.monitor.now += 20
            super().run(20)

    def results(self, limit=2200):
        """name -> result, and the ms it took; nothing is offered and nothing closes meanwhile."""
        self.evse.permit(True)
        for _ in range(0, limit, 20):
            self.run(20)
            if self.devices.self_test_result:
                break
            assert not self.relay and not self.evse.pwm_on and self.line.duty in (0, 10000)
        assert self.evse.self_test is None
        return dict([part.split("=") for part in self.devices.self_test_result.split()]), self.now - 1000


def changed(**parts):
    results = dict(GOOD)
    results.update(parts)
    return results


def test_a_good_board_passes_quickly():
    board = Board()
    results, passed = board.results()
    assert results == GOOD and passed <= 300
    assert board.evse.fault is None and board.evse.state == "A" and not board.evse.plugged
    board.run(1000)
    assert board.line.duty == 10000 and not board.monitor.testing


def test_minus_12_volts_are_tried_without_a_car_only():
    for car, tried in ((12000, True), (9000, False)):
        board = Board(car, ventilated=True)
        board.cable = 220
        seen = []
        set_duty = board.line.set_duty
        board.line.set_duty = lambda duty, set_duty=set_duty, seen=seen: (seen.append(duty), set_duty(duty))
        assert board.results()[0] == GOOD
        assert seen[:2] == ([0, 10000] if tried else [5333]), car


def test_what_is_not_fitted():
    board = Board(socket=False)
    board.devices.contactor = Contactor(board.switch)
    board.devices.residual = ResidualMonitor(board.monitor.fault)
    results, passed = board.results()
    assert results == changed(contactor="none", residual="none", proximity="none") and board.evse.fault is None


def test_a_weld():
    board = Board()
    board.welded = 1
    results, passed = board.results()
    assert results == changed(contactor="failed")
    assert board.evse.fault == ("PowerSwitchFailure", "welded", "welded")
    board.welded = 0
    board.run(10000)
    assert board.evse.fault
    board.evse.faults.reset_wanted = True
    board.run(20)
    assert board.evse.fault is None


def test_contacts_may_take_their_time_to_open_after_a_reset():
    board = Board()
    board.welded = 1
    board.run(300)
    board.welded = 0
    assert board.results()[0] == GOOD and board.evse.fault is None


def test_a_monitor_that_fails_its_test():
    for options in ({"after": None}, {"later": None}):
        board = Board()
        board.monitor.__init__(**options)
        results, passed = board.results()
        assert results == changed(residual="failed")
        assert board.evse.fault == ("GroundFailure", "test", "test") and not board.monitor.testing
        board.evse.faults.reset_wanted = True
        board.run(1000)
        leaking = options.get("after", 1) is not None
        assert (board.evse.fault and board.evse.fault[1]) == ("residual" if leaking else None)


def test_a_residual_current_from_the_start():
    board = Board()
    board.monitor.leaking = True
    results, passed = board.results()
    assert results == changed(residual="failed") and board.evse.fault[0] == "GroundFailure"
    board.monitor.leaking = False
    board.run(61000)
    assert board.evse.fault is None and not board.monitor.testing


def test_a_test_that_has_begun_late_is_brought_to_its_end():
    board = Board()
    board.monitor.__init__(after=300)
    board.monitor.leaking = True
    board.run(1900)
    board.monitor.leaking = False
    assert board.results()[0] == changed(residual="failed") and board.monitor.testing
    board.run(1500)
    assert not board.monitor.testing


def test_a_short_at_the_pilot():
    board = Board(0)
    results, passed = board.results()
    assert results == changed(pilot="failed") and board.evse.fault[:2] == ("EVCommunicationError", "pilot")
    board.line.high = 12000
    board.run(2000)
    assert board.evse.fault is None


def test_a_generator_that_has_lost_a_level():
    for stuck in (12000, -12000, 0, 20000):
        board = Board()
        board.line.stuck = stuck
        results, passed = board.results()
        assert results == changed(pilot="failed"), stuck
        wanted = ("EVCommunicationError", "pilot") if stuck == 0 else ("InternalError", "generator")
        assert board.evse.fault[:2] == wanted, stuck
        board.line.stuck = None
        board.run(20000)
        assert (board.evse.fault is None) is (stuck == 0)
        board.evse.faults.reset_wanted = True
        board.run(20)
        assert board.evse.fault is None


def test_a_pilot_that_needs_a_moment_after_the_start():
    board = Board()
    board.line.stuck = -12000
    board.run(100)
    board.line.stuck = None
    assert board.results()[0] == GOOD


def test_a_refused_cable():
    board = Board()
    board.cable = 20
    assert board.results()[0] == changed(proximity="failed")


def test_a_silent_meter():
    board = Board()
    board.devices.meter.ok = False
    results, passed = board.results()
    assert results == changed(meter="failed") and 2000 <= passed <= 2200
    assert board.evse.fault[0] == "PowerMeterFailure"
    board.devices.meter.ok = True
    board.run(1100)
    assert board.evse.fault is None


def test_a_slow_meter():
    board = Board()
    board.devices.meter.ok = False
    board.run(1500)
    board.devices.meter.ok = True
    assert board.results()[0] == GOOD and board.evse.fault is None


def test_a_car_that_waits_charges_after_it():
    board = Board(9000)
    board.cable = 220
    board.devices.meter.ok = False
    board.evse.permit(True)
    board.run(1000)
    board.line.high = 6000
    board.run(900)
    assert not board.relay and board.line.duty == 10000 and board.evse.self_test is not None
    board.devices.meter.ok = True
    board.run(1500)
    assert board.relay == 1 and board.evse.state == "C2"


def test_a_tick_that_fails_makes_it_safe_and_does_not_end_the_test():
    board = Board()
    board.run(40)
    read = board.line.seen
    board.line.seen = lambda millivolts: 1 // 0
    for _ in range(3):
        try:
            board.run(20)
        except ZeroDivisionError:
            board.evse.crashed()
        assert board.line.duty == 10000 and board.evse.fault[0] == "InternalError"
    board.line.seen = read
    board.run(3000)
    assert board.evse.self_test is None and board.devices.self_test_result and board.evse.fault[0] == "InternalError"
