"""What the tests of charging profiles ask for, in short; times are seconds since the start of the test."""

import charging
from central_system import TIME, stamp
from profiles.smart_charging import SmartCharging


def play(story, **options):
    """charging.play() with the Smart Charging profile."""
    charging.play(story, profiles=(SmartCharging,), **options)


def profile(*periods, id=1, level=0, purpose="TxDefaultProfile", kind="Absolute", unit="A", **fields):
    """A ChargingProfile (1.6 7.8). `periods`: limits, or (startPeriod, limit[, numberPhases]). The schedule begins at
    `start` and lasts `duration`; `least` is its minChargingRate; other fields are as named in the message."""
    schedule = {"chargingRateUnit": unit, "chargingSchedulePeriod": [_period(period) for period in periods]}
    if "start" in fields:
        schedule["startSchedule"] = _time(fields.pop("start"))
    for name, field in (("duration", "duration"), ("least", "minChargingRate")):
        if name in fields:
            schedule[field] = fields.pop(name)
    for name in ("validFrom", "validTo"):
        if name in fields:
            fields[name] = _time(fields[name])
    fields.update(chargingProfileId=id, stackLevel=level, chargingProfilePurpose=purpose, chargingProfileKind=kind,
                  chargingSchedule=schedule)
    return fields


def _period(period):
    start, limit, *phases = (0, period) if isinstance(period, (int, float)) else period
    element = {"startPeriod": start, "limit": limit}
    if phases:
        element["numberPhases"] = phases[0]
    return element


def _time(moment):
    return moment if isinstance(moment, str) else stamp(moment)


def maximum(*periods, **fields):
    return profile(*periods, purpose="ChargePointMaxProfile", **fields)


def for_transaction(*periods, **fields):
    return profile(*periods, purpose="TxProfile", **fields)


async def put(site, number, asked):
    """The status of SetChargingProfile.conf, or the code of the error."""
    answer = await site.central.ask("SetChargingProfile", connectorId=number, csChargingProfiles=asked)
    return answer if isinstance(answer, str) else answer["status"]


async def install(site, number, *asked):
    for one in asked:
        status = await put(site, number, one)
        assert status == "Accepted", (status, one)


async def clear(site, **fields):
    return (await site.central.ask("ClearChargingProfile", **fields))["status"]


async def composite(site, number=1, duration=3600, unit=None):
    """[(startPeriod, limit), ...] of GetCompositeSchedule.conf."""
    fields = {"chargingRateUnit": unit} if unit else {}
    answer = await site.central.ask("GetCompositeSchedule", connectorId=number, duration=duration, **fields)
    schedule = answer["chargingSchedule"]
    return [(period["startPeriod"], period["limit"]) for period in schedule["chargingSchedulePeriod"]]


def limits(site):
    """The limit of each connector in A, as its next tick has it; of more than two each second step is a tick."""
    for _ in range(2):
        site.safety.step(TIME.ms)
    return [evse.limit / 10 for evse in site.evses]


def limit(site):
    return limits(site)[0]


async def until(site, seconds):
    """Let time pass up to `seconds` since the start of the test; at first in one leap if that is long."""
    ahead = seconds - TIME.ms // 1000
    if ahead > 1000:
        TIME.ms += (ahead - 10) * 1000
        ahead = 10
    await site.wait(ahead)
