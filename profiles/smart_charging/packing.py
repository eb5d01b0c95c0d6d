"""A ChargingProfile (1.6 7.8) as it is kept: checked beyond what the schema says, and short.

A body is [start, recurs, duration, validFrom, validTo, unit, minChargingRate, periods] with

  start     of the schedule; None: that of the transaction
  recurs    after so many seconds, or 0
  duration, validFrom, validTo: None when not given
  unit      "A" or "W"
  minChargingRate in tenths of the unit, 0 when not given
  periods   startPeriod, limit in tenths of the unit, numberPhases, and so on for each
"""

from micropython import const

from ocpp.iso8601 import parse

from .configuration import MAX_LEVEL, MAX_PERIODS
from .installed import MAXIMUM

PURPOSES = ("ChargePointMaxProfile", "TxDefaultProfile", "TxProfile")
_RECURS = {"Daily": 86400, "Weekly": 604800}
_YEARS = const(28)  # after which each date has the same day of the week
_SECONDS = const(883612800)  # in 28 years
_HIGHEST = 1e6  # A or W; more is as good as no limit


def pack(profile, now):
    """(purpose, stackLevel, chargingProfileId), body. ValueError says why a profile will not do.

    The start point of what is not absolute is that of the transaction; that of a ChargePointMaxProfile, which has
    none, is `now`, its installation (7.9, 7.13)."""
    schedule = profile["chargingSchedule"]
    purpose = PURPOSES.index(profile["chargingProfilePurpose"])
    _require(0 <= profile["stackLevel"] <= MAX_LEVEL, "stackLevel is not one of 0 to %d" % MAX_LEVEL)
    kind, start, recurs, duration = profile["chargingProfileKind"], None, 0, schedule.get("duration")
    if kind != "Relative":
        start = _time(schedule, "startSchedule")
    if kind == "Recurring":
        _require("recurrencyKind" in profile, "recurrencyKind is missing")
        recurs = _RECURS[profile["recurrencyKind"]]
    if start is None and purpose == MAXIMUM:
        start = now
    _require(duration is None or duration >= 0, "duration is negative")
    valid_from, valid_to = _time(profile, "validFrom"), _time(profile, "validTo")
    rate = _tenths(schedule.get("minChargingRate", 0))
    periods = _periods(schedule["chargingSchedulePeriod"])
    body = [start, recurs, duration, valid_from, valid_to, schedule["chargingRateUnit"], rate, periods]
    return (purpose, profile["stackLevel"], profile["chargingProfileId"]), body


def _require(condition, text):
    if not condition:
        raise ValueError(text)


def _periods(elements):
    """The first starts at 0 (E 3.45), each further one after the one before."""
    _require(1 <= len(elements) <= MAX_PERIODS, "there are not 1 to %d periods" % MAX_PERIODS)
    flat, last = [], -1
    for element in elements:
        start, phases = element["startPeriod"], element.get("numberPhases", 3)
        _require(start > last and (flat or not start), "startPeriod does not begin with 0 and rise")
        _require(1 <= phases <= 3, "numberPhases is not 1 to 3")
        flat += (start, _tenths(element["limit"]), phases)
        last = start
    return flat


def _tenths(number):
    _require(number >= 0, "a negative rate")
    return int(min(number, _HIGHEST) * 10 + 0.5)


def _time(fields, name):
    """The seconds of a dateTime in `fields`, or None. The clock has the years 2000 to 2099; others, as in a start long
    ago or an end never to come, are counted from those with the same days of the week."""
    if name not in fields:
        return None
    text = fields[name]
    year, ages = int(text[:4]), 0
    while year < 2000:
        year += _YEARS
        ages -= 1
    while year > 2099:
        year -= _YEARS
        ages += 1
    return parse("%04d" % year + text[4:]) + ages * _SECONDS
