"""An Evse at each moment that matters: charging, opening, faulted, waiting for phases, and so on."""

from evse_bench import Bench


def idle():
    bench = Bench(lock=True)
    bench.devices.contactor.phases = 3
    bench.run(1000)
    return bench


def plugged():
    bench = idle()
    bench.evse.permit(True)
    bench.evse.lock.wanted = True
    bench.show("B")
    bench.run(1000)
    return bench


def charging():
    bench = plugged()
    bench.show("C")
    bench.run(2000)
    assert bench.evse.contactor_closed
    return bench


def opening():
    """The very next tick sees the car go back to B for long enough."""
    bench = charging()
    bench.show("B")
    bench.run(40)
    return bench


def closing():
    """The next tick closes the contactor."""
    bench = plugged()
    bench.show("C")
    ticks = bench.until("contactor_closed", True) // 20
    bench = plugged()
    bench.show("C")
    bench.run(20 * (ticks - 1))
    assert not bench.evse.contactor_closed
    return bench


def leaking():
    """A fault begins with the next tick."""
    bench = charging()
    bench.devices.leaking = True
    return bench


def weak_cable():
    """The next tick finds a cable of less."""
    bench = charging()
    bench.devices.cable = 130
    return bench


def no_cable():
    bench = charging()
    bench.devices.cable = None
    return bench


def hot():
    bench = charging()
    bench.devices.degrees = 66
    return bench


def faulted():
    """All faults but one are over and wait for the reset; the cause of that one comes back with the next tick."""
    bench = idle()
    for index in range(16):
        bench.evse.faults.fail(index)
    bench.run(20)
    for index in range(16):
        bench.evse.faults.fail(index)
    bench.devices.leaking = True
    return bench


def reported():
    """The board's own report gives way to a fault that is no report."""
    bench = idle()
    bench.devices.report.error = "OtherError"
    bench.run(20)
    assert bench.evse.fault[0] == "OtherError"
    bench.devices.report.error = None
    bench.devices.leaking = True
    return bench


def pausing():
    """A pause ends with the next tick."""
    bench = plugged()
    bench.evse.limits.pause(100)
    bench.run(100)
    assert bench.evse.limit == 0
    return bench


def fewer_phases():
    """They switch with the next tick."""
    bench = idle()
    bench.evse.limits.set("profile", 200, 1)
    return bench


def waiting_for_phases():
    bench = charging()
    bench.evse.limits.set("profile", 200, 1)
    bench.run(40)
    return bench


def jammed():
    """Another try of a lock that does not move, with the next tick."""
    bench = idle()
    bench.devices.lock.stuck = True
    bench.evse.lock.wanted = True
    bench.show("B")
    bench.run(5000)
    assert bench.evse.lock.stuck
    return bench


SCENES = (idle, plugged, charging, opening, closing, leaking, weak_cable, no_cable, hot, faulted, reported, pausing,
          fewer_phases, waiting_for_phases, jammed)
