"""Waiting: after a power outage, for a sleeping car; and what comes after a week."""

from evse_bench import Bench, offered, pass_time

from hal.evse.pilot import BOUNDS, duty_permyriad


def test_nothing_is_offered_for_a_while_after_a_power_outage():
    bench = offered(delay_ms=300000)
    pass_time(bench, 290000)
    assert bench.evse.state == "B1" and bench.evse.limit == 0 and bench.evse.permitted
    pass_time(bench, 20000)
    assert bench.evse.state == "B2" and bench.pilot.duty == duty_permyriad(320)


def test_the_delay_goes_on_when_cars_come_and_go():
    bench = Bench(delay_ms=60000)
    bench.evse.permit(True)
    for level in "BABC":
        bench.show(level)
        bench.run(10000)
        assert bench.pilot.duty == 10000 and not bench.evse.contactor_closed
    bench.run(22000)
    assert bench.evse.contactor_closed


def test_a_delay_can_be_called_off():
    bench = offered(delay_ms=300000)
    bench.evse.limits.pause(0)
    bench.run(200)
    assert bench.evse.state == "B2" and bench.evse.limit == 320


def test_a_pause_is_a_controlled_stop():
    bench = Bench()
    bench.charge()
    bench.evse.limits.pause(60000)
    bench.run(20)
    assert bench.evse.state == "C1" and bench.evse.contactor_closed
    bench.show("B")
    assert bench.until("contactor_closed", False) <= 80
    pass_time(bench, 50000)
    assert not bench.evse.pwm_on
    pass_time(bench, 20000)
    bench.run(100)
    assert bench.evse.state == "B2"


def wakings(bench, milliseconds):
    """(when, how long) -12 V was there, in ms."""
    seen, begun = [], None
    for passed in range(0, milliseconds, 20):
        bench.run(20)
        if bench.pilot.duty == 0 and begun is None:
            begun = passed
        elif bench.pilot.duty != 0 and begun is not None:
            seen.append((begun, passed - begun))
            begun = None
    assert begun is None
    return seen


class Asleep:
    """The pilot of a sleeping car, which at -12 V shows nothing of it."""

    def __init__(self, bench):
        self.bench, self.read = bench, bench.pilot.read
        bench.pilot.read = self

    def __call__(self):
        return self.read() if self.bench.pilot.duty else -12000


def test_a_car_that_does_not_answer_is_woken_once():
    bench = offered()
    Asleep(bench)
    (when, long), = wakings(bench, 300000)
    assert 89000 <= when <= 90100 and 3980 <= long <= 4020
    assert bench.evse.state == "B2" and bench.evse.plugged and bench.evse.fault is None
    assert bench.pilot.duty == duty_permyriad(320)


def test_waking_the_car_changes_no_reported_status():
    bench = offered()
    Asleep(bench)
    bench.evse.changed.clear()
    assert wakings(bench, 100000) and not bench.evse.changed.state


def test_it_is_woken_in_time_though_the_offer_changes():
    bench = offered()
    Asleep(bench)
    woken = []
    for round in range(12):
        bench.evse.limits.set("profile", 100 + round)
        woken += wakings(bench, 10000) if round != 8 else wakings(bench, 16000)
    assert len(woken) == 1 and woken[0][1] <= 4020


def test_a_car_that_has_charged_is_left_alone_until_the_next_offer():
    bench = Bench()
    bench.charge()
    bench.show("B")
    assert wakings(bench, 200000) == []
    bench.evse.limits.set("profile", 0)
    bench.run(1000)
    bench.evse.limits.set("profile", 100)
    assert len(wakings(bench, 200000)) == 1


def test_no_offer_wakes_nobody():
    bench = Bench("B")
    assert wakings(bench, 200000) == []


def test_a_car_that_leaves_while_it_is_woken_is_noticed():
    bench = offered()
    Asleep(bench)
    bench.until("duty", 0, 95000)
    bench.show("A")
    bench.run(4600)
    assert bench.evse.state == "A" and not bench.evse.plugged and bench.pilot.duty == 10000


def test_a_stop_ends_waking_at_once():
    bench = offered()
    bench.until("duty", 0, 95000)
    bench.evse.permit(False)
    bench.run(20)
    assert bench.pilot.duty == 10000


def test_after_a_week_without_a_car_the_next_one_charges_as_fast():
    """On the board ticks differ by six days at most; what is older looks as if it were to come."""
    for days in range(1, 14):
        bench = Bench(lock=True)
        bench.evse.lock.wanted = True
        bench.charge()
        bench.meter.currents[:] = [0, 0, 0]
        bench.evse.permit(False)
        bench.show("A")
        bench.run(200)
        bench.evse.lock.wanted = False
        bench.run(1000)
        pass_time(bench, days * 86400000, 3600000)
        bench.evse.lock.wanted = True
        bench.evse.permit(True)
        bench.show("C")
        assert bench.until("contactor_closed", True, 10000) <= 3000, days


def test_a_lost_proximity_opens_in_the_same_tick():
    bench = Bench()
    bench.charge()
    bench.devices.cable = None
    bench.run(20)
    assert not bench.devices.contactor.closed and bench.pilot.duty == 10000
    bench.devices.cable = 320
    assert 900 <= bench.until("contactor_closed", True, 3000) <= 1200


def test_thresholds_of_a_calibrated_board():
    shifted = tuple([bound + 700 for bound in BOUNDS])
    for bounds, millivolts, state in ((BOUNDS, 7900, "B1"), (shifted, 7900, "C1"), (shifted, 8500, "B1")):
        bench = Bench(bounds=bounds)
        bench.pilot.read = lambda: millivolts  # noqa: B023  called within this round
        bench.run(6000)
        assert bench.evse.state == state


def test_threshold_of_the_diode():
    for bound, closes in ((-10000, False), (-9000, True)):
        bench = Bench(bounds=BOUNDS[:5] + (bound,))
        bench.pilot.read = lambda: 6000
        bench.evse.permit(True)
        bench.pilot.low = -9500
        bench.run(8000)
        assert bench.evse.contactor_closed is closes


def test_a_bad_reading_after_waking_unplugs_nobody():
    bench = offered()
    Asleep(bench)
    bench.until("duty", 0, 95000)
    bench.run(3980)
    bench.run(20 if bench.pilot.duty == 0 else 0)
    bench.show("A")
    bench.run(40)
    assert bench.pilot.duty and bench.evse.plugged
    bench.show("B")
    bench.run(20)
    assert bench.evse.state == "B2"
