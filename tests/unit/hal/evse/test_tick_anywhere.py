# without coverage: each opcode is traced
"""A tick may interrupt a task between any two bytecodes of what that does with an Evse. Whatever the moment, the result
is that of the tick before or after the call."""

import sys

from evse_scenes import SCENES, faulted, leaking, plugged, reported

from hal.evse.facts import EvseFacts

FACTS = ("state", "plugged", "cable_in", "locked", "lock_failed", "contactor_closed", "pwm_on", "limit", "phases",
         "worst", "warning")

CALLS = (
    lambda evse: evse.permit(True),
    lambda evse: evse.permit(False),
    lambda evse: setattr(evse.lock, "wanted", True),
    lambda evse: setattr(evse.lock, "wanted", False),
    lambda evse: evse.lock.retry(),
    lambda evse: setattr(evse.faults, "reset_wanted", True),
    lambda evse: evse.limits.set("owner", 100),
    lambda evse: evse.limits.set("board", None),
    lambda evse: evse.limits.set("profile", 160),
    lambda evse: evse.limits.set("profile", 300, 1),
    lambda evse: evse.limits.set("profile", 100, 3),
    lambda evse: evse.limits.set_phases(1),
    lambda evse: evse.limits.set_phases(3),
    lambda evse: evse.limits.pause(3000),
    lambda evse: evse.limits.pause(0),
)


class Interrupter:
    """Runs `function` before the opcode number `at` of what is called, counted over all functions that it calls."""

    def __init__(self, function, at):
        self.function, self.left, self.done = function, at, False

    def __call__(self, frame, event, argument):
        frame.f_trace_opcodes = True
        if event == "opcode":
            self.left -= 1
            if self.left == 0:
                self.done = True
                self.function()  # not traced itself
        return self

    def call(self, function, *args):
        """What function(*args) gives; `done` tells whether there were so many opcodes."""
        before = sys.gettrace()
        sys.settrace(self)
        try:
            return function(*args)
        finally:
            sys.settrace(before)


def snapshot(bench):
    """All that an Evse is and has done to its devices, but not whether its limit will be found again without need."""
    evse, devices = bench.evse, bench.devices
    found = {}
    for part in (evse, evse.faults, evse.limits, evse.lock):
        found.update((type(part).__name__ + "." + name, value) for name, value in vars(part).items()
                     if name not in ("devices", "changed", "faults", "limits", "lock", "_evse", "_slot_changed"))
    for name, value in found.items():
        if isinstance(value, (list, bytearray)):
            found[name] = list(value)
    lock = devices.lock
    found["outside"] = (devices.pilot.duty, devices.contactor.closed, devices.contactor.phases, lock.closed)
    return found


def after(scene, *actions):
    """The bench after these actions, as it is then, and as it is a tick and a second later."""
    bench = scene()
    for action in actions:
        action(bench)
    return snapshots(bench)


def snapshots(bench):
    found = [snapshot(bench)]
    for milliseconds in (20, 1000):
        bench.run(milliseconds)
        found.append(snapshot(bench))
    return found


def tick(bench):
    bench.run(20)


def interrupted(scene, call):
    """(opcode, bench) for each place in `call` at which a tick can come."""
    at = 1
    while True:
        bench = scene()
        interrupter = Interrupter(lambda bench=bench: tick(bench), at)
        interrupter.call(call, bench.evse)
        if not interrupter.done:
            return
        yield at, bench
        at += 1


def test_a_tick_within_a_call_is_one_before_or_after_it():
    if not hasattr(sys, "settrace"):
        return
    places = 0
    for scene in SCENES:
        for number, call in enumerate(CALLS):
            def act(bench, call=call):
                call(bench.evse)

            orders = after(scene, tick, act), after(scene, act, tick)
            for at, bench in interrupted(scene, call):
                places += 1
                bench_seen = snapshots(bench)
                assert bench_seen in orders, (scene.__name__, number, at, difference(bench_seen, orders))
    assert places > 2000


def difference(found, orders):
    """What is in none of them."""
    return [[(name, one[name], other[name]) for one, other in zip(found, order) for name in one
             if one[name] != other[name]] for order in orders]


def facts_of(bench):
    return {name: getattr(bench.evse, name) for name in FACTS}


def test_facts_are_those_before_or_after_a_tick():
    """EvseFacts.refresh() and `fault`, which take several steps."""
    if not hasattr(sys, "settrace"):
        return
    for scene in SCENES:
        bench = scene()
        old = facts_of(bench)
        tick(bench)
        new = facts_of(bench)
        at, done = 1, True
        while done:
            bench = scene()
            facts = EvseFacts(bench.evse)
            interrupter = Interrupter(lambda bench=bench: tick(bench), at)
            interrupter.call(facts.refresh)
            assert {name: getattr(facts, name) for name in FACTS} in (old, new), (scene.__name__, at)
            at, done = at + 1, interrupter.done


def test_a_fault_is_that_before_or_after_a_tick():
    if not hasattr(sys, "settrace"):
        return
    for scene in (leaking, faulted, reported):
        bench = scene()
        faults = [bench.evse.fault]
        tick(bench)
        faults.append(bench.evse.fault)
        at, done = 1, True
        while done:
            bench = scene()
            interrupter = Interrupter(lambda bench=bench: tick(bench), at)
            assert interrupter.call(lambda bench=bench: bench.evse.fault) in faults, (scene.__name__, at)
            at, done = at + 1, interrupter.done


def test_facts_stay_until_they_are_refreshed():
    """All facts fit together as long as a task does not wait; wishes and what never changes pass through."""
    bench = plugged()
    facts = EvseFacts(bench.evse)
    assert facts.plugged and facts.state == "B2" and facts.number == 1 and facts.lock.fitted and facts.fault is None
    bench.show("A")
    bench.devices.leaking = True
    bench.run(1000)
    assert facts.plugged and facts.state == "B2" and facts.fault is None and not bench.evse.plugged
    facts.refresh()
    assert not facts.plugged and facts.state == "A" and facts.fault[0] == "GroundFailure"
    assert {name: getattr(facts, name) for name in FACTS} == facts_of(bench)
    facts.permit(False)
    assert not facts.permitted and not bench.evse.permitted
