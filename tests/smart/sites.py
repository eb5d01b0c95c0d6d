"""Charge points with charging profiles, made by hypothesis: what happens there and when to look."""

from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st
from oracle import RECURS, seconds

HOUR, DAY = 3600, 24 * 3600
NOW = seconds("2026-03-01T12:00:00Z")


def stamp(moment, hours=0):
    """ISO 8601 with an offset from UTC."""
    zone = timezone(timedelta(hours=hours))
    text = datetime.fromtimestamp(moment, zone).isoformat()
    return text if hours else text.replace("+00:00", "Z")


def moments(early, late):
    """Seconds around NOW, often round ones."""
    fine = st.integers(early, late)
    return st.one_of(fine.map(lambda s: s // 600 * 600), fine).map(lambda s: NOW + s)


times = st.one_of(*[moments(-2 * DAY, 2 * DAY)] * 5, st.integers(NOW - 3, NOW + 4))
stamps = st.builds(stamp, times, st.sampled_from([0, 0, 2, -7]))
durations = st.one_of(st.sampled_from([0, 600, HOUR, DAY, 2 * DAY]), st.integers(1, 9 * HOUR))


@st.composite
def schedules(draw):
    unit = draw(st.sampled_from("AAW"))
    steps = draw(st.lists(st.one_of(st.integers(1, 7200), st.sampled_from([600, HOUR])), max_size=5))
    rates = st.integers(0, 330).map(lambda i: i / 10) if unit == "A" else st.integers(0, 23000)
    periods, start = [], 0
    for step in [0, *steps]:
        start += step
        periods.append({"startPeriod": start, "limit": draw(rates)})
        if draw(st.booleans()):
            periods[-1]["numberPhases"] = draw(st.integers(1, 3))
    schedule = {"chargingRateUnit": unit, "chargingSchedulePeriod": periods}
    for name, values in (("duration", durations), ("startSchedule", stamps), ("minChargingRate", rates)):
        if draw(st.integers(0, 3)) < (1 if name == "minChargingRate" else 3):
            schedule[name] = draw(values)
    return schedule


@st.composite
def requests(draw, count):
    """SetChargingProfile.req for a charge point with `count` connectors; mostly such that can be accepted."""
    purpose = draw(st.sampled_from(["ChargePointMaxProfile", "TxDefaultProfile", "TxDefaultProfile", "TxProfile"]))
    lowest = 1 if purpose == "TxProfile" else 0
    profile = {
        "chargingProfileId": draw(st.integers(1, 12)),
        "stackLevel": draw(st.integers(0, 4)),
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": draw(st.sampled_from(["Absolute", "Recurring", "Relative"])),
        "chargingSchedule": draw(schedules()),
    }
    if profile["chargingProfileKind"] == "Recurring":
        profile["recurrencyKind"] = draw(st.sampled_from(["Daily", "Daily", "Weekly"]))
    for name in ("validFrom", "validTo"):
        if draw(st.integers(0, 4)) == 0:
            profile[name] = draw(stamps)
    if purpose == "TxProfile" and draw(st.booleans()):
        profile["transactionId"] = draw(st.sampled_from([7, 7, 7, 8]))
    number = 0 if purpose == "ChargePointMaxProfile" else draw(st.integers(lowest, count))
    return {"connectorId": number, "csChargingProfiles": profile}


@st.composite
def charge_points(draw):
    """(connectors, running, requests): [[phases, A, whether phases can be switched], ...], number -> [begun,
    transactionId], and requests."""
    sizes = st.tuples(st.sampled_from([(3, True), (3, False), (1, False)]), st.sampled_from([32, 16]))
    sizes = sizes.map(lambda drawn: (drawn[0][0], drawn[1], drawn[0][1]))
    connectors = draw(st.lists(sizes, min_size=1, max_size=3))
    running = {}
    for number in range(1, len(connectors) + 1):
        if draw(st.integers(0, 3)):
            running[number] = [draw(moments(-3 * HOUR, -1)), 7]
    return connectors, running, draw(st.lists(requests(len(connectors)), min_size=1, max_size=8))


def turning_points(asked, running, end):
    """The moments from NOW to `end` at which anything may change, and those just before."""
    found = set()
    for request in asked:
        profile = request["csChargingProfiles"]
        schedule = profile["chargingSchedule"]
        found.update(seconds(profile[name]) for name in ("validFrom", "validTo") if name in profile)
        bases = [NOW] + [begun for begun, _ in running.values()]
        if "startSchedule" in schedule:
            bases.append(seconds(schedule["startSchedule"]))
        offsets = [period["startPeriod"] for period in schedule["chargingSchedulePeriod"]]
        offsets.append(schedule.get("duration", 0))
        period = RECURS.get(profile.get("recurrencyKind"), 10 * DAY)
        for base in bases:
            for offset in offsets:
                found.update(range(base + offset - 7 * DAY, end + period, period))
    found.update([moment - early for moment in found for early in (1, 2, 3)])
    return sorted(moment for moment in found if NOW <= moment < end)
