"""Current limits, the duty cycle that offers them, the cable's rating, and heat."""

from evse_bench import Bench
from helpers import raises

from hal.evse.pilot import duty_permyriad


def offering(**options):
    bench = Bench("B", **options)
    bench.evse.permit(True)
    bench.run(100)
    return bench


def test_the_smallest_slot_counts():
    bench = Bench(max_current=320)
    evse = bench.evse
    assert evse.limit == 320
    for slot, deciamps, limit in (
            ("board", 500, 320), ("profile", 160, 160), ("owner", 100, 100), ("board", 63, 63),
            ("owner", None, 63), ("board", None, 160), ("profile", 0, 0), ("profile", None, 320)):
        evse.limits.set(slot, deciamps)
        bench.run(20)
        assert evse.limit == limit, (slot, deciamps)
    raises(ValueError, evse.limits.set, "moon", 100)


def test_a_limit_below_six_amperes_suspends_without_losing_permission():
    bench = Bench()
    bench.charge()
    bench.evse.limits.set("profile", 59)
    bench.run(20)
    assert bench.evse.state == "C1" and bench.pilot.duty == 10000 and bench.evse.permitted
    bench.meter.currents[:] = [0, 0, 0]
    bench.run(20)
    assert not bench.evse.contactor_closed
    bench.evse.limits.set("profile", 60)
    bench.run(1500)
    assert bench.evse.state == "C2" and bench.evse.contactor_closed and bench.pilot.duty == 1000


def test_duty_follows_the_limit_at_most_every_five_seconds():
    bench = offering()
    first = bench.pilot.duty
    for deciamps in (160, 100, 200):
        bench.evse.limits.set("profile", deciamps)
        bench.run(1000)
    assert bench.pilot.duty == first
    bench.run(2000)
    assert bench.pilot.duty == duty_permyriad(200)
    bench.evse.limits.set("profile", 80)
    bench.run(4900)
    assert bench.pilot.duty == duty_permyriad(200)
    bench.run(120)
    assert bench.pilot.duty == duty_permyriad(80)


def test_off_and_on_again_do_not_wait():
    bench = offering()
    bench.evse.limits.set("profile", 0)
    bench.run(20)
    assert bench.pilot.duty == 10000 and not bench.evse.pwm_on
    bench.evse.limits.set("profile", 100)
    bench.run(20)
    assert bench.pilot.duty == duty_permyriad(100) and bench.evse.pwm_on


def test_cable_is_read_before_the_first_offer_and_forgotten_at_unplugging():
    bench = Bench()
    bench.run(200)
    bench.devices.cable = 130
    bench.evse.permit(True)
    bench.show("B")
    bench.until("pwm_on", True)
    assert bench.evse.limit == 130 and bench.pilot.duty == duty_permyriad(130)
    bench.show("A")
    bench.run(400)
    assert bench.evse.limit == 320


def test_a_rating_holds_once_read_but_a_smaller_one_counts():
    bench = Bench("B")
    bench.devices.cable = 200
    bench.run(200)
    bench.devices.cable = 320
    bench.run(200)
    assert bench.evse.limit == 200
    bench.devices.cable = 130
    bench.run(200)
    assert bench.evse.limit == 130


def test_a_socket_offers_nothing_without_a_known_cable():
    bench = Bench("B")
    bench.devices.cable = None
    bench.evse.permit(True)
    bench.run(1000)
    assert bench.evse.state == "B1" and bench.evse.limit == 0
    bench.devices.cable = 320
    bench.run(200)
    assert bench.evse.state == "B2"


def test_losing_the_cable_while_charging_stops():
    bench = Bench()
    bench.charge()
    bench.devices.cable = None
    bench.run(100)
    assert bench.evse.state == "C1"
    bench.meter.currents[:] = [0, 0, 0]
    bench.run(20)
    assert not bench.evse.contactor_closed


def test_a_cable_in_the_socket_shows_without_a_car():
    for socket in (True, False):
        bench = Bench(socket=socket)
        bench.run(200)
        assert bench.evse.cable_in is socket and not bench.evse.plugged
        bench.evse.changed.clear()
        bench.devices.cable = None
        bench.run(200)
        assert not bench.evse.cable_in and bool(bench.evse.changed.state) is socket


def test_a_tethered_cable_has_no_proximity():
    bench = offering(socket=False)
    bench.devices.cable = None
    bench.run(200)
    assert bench.evse.state == "B2" and bench.evse.limit == 320


def test_heat_derates_with_hysteresis():
    bench = Bench()
    for degrees, limit in ((64, 320), (65, 160), (61, 160), (60, 160), (59, 320), (64, 320), (69, 160), (70, 80),
                           (66, 80), (65, 80), (64, 160), (60, 160), (70, 80), (59, 320), (74, 80)):
        bench.devices.degrees = degrees
        bench.run(200)
        assert bench.evse.limit == limit, degrees
    bench = Bench(max_current=100)
    bench.devices.degrees = 70
    bench.run(200)
    assert bench.evse.limit == 60


def test_a_sensor_that_is_not_fitted_is_no_heat():
    bench = Bench()
    bench.devices.degrees = 0
    bench.run(5000)
    assert bench.evse.limit == 320 and bench.evse.fault is None


def test_a_lost_sensor_is_a_fault_and_not_cold():
    bench = Bench()
    bench.charge()
    bench.devices.degrees = 66
    bench.run(100)
    assert bench.evse.limit == 160
    bench.devices.degrees = None
    bench.run(1900)
    assert bench.evse.fault is None and bench.evse.limit == 160
    bench.run(200)
    assert bench.evse.fault == ("OtherError", "thermometer", "thermometer")
    assert not bench.devices.contactor.closed and bench.evse.limit == 160
    bench.devices.degrees = 25
    bench.run(1100)
    assert bench.evse.fault is None and bench.evse.limit == 320
