# without coverage: the minutes are long
"""Between one phase and three: a minute without offer, at most every five minutes, never under voltage."""

from evse_bench import Bench
from helpers import raises

from hal.evse.machine import Evse


def test_another_number_of_phases_comes_after_a_minute_without_offer():
    bench = Bench()
    bench.charge()
    bench.evse.limits.set_phases(1)
    bench.run(1000)
    assert bench.evse.state == "C1" and bench.evse.contactor_closed and bench.evse.phases == 3
    bench.show("B")
    bench.meter.currents[:] = [0, 0, 0]
    bench.run(58000)
    assert bench.evse.phases == 3 and bench.pilot.duty == 10000
    bench.run(2000)
    assert bench.evse.phases == bench.devices.contactor.phases == 1 and bench.evse.state == "B2"
    bench.show("C")
    assert bench.until("contactor_closed", True) <= 3000


def test_phases_never_change_under_voltage():
    class Contactor(type(Bench().devices.contactor)):
        changes = 0

        def __setattr__(self, name, value):
            if name == "phases":
                assert not self.closed
                object.__setattr__(self, "changes", self.changes + 1)
            object.__setattr__(self, name, value)

    bench = Bench()
    bench.devices.contactor = Contactor()
    bench.charge()
    for phases in (1, 3, 1):
        bench.evse.limits.set_phases(phases)
        bench.run(300000 + 62000)
        assert bench.evse.phases == phases and bench.evse.contactor_closed
    assert bench.devices.contactor.changes == 3


def test_the_phases_of_a_car_change_at_most_every_five_minutes():
    """Until then it charges on with fewer phases than wished, and with more not at all."""
    bench = Bench()
    bench.charge()
    bench.meter.currents[:] = [0, 0, 0]
    bench.evse.limits.set_phases(1)
    bench.run(62000)
    assert bench.evse.phases == 1 and bench.evse.contactor_closed
    bench.evse.limits.set_phases(3)
    bench.run(230000)
    assert bench.evse.phases == 1 and bench.evse.contactor_closed, "one phase is less than is wished"
    bench.run(80000)
    assert not bench.evse.contactor_closed and bench.evse.phases == 1
    bench.run(60000)
    assert bench.evse.phases == 3 and bench.evse.contactor_closed
    bench.evse.limits.set_phases(1)
    for _ in range(270):
        bench.run(1000)
        assert bench.evse.phases == 3 and not bench.evse.pwm_on, "three phases are more"
    bench.run(40000)
    assert bench.evse.phases == 1 and bench.evse.contactor_closed


def test_a_wish_for_phases_that_is_taken_back_switches_nothing():
    bench = Bench()
    bench.charge()
    bench.evse.limits.set_phases(1)
    bench.run(10000)
    assert not bench.evse.pwm_on and bench.evse.limit == 0
    bench.evse.limits.set_phases(3)
    bench.run(1500)
    assert bench.evse.pwm_on and bench.evse.contactor_closed and bench.evse.phases == 3


def test_a_car_that_has_been_without_an_offer_for_a_minute_waits_no_longer():
    bench = Bench()
    bench.charge()
    bench.meter.currents[:] = [0, 0, 0]
    bench.evse.limits.set("profile", 0)
    bench.run(61000)
    bench.evse.limits.set_phases(1)
    bench.run(40)
    assert bench.evse.phases == bench.devices.contactor.phases == 1
    bench.evse.limits.set("profile", 160)
    bench.run(1500)
    assert bench.evse.pwm_on and bench.evse.contactor_closed


def test_a_delay_after_the_start_is_not_cut_short_by_other_phases():
    bench = Bench("B", delay_ms=600000)
    bench.evse.permit(True)
    bench.run(1000)
    bench.evse.limits.set_phases(1)
    bench.run(120000)
    assert bench.evse.phases == 1 and not bench.evse.pwm_on
    bench.run(500000)
    assert bench.evse.pwm_on


def test_phases_that_the_contactor_cannot_switch_are_refused():
    """One relay for all phases, one phase, or two of three phases."""
    bench = Bench()
    raises(ValueError, bench.evse.limits.set_phases, 2)
    raises(ValueError, Bench(phases=1).evse.limits.set_phases, 3)
    bench.devices.contactor.switchable = False
    evse = Evse(bench.devices, 1)
    raises(ValueError, evse.limits.set_phases, 1)
    evse.limits.set_phases(3)
    assert not evse.switchable and not Bench(phases=1).evse.switchable and bench.evse.switchable


def test_without_a_car_phases_change_at_once():
    bench = Bench()
    bench.run(200)
    bench.evse.limits.set_phases(1)
    bench.run(200)
    assert bench.evse.phases == bench.devices.contactor.phases == 1 and bench.evse.limit == 320
