"""The contactor stays open if something changes in the last tick before it would close."""

from evse_charging import charging, crash


def about_to_close():
    """Everything is ready, and the contacts have rested but for the next tick."""
    bench = charging()
    bench.meter.currents[:] = [0, 0, 0]
    bench.evse.permit(False)
    bench.run(20)
    assert not bench.devices.contactor.closed
    bench.evse.permit(True)
    bench.run(980)
    assert not bench.devices.contactor.closed
    return bench


def test_the_next_tick_would_close():
    bench = about_to_close()
    bench.run(20)
    assert bench.devices.contactor.closed


def test_it_does_not_close_while_the_pilot_shows_another_state():
    for shown in "ABEF":
        bench = about_to_close()
        bench.show(shown)
        bench.run(40)
        assert not bench.devices.contactor.closed
        bench.show("C")
        bench.run(20)
        assert bench.devices.contactor.closed


def test_it_does_not_close_in_the_tick_that_releases_the_lock():
    bench = about_to_close()
    bench.evse.lock.wanted = False
    bench.run(20)
    assert not bench.devices.contactor.closed and not bench.devices.lock.engaged


def test_a_contactor_that_is_switched_on_holds_the_lock_whatever_its_feedback():
    bench = about_to_close()
    bench.devices.contactor.stuck = True
    bench.run(40)
    assert bench.evse.commanded and not bench.evse.contactor_closed
    bench.evse.lock.wanted = False
    while bench.evse.commanded:
        assert bench.devices.lock.engaged
        bench.run(20)
    assert bench.evse.fault[1] == "stays-open"
    bench.run(40)
    assert not bench.devices.lock.engaged


def test_phases_stay_while_a_tick_has_failed_over_a_closed_contactor():
    bench = charging()
    bench.evse.limits.set_phases(1)
    bench.run(1000)
    bench.devices.contactor.stuck = True
    bench.now += 60000
    for _ in range(10):
        crash(bench)
        bench.run(20)
        assert bench.devices.contactor.closed and bench.evse.phases == 3
    bench.devices.contactor.stuck = bench.devices.contactor.closed = False
    bench.run(20)
    bench.evse.faults.reset_wanted = True
    bench.run(60200)
    assert bench.evse.phases == 1
