"""Runs under MicroPython in the firmware's folder: times GetCompositeSchedule over 24 h with 16 charging profiles of 24
periods each.

Prints one line of JSON: {"profiles": n, "periods": n of the answer, "us": [one an answer], "loop_us": [a plain loop
beside each], "kept": most bytes of heap that are in use while the answer is made and leaves, over those before it};
argument: an empty folder.
"""

import asyncio
import gc
import json
import sys
import time

from bench_loop import plain_us
from ocpp.clock import iso
from ocpp.store import Store

from memory import load
from profiles.smart_charging import SmartCharging

_PROFILES = 16
_PERIODS = 24
_DAY_S = 86400
_NOW = 800000000  # in 2025
_TIMES = 20


class Part:
    """What the profile needs of the charge point."""

    synced = True
    fault = None
    jumps = 0

    def __init__(self, **fields):
        for name in fields:
            setattr(self, name, fields[name])

    def now(self):
        return _NOW

    def set(self, slot, limit, phases=None):
        pass

    def correction(self, era):
        return 0


def charge_point(folder):
    """The profile on a charge point with one connector, which does not charge."""
    keys = {"ChargingScheduleAllowedChargingRateUnit": ["Current", "Power"], "ChargingScheduleMaxPeriods": _PERIODS,
            "ChargeProfileMaxStackLevel": _PROFILES, "MaxChargingProfilesInstalled": _PROFILES}
    connector = Part(number=1, evse=Part(installed_phases=3, switchable=False, max_current=320, limits=Part()),
                     transaction=None, claimed=None)
    core = Part(connectors=[connector], connector=lambda number: connector if number == 1 else None)
    core.engine = Part(store=Store(folder), clock=Part(), outbox=Part(own_era=1), keys=keys, profiles=[])
    return SmartCharging(core)


def profile(number):
    """Each of another stack level, with gaps at the end of the upper ones, and limits of its own."""
    step = _DAY_S // _PERIODS - number * 60
    periods = [{"startPeriod": at * step, "limit": 6 + (at * 7 + number) % 26} for at in range(_PERIODS)]
    schedule = {"startSchedule": iso(_NOW - 60 * number), "chargingRateUnit": "A", "chargingSchedulePeriod": periods,
                "duration": _PERIODS * step}
    return {"connectorId": 1, "csChargingProfiles": {
        "chargingProfileId": number, "stackLevel": number, "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute", "chargingSchedule": schedule}}


def call(smart, action, payload):
    return asyncio.run(load("profiles.smart_charging.calls." + action).handle(smart, payload))


def in_use(make):
    """The most bytes in use between two pieces of an answer."""
    gc.collect()
    before, most = gc.mem_alloc(), 0
    for _ in make():
        gc.collect()
        most = max(most, gc.mem_alloc() - before)
    return most


def main(folder):
    smart = charge_point(folder)
    for number in range(_PROFILES):
        answer = call(smart, "set_charging_profile", profile(number))
        if answer != {"status": "Accepted"}:
            raise ValueError(answer)
    asked = {"connectorId": 1, "duration": _DAY_S}
    times, loops = [], []
    for _ in range(_TIMES):
        gc.collect()
        began = time.ticks_us()
        for _ in call(smart, "get_composite_schedule", asked):
            pass
        times.append(time.ticks_diff(time.ticks_us(), began))
        loops.append(plain_us())
    kept = in_use(lambda: call(smart, "get_composite_schedule", asked))
    answer = json.loads(b"".join(call(smart, "get_composite_schedule", asked)))
    periods = len(answer["chargingSchedule"]["chargingSchedulePeriod"])
    print(json.dumps({"profiles": _PROFILES, "periods": periods, "us": times, "loop_us": loops, "kept": kept}))


main(sys.argv[1])
