"""The lock of a socket: when it engages, what it waits for, and how it fails."""

from evse_bench import Bench
from helpers import raises

from hal.evse.machine import Evse
from hal.drivers.lock import MotorLock


def test_the_lock_engages_only_on_a_plugged_cable():
    bench = Bench(lock=True)
    bench.evse.lock.wanted = True
    bench.run(1000)
    assert not bench.evse.locked
    bench.show("B")
    bench.run(400)
    assert bench.evse.locked
    bench.show("A")
    bench.run(1000)
    assert bench.evse.locked
    bench.evse.lock.wanted = False
    bench.run(40)
    assert not bench.evse.locked and not bench.evse.lock_failed


def test_nothing_is_offered_and_the_contactor_never_closes_on_an_unlocked_socket():
    """OCA TC_024: no PWM before the lock has engaged, whatever is permitted."""
    bench = Bench("B", lock=True)
    bench.evse.permit(True)
    bench.run(100)
    assert bench.evse.state == "B1"
    bench.show("C")
    bench.run(3000)
    assert bench.evse.state == "C1" and not bench.evse.contactor_closed
    bench.devices.lock.stuck = True
    bench.evse.lock.wanted = True
    bench.run(4000)
    assert bench.evse.state == "C1" and not bench.evse.contactor_closed
    assert bench.evse.fault[0] == "ConnectorLockFailure"
    bench.devices.lock.stuck = False
    assert bench.until("locked", True, 4000) is not None
    assert bench.until("contactor_closed", True, 2000) >= 1000, "the fault lasts for a second more"
    assert bench.evse.state == "C2" and bench.evse.fault is None


def test_a_lock_that_is_tried_again_and_again_stays_a_failure():
    """retry() gives it two tries more; `stuck` says what came of them, the fault remains meanwhile."""
    bench = Bench("B", lock=True)
    bench.devices.lock.stuck = True
    bench.evse.lock.wanted = True
    assert bench.until("lock_failed", True, 5000) is not None and bench.evse.lock.stuck
    bench.run(1100)
    bench.evse.lock.retry()
    assert not bench.evse.lock.stuck
    for _ in range(200):
        bench.run(20)
        assert bench.evse.lock_failed and bench.evse.fault
    assert bench.evse.lock.stuck


def test_the_lock_stays_until_the_contactor_is_open():
    bench = Bench("B", lock=True)
    bench.evse.lock.wanted = True
    bench.charge()
    bench.evse.lock.wanted = False
    bench.run(1000)
    assert bench.evse.locked and bench.evse.contactor_closed
    bench.evse.permit(False)
    bench.run(6100)
    assert not bench.evse.contactor_closed and not bench.evse.locked


def test_a_lock_that_opens_by_itself_opens_the_contactor():
    bench = Bench("B", lock=True)
    bench.evse.lock.wanted = True
    bench.charge()
    bench.devices.lock.closed = False
    bench.devices.lock.stuck = True
    bench.run(20)
    assert not bench.evse.contactor_closed


def test_a_stuck_lock_fails_after_three_seconds_and_recovers():
    for engaged in (False, True):
        bench = Bench("B", lock=True)
        bench.evse.lock.wanted = engaged
        bench.run(100)
        bench.devices.lock.stuck = True
        bench.evse.lock.wanted = not engaged
        assert 3000 <= bench.until("lock_failed", True) <= 3100
        bench.run(40)
        assert bench.evse.fault[0] == "ConnectorLockFailure"
        bench.devices.lock.stuck = False
        bench.evse.faults.reset_wanted = True
        bench.run(1100)
        assert bench.evse.locked is not engaged and bench.evse.fault is None and not bench.evse.lock_failed


def test_a_lock_belongs_to_a_socket():
    assert Bench(lock=True).evse.lock.fitted
    assert not Bench(lock=True, socket=False).evse.lock.fitted
    assert not Bench().evse.lock.fitted


def test_a_lock_is_polled_each_tick_whatever_else_fails():
    bench = Bench("B", lock=True)
    polled = []
    bench.devices.lock.poll = polled.append
    bench.run(100)
    assert polled == [bench.now - 80, bench.now - 60, bench.now - 40, bench.now - 20, bench.now]
    bench.pilot.read = lambda: 1 // 0
    for _ in range(3):
        raises(ZeroDivisionError, bench.run, 20)
        bench.evse.crashed()
    assert len(polled) == 8


def test_a_motor_locks_before_the_contactor_closes():
    """The real driver, without feedback: what it does not know it does not claim."""
    pins = {"a": 0, "b": 0}
    lock = MotorLock(lambda level: pins.update(a=level), lambda level: pins.update(b=level))
    bench = Bench("B")
    bench.devices.lock = lock
    evse = bench.evse = Evse(bench.devices, 1)
    evse.lock.wanted = True
    evse.permit(True)
    bench.run(300)
    assert pins == {"a": 1, "b": 0} and not evse.locked
    bench.show("C")
    closed = bench.until("contactor_closed", True, 3000)
    assert evse.locked and closed is not None and pins == {"a": 0, "b": 0}
    bench.meter.currents[:] = [0, 0, 0]
    evse.permit(False)
    evse.lock.wanted = False
    bench.run(100)
    assert not bench.devices.contactor.closed and pins == {"a": 0, "b": 1} and not evse.locked
    bench.run(1000)
    assert pins == {"a": 0, "b": 0} and not evse.lock_failed


def test_without_a_lock_nothing_locks():
    bench = Bench("B")
    bench.evse.lock.wanted = True
    bench.charge()
    assert not bench.evse.locked and not bench.evse.lock_failed
