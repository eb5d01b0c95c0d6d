"""When the contactor of a connector closes and opens."""

from hal.evse.pilot import duty_permyriad
from evse_bench import Bench


def test_permission_turns_the_pwm_on_and_contactor_closes_within_three_seconds_of_c():
    bench = Bench("B")
    bench.run(1000)
    assert bench.evse.state == "B1" and bench.pilot.duty == 10000
    bench.evse.permit(True)
    bench.run(20)
    assert bench.evse.state == "B2" and bench.pilot.duty == duty_permyriad(320)
    bench.show("C")
    took = bench.until("contactor_closed", True)
    assert 500 <= took <= 3000
    assert bench.evse.state == "C2"


def test_contactor_waits_for_the_negative_half_wave():
    bench = Bench("B")
    bench.run(1000)
    bench.show("C")
    bench.run(1000)
    bench.evse.permit(True)
    assert 100 <= bench.until("contactor_closed", True) <= 200


def test_contactor_opens_within_100_ms_of_b_and_of_a():
    for level in "BA":
        bench = Bench()
        bench.charge()
        bench.show(level)
        assert bench.until("contactor_closed", False) <= 80, level


def test_stop_without_an_answer_opens_at_six_seconds():
    bench = Bench()
    bench.charge()
    bench.evse.permit(False)
    bench.run(20)
    assert bench.evse.state == "C1" and bench.pilot.duty == 10000 and bench.evse.contactor_closed
    bench.run(5900)
    assert bench.evse.contactor_closed
    bench.run(100)
    assert not bench.evse.contactor_closed and bench.evse.fault is None


def test_stop_opens_when_the_current_is_gone_or_s2_opens():
    bench = Bench()
    bench.charge()
    bench.evse.permit(False)
    bench.run(1000)
    bench.meter.currents[:] = [5, 5, 5]
    bench.run(20)
    assert not bench.evse.contactor_closed and bench.evse.state == "C1"
    bench = Bench()
    bench.charge()
    bench.evse.permit(False)
    bench.run(1000)
    bench.show("B")
    assert bench.until("contactor_closed", False) <= 80


def test_charging_resumes_if_the_car_never_left_c():
    bench = Bench()
    bench.charge()
    bench.evse.permit(False)
    bench.run(7000)
    bench.evse.permit(True)
    bench.run(1200)
    assert bench.evse.state == "C2" and bench.evse.contactor_closed


def test_contacts_rest_between_two_switchings():
    bench = Bench()
    bench.charge()
    bench.meter.currents[:] = [0, 0, 0]
    bench.evse.permit(False)
    bench.run(20)
    bench.evse.permit(True)
    assert bench.until("contactor_closed", True) >= 1000
