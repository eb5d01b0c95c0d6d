"""How a connector follows the pilot."""

import time

from evse_bench import Bench


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
