"""What the contactor waits for before it closes, and each cause that opens it: how fast, and how the pilot tells."""

from evse_charging import CLOSE_MS, charging, crash, ready


class Untested:
    result = None

    def tripped(self):
        return False

    def prove(self, now):
        return self.result


def lock_open(bench):
    bench.evse.lock.wanted = False
    bench.run(100)
    return lambda: setattr(bench.evse.lock, "wanted", True)


def set_devices(name, bad, good):
    def spoil(bench):
        setattr(bench.devices, name, bad)
        return lambda: setattr(bench.devices, name, good)

    return spoil


def set_limit(slot):
    def spoil(bench):
        bench.evse.limits.set(slot, 59)
        return lambda: bench.evse.limits.set(slot, 60)

    return spoil


def untested(bench):
    bench.devices.residual = monitor = Untested()
    return lambda: setattr(monitor, "result", True)


def level(shown):
    def spoil(bench):
        bench.show(shown)
        bench.run(1000)
        return lambda: bench.show("C")

    return spoil


def report(bench):
    bench.devices.report.error = "OtherError"
    bench.run(100)
    return lambda: setattr(bench.devices.report, "error", None)


def nothing(bench):
    return lambda: bench.evse.permit(True)


def welded(bench):
    contactor = bench.devices.contactor
    contactor.closed = contactor.stuck = True
    bench.run(600)

    def mend():
        contactor.closed = contactor.stuck = False
        bench.run(20)
        bench.evse.faults.reset_wanted = True

    return mend


def no_diode(bench):
    bench.pilot.diode = False

    def mend():
        bench.pilot.diode = True
        bench.evse.faults.reset_wanted = True

    return mend


def leak(bench):
    bench.devices.leaking = True
    bench.run(20)

    def mend():
        bench.devices.leaking = False
        bench.run(20)
        bench.evse.faults.reset_wanted = True

    return mend


WAITS = (("permission", nothing), ("lock", lock_open), ("cable", set_devices("cable", None, 320)),
         ("cable of 0 A", set_devices("cable", 0, 320)), ("monitor's test", untested), ("state B", level("B")),
         ("state A", level("A")), ("state D", level("D")), ("state E", level("E")), ("state F", level("F")),
         ("owner", set_limit("owner")), ("profile", set_limit("profile")), ("board", set_limit("board")),
         ("report", report), ("weld", welded), ("diode", no_diode), ("residual current", leak))


def test_the_contactor_waits_for_each_condition_and_closes_within_three_seconds_of_it():
    for name, spoil in WAITS:
        bench = ready()
        mend = spoil(bench)
        bench.evse.permit(name != "permission")
        was = bench.devices.contactor.closed
        for _ in range(250):
            bench.run(20)
            assert bench.devices.contactor.closed is was and not bench.evse.commanded, name
        mend()
        if bench.evse.level != "C":
            assert bench.until("level", "C", 600) is not None
        bench.evse.lock.wanted = True
        assert bench.until("contactor_closed", True, CLOSE_MS) is not None, name
        assert bench.evse.state == "C2"


def act(name, *values):
    def cause(bench):
        target = bench
        for part in name.split(".")[:-1]:
            target = getattr(target, part)
        setattr(target, name.split(".")[-1], *values)

    return cause


def call(name, *values):
    return lambda bench: getattr(bench.evse, name)(*values)


def unlock(bench):
    bench.devices.lock.closed, bench.devices.lock.stuck = False, True


# What happens, ms until the contactor is open at the latest, the errorCode that shows then.
CAUSES = (
    ("C to B", act("pilot.level", "B"), 75, None),
    ("C to A", act("pilot.level", "A"), 75, None),
    ("E", act("pilot.level", "E"), 75, "EVCommunicationError"),
    ("F", act("pilot.level", "F"), 75, "EVCommunicationError"),
    ("D, not ventilated", act("pilot.level", "D"), 75, "OtherError"),
    ("diode", act("pilot.diode", False), 80, "EVCommunicationError"),  # 60 ms from the first tick that misses it
    ("residual current", act("devices.leaking", True), 20, "GroundFailure"),
    ("lost proximity", act("devices.cable", None), 20, None),
    ("lost lock", unlock, 20, None),
    ("over-temperature", act("devices.degrees", 75), 20, "HighTemperature"),
    ("report", act("devices.report.error", "InternalError"), 20, "InternalError"),
    ("a tick that failed", crash, 0, "InternalError"),
    ("grid too high", act("meter.voltages", [2300, 2300, 2601]), 1020, "OverVoltage"),
    ("grid too low", act("meter.voltages", [1949, 2300, 2300]), 1020, "UnderVoltage"),
    ("silent meter", act("meter.ok", False), 2020, "PowerMeterFailure"),
    ("too much current", act("meter.currents", [0, 0, 400]), 8020, "OverCurrentFailure"),
    ("lost temperature sensor", act("devices.degrees", None), 2020, "OtherError"),
    ("permission", call("permit", False), 6020, None),
    ("limit", lambda bench: bench.evse.limits.set("profile", 59), 6020, None),
    ("pause", lambda bench: bench.evse.limits.pause(1000), 6020, None),
)


def test_each_cause_opens_in_its_time_and_switches_the_offer_off():
    for name, cause, most, error in CAUSES:
        bench = charging()
        cause(bench)
        passed = 0
        while bench.devices.contactor.closed and passed <= most:
            bench.run(20)
            passed += 20
        assert passed <= most, (name, passed)
        assert (bench.evse.fault and bench.evse.fault[0]) == error, name
        assert bench.evse.fault is None or bench.pilot.duty == 10000 and not bench.evse.pwm_on, name
        bench.run(20)
        assert not bench.evse.contactor_closed


def test_the_offer_goes_off_at_the_next_tick_of_a_controlled_stop():
    for name, cause, most, _ in CAUSES:
        if most == 6020:
            bench = charging()
            cause(bench)
            bench.run(20)
            assert bench.pilot.duty == 10000 and bench.evse.state == "C1" and bench.evse.contactor_closed, name


def test_a_weld_keeps_the_offer_off_until_the_operators_reset():
    bench = charging()
    bench.devices.contactor.stuck = True
    bench.show("B")
    bench.run(600)
    assert bench.evse.fault == ("PowerSwitchFailure", "welded", "welded") and bench.pilot.duty == 10000
    bench.devices.contactor.stuck = bench.devices.contactor.closed = False
    for shown in "ABC":
        bench.show(shown)
        bench.run(120000)
        assert bench.evse.fault and bench.pilot.duty == 10000 and not bench.devices.contactor.closed
    bench.evse.faults.reset_wanted = True
    assert bench.until("contactor_closed", True, CLOSE_MS) is not None


def test_a_meter_that_measures_no_current_waits_for_s2():
    bench = charging()
    bench.meter.currents = []
    bench.run(10000)
    assert bench.evse.contactor_closed
    bench.evse.permit(False)
    bench.run(5900)
    assert bench.evse.contactor_closed
    bench.run(120)
    assert not bench.evse.contactor_closed
