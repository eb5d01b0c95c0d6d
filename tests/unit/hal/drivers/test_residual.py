"""The monitor of residual currents: what it tells, and its test."""

import time

from residual_monitor import Monitor

from hal.drivers import residual
from hal.drivers.residual import ResidualMonitor


def fitted(**options):
    monitor = Monitor(**options)
    return monitor, ResidualMonitor(monitor.fault, monitor.test)


def prove(monitor, device, limit=5000):
    """(its answer, ms it took); nothing is a residual current meanwhile."""
    for passed in range(0, limit, 20):
        monitor.now += 20
        assert not device.tripped()
        proven = device.prove(monitor.now)
        if proven is not None:
            return proven, passed
    return None, limit


def test_it_tells_a_residual_current_at_once_and_as_long_as_it_lasts():
    monitor, device = fitted()
    assert not device.tripped()
    monitor.leaking = True
    for _ in range(5):
        assert device.tripped() is True
    monitor.leaking = False
    assert device.tripped() is False


def test_a_pulse_of_less_than_a_millisecond_is_noise():
    monitor, device = fitted()
    for pulses in ([1], [1, 0]):
        monitor.pulses = pulses
        assert not device.tripped()


def test_a_lasting_fault_takes_no_time():
    monitor, device = fitted()
    monitor.leaking = True
    device.tripped()
    residual.sleep_ms = None  # there is none to take
    try:
        for _ in range(3):
            assert device.tripped()
    finally:
        residual.sleep_ms = time.sleep_ms


def test_a_good_monitor_is_proven_and_the_test_current_ends():
    for after, later in ((0, 0), (40, 40), (480, 900)):
        monitor, device = fitted(after=after, later=later)
        for _ in range(3):
            proven, passed = prove(monitor, device)
            assert proven is True and not monitor.testing
            assert after + later <= passed <= after + later + 100
            monitor.now += 1000


def test_a_monitor_that_does_not_trip_or_does_not_let_go_fails():
    for options, limit in (({"after": None}, 500), ({"after": 540}, 500), ({"later": None}, 1040),
                           ({"later": 1100}, 1040)):
        monitor, device = fitted(**options)
        monitor.now = 1000
        proven, passed = prove(monitor, device)
        assert proven is False and limit - 40 <= passed <= limit + 40, (options, passed)
        assert not monitor.testing


def test_a_leak_is_not_tested_away():
    monitor, device = fitted()
    monitor.leaking = True
    for _ in range(100):
        monitor.now += 20
        assert device.tripped() and device.prove(monitor.now) is None and not monitor.testing
    monitor.leaking = False
    assert prove(monitor, device)[0] is True


def test_after_a_failed_test_a_residual_current_shows_again():
    monitor, device = fitted(after=None)
    assert prove(monitor, device)[0] is False
    monitor.leaking = True
    assert device.tripped()


def test_without_a_test_output_there_is_nothing_to_prove():
    assert ResidualMonitor(lambda: 0).prove is None


def test_time_may_wrap():
    monitor, device = fitted()
    start = time.ticks_add(0, -60)
    for step in range(100):
        monitor.now = step * 20
        proven = device.prove(time.ticks_add(start, step * 20))
        if proven is not None:
            break
    assert proven is True and step <= 6
