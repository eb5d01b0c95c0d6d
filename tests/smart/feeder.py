"""Runs under MicroPython and CPython: plays what each line of stdin says to the Smart Charging profile, and prints
what came of it. A line is a scenario, see play(); times are in seconds since 2000.

The profile is real and so is its flash; what surrounds it here is as much of a charge point as it looks at.
"""

import sys

if sys.implementation.name == "cpython":
    import install  # noqa: F401  from tests/support/unit/shim

import asyncio
import gc
import json
import os

from ocpp.store import Store

from memory import load
from profiles.smart_charging import SmartCharging

MARK = "\x1e"  # of a line that is an answer, not log


class Thing:
    def __init__(self, **fields):
        for name in fields:
            setattr(self, name, fields[name])


class Clock:
    synced = True
    jumps = 0

    def now(self):
        return self.time


class Outbox:
    own_era = 9
    last = 0

    def correction(self, era):
        return 0


class Evse:
    limit = None

    def __init__(self):
        self.limits = self

    def set(self, slot, limit, phases=None):
        if phases:
            self.set_phases(phases)
        assert slot == "profile" and (limit is None or type(limit) is int), (slot, limit)
        self.limit = limit

    def set_phases(self, phases):
        assert phases == self.installed_phases or phases == 1 and self.switchable, phases
        self.phases = phases


class Core:
    def connector(self, number):
        return self.connectors[number - 1] if 1 <= number <= len(self.connectors) else None

    def id_of(self, transaction):
        return transaction.identity


def charge_point(path, scenario):
    """The profile, over an empty store."""
    for name in os.listdir(path):
        if name.startswith("charging_profile"):
            os.remove(path + "/" + name)
    keys = {"ChargingScheduleAllowedChargingRateUnit": ["Current", "Power"], "ChargingScheduleMaxPeriods": 24}
    keys.update(ChargeProfileMaxStackLevel=20, MaxChargingProfilesInstalled=20)
    core = Core()
    core.engine = Thing(store=Store(path), clock=Clock(), outbox=Outbox(), keys=keys, profiles=[])
    core.engine.clock.time = scenario["now"]
    core.connectors = []
    for number, (phases, most, switchable) in enumerate(scenario["connectors"]):
        evse = Evse()
        evse.phases = evse.installed_phases = phases
        evse.max_current, evse.switchable = most * 10, switchable
        core.connectors.append(Thing(number=number + 1, evse=evse, transaction=None, authorization=None))
    return SmartCharging(core)


def run(smart, number, transaction):
    """What runs at connector `number` from now on: [begun, transactionId] or None."""
    if transaction:
        begun, identity = transaction
        record = {"start": [number, "A", 0, begun, None], "era": 0}
        smart.core.engine.outbox.last += 1
        transaction = Thing(number=smart.core.engine.outbox.last, identity=identity, record=record, jumps=0)
    smart.core.connectors[number - 1].transaction = transaction
    smart.update()


def call(smart, action, payload):
    handled = load("profiles.smart_charging.calls." + action).handle(smart, payload)
    answer = asyncio.run(handled)
    return answer if isinstance(answer, dict) else json.loads(b"".join(answer))


def play(path, scenario):
    """{"now", "connectors": [[phases, A, whether they can be switched], ...], "steps": [[time, what, ...], ...]} ->
    what each step gave: "run" number [begun, transactionId]; "call" module payload -> the answer; "look" -> [the
    limits, the phases]."""
    smart = charge_point(path, scenario)
    found = []
    for time, what, *rest in scenario["steps"]:
        smart.core.engine.clock.time = time
        if what == "run":
            run(smart, *rest)
        elif what == "restart":
            core = smart.core
            smart = SmartCharging(core)
            load("profiles.smart_charging.stored").finish(core.engine.store)
            smart.update()
        elif what == "call":
            found.append(call(smart, *rest))
        else:
            smart.check_time()
            evses = [connector.evse for connector in smart.core.connectors]
            found.append([[evse.limit for evse in evses], [evse.phases for evse in evses]])
    return found


def main(path):
    while True:
        gc.collect()  # or the next line may find no piece that is large enough, for which nobody is to blame
        line = sys.stdin.readline()
        if not line:
            return
        try:
            answer = play(path, json.loads(line))
        except Exception as error:
            sys.print_exception(error, sys.stderr)
            answer = repr(error)
        print(MARK + json.dumps(answer))


main(sys.argv[1])
