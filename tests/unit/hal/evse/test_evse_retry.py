"""Faults that cannot show with the contactor open: tried again ever later, six times a session; the test of the
residual current monitor before each closing."""

from evse_bench import Bench, code

BACK_OFF = (60000, 300000, 900000, 900000, 900000, 900000)  # ms: 1, 5, then 15 minutes


def charging():
    bench = Bench()
    bench.charge()
    return bench


def leak(bench):
    bench.devices.leaking = True
    bench.run(20)
    bench.devices.leaking = False
    assert code(bench) == "GroundFailure" and not bench.devices.contactor.closed


def lose_diode(bench):
    bench.pilot.diode = False
    bench.until("contactor_closed", False, 100)
    assert bench.evse.fault == ("EVCommunicationError", "diode", "diode")
    bench.pilot.diode = True


def pass_quickly(bench, milliseconds):
    """Ticks of 1 s: nothing but time passes."""
    for _ in range(milliseconds // 1000):
        bench.now += 980
        bench.run(20)


def exhaust(bench, fail):
    for pause in BACK_OFF:
        fail(bench)
        pass_quickly(bench, pause - 1000)
        assert bench.evse.fault, pause
        pass_quickly(bench, 3000)
        bench.run(1500)
        assert bench.evse.fault is None and bench.evse.contactor_closed, pause
    fail(bench)
    pass_quickly(bench, 7200000)
    assert bench.evse.fault


def test_six_tries_ever_later_then_none_until_unplugged():
    for fail in (leak, lose_diode):
        bench = charging()
        exhaust(bench, fail)
        bench.meter.currents[:] = [0, 0, 0]
        bench.show("A")
        bench.run(100)
        assert bench.evse.fault is None
        bench.charge()
        fail(bench)
        pass_quickly(bench, 62000)
        assert bench.evse.fault is None


def test_the_operator_may_end_it_too():
    bench = charging()
    exhaust(bench, leak)
    bench.evse.faults.reset_wanted = True
    bench.run(2000)
    assert bench.evse.contactor_closed
    leak(bench)
    pass_quickly(bench, 62000)
    assert bench.evse.fault is None


def test_both_kinds_count_together():
    bench = charging()
    for fail in (leak, lose_diode):
        fail(bench)
        pass_quickly(bench, 62000)
        first = bench.evse.fault
        bench.run(1500)
        if first:
            break
    assert fail is lose_diode and bench.evse.fault[1] == "diode"


def test_what_leaks_without_a_car_does_not_use_up_tries():
    bench = Bench()
    bench.run(100)
    for _ in range(9):
        leak(bench)
        bench.show("B")
        bench.run(300)
        bench.show("A")
        bench.run(300)
        assert bench.evse.fault is None


class Monitor:
    """A residual current monitor whose self-test takes 200 ms and ends with `good`."""

    def __init__(self, good=True):
        self.good = good
        self.begun = None
        self.tests = 0

    def tripped(self):
        return False

    def prove(self, now):
        if self.begun is None:
            self.begun = now
        if now - self.begun < 200:
            return None
        self.begun = None
        self.tests += 1
        return self.good


def tested(good=True):
    bench = Bench("B")
    bench.devices.residual = monitor = Monitor(good)
    bench.evse.permit(True)
    bench.run(1000)
    bench.show("C")
    return bench, monitor


def test_each_closing_waits_for_the_test_of_the_monitor():
    bench, monitor = tested()
    for count in (1, 2):
        took = bench.until("contactor_closed", True, 3000)
        assert 200 <= took <= 3000 and monitor.tests == count
        bench.show("B")
        bench.run(1000)
        assert not bench.evse.contactor_closed
        bench.show("C")


def test_a_monitor_that_fails_its_test_latches_until_the_operators_reset():
    bench, monitor = tested(False)
    bench.run(1000)
    assert bench.evse.fault == ("GroundFailure", "test", "test")
    assert not bench.devices.contactor.closed and bench.pilot.duty == 10000
    monitor.good = True
    pass_quickly(bench, 7200000)
    bench.show("A")
    bench.run(1000)
    bench.show("C")
    bench.run(1000)
    assert bench.evse.fault and monitor.tests == 1
    bench.evse.faults.reset_wanted = True
    assert bench.until("contactor_closed", True, 3000) is not None
    assert monitor.tests == 2
