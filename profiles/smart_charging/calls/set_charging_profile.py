"""SetChargingProfile (1.6 5.16, 6.43, E 3.37 - 3.39, 3.53).

A ChargingProfile (7.8) is checked beyond what the schema says, and kept as a body, the list [start, recurs, duration,
validFrom, validTo, unit, minChargingRate, periods] with

  start     of the schedule; None: that of the transaction
  recurs    after so many seconds, or 0
  duration, validFrom, validTo: None when not given
  unit      "A" or "W"
  minChargingRate in tenths of the unit, 0 when not given
  periods   startPeriod, limit in tenths of the unit, numberPhases, and so on for each
"""

from micropython import const

from ocpp import log
from ocpp.errors import OcppError
from ocpp.clock.iso8601 import parse

# Each text that is short, or looks like a name, would stay in memory for ever.
_PURPOSES = "ChargePointMaxProfile TxDefaultProfile TxProfile"
_KINDS = "Absolute Recurring Relative"
_RECURRENCES = "Daily Weekly"
_VALID = "validFrom validTo"
_MAXIMUM = const(0)
_TRANSACTION = const(2)
_RECURRING = const(1)
_RELATIVE = const(2)
_DAY = const(86400)
_YEARS = const(28)  # after which each date has the same day of the week
_SECONDS = const(883612800)  # in 28 years
_HIGHEST = const(1000000)  # A or W; a higher limit is no limit


async def handle(smart, payload):
    """Accepted: it is on flash and in effect. NotSupported: not in that unit (9.4.2). Rejected: it contradicts itself
    or the rules for its purpose, there is no such transaction, there are too many already, or flash failed."""
    number, profile = payload["connectorId"], payload["csChargingProfiles"]
    if not 0 <= number <= len(smart.core.connectors):
        raise OcppError("PropertyConstraintViolation", "connectorId: there is no connector %d" % number)
    if not supported(smart, profile):
        return {"status": "NotSupported"}
    engine = smart.core.engine
    try:
        head, body = pack(engine.keys, profile, engine.clock.now())
        key = (number,) + head + (_transaction(smart.core, number, head[0], profile),)
        _check_room(smart, key)
    except ValueError as error:
        log.warning("charging profile %d rejected: %s", profile["chargingProfileId"], error)
        return {"status": "Rejected"}
    try:
        _stored().put(engine.store, key, body)
    except OSError as error:
        log.error("charging profile %d rejected: %r", profile["chargingProfileId"], error)
        return {"status": "Rejected"}
    smart.expect()
    smart.changed()
    return {"status": "Accepted"}


def supported(smart, profile):
    """Whether its unit is allowed by ChargingScheduleAllowedChargingRateUnit."""
    initial = "P" if profile["chargingSchedule"]["chargingRateUnit"] == "W" else "C"
    return initial in [name[0] for name in smart.core.engine.keys["ChargingScheduleAllowedChargingRateUnit"]]


def _transaction(core, number, purpose, profile):
    """The number of the transaction that a TxProfile is for, else 0 (3.13.1)."""
    if purpose == _TRANSACTION:
        transaction = core.connector(number).transaction if number else None
        require(transaction, "there is no transaction")
        identity = core.id_of(transaction)
        require(profile.get("transactionId", identity) == identity, "that is another transaction")
        return transaction.number
    require(purpose != _MAXIMUM or number == 0, "this purpose is for connector 0")
    return 0


def _stored():
    """The module, which is needed only when the profile is packed: there is no room for both on a full heap."""
    from profiles.smart_charging import stored

    return stored


def _check_room(smart, key):
    """ValueError when there are MaxChargingProfilesInstalled beside those that it replaces."""
    most = smart.core.engine.keys["MaxChargingProfilesInstalled"]
    stored = _stored()
    keys = stored.index(smart.core.engine.store)
    if len(keys) - len(stored.replaced(keys, key)) >= most:
        keys = stored.expire(smart.core.engine)
        require(len(keys) - len(stored.replaced(keys, key)) < most, "there are too many already")


def pack(keys, profile, now):
    """(purpose, stackLevel, chargingProfileId), body. ValueError says why a profile will not do.

    The start point of what is not absolute is that of the transaction; that of a ChargePointMaxProfile, which has
    none, is `now`, its installation (7.9, 7.13)."""
    schedule, level = profile["chargingSchedule"], profile["stackLevel"]
    purpose = _PURPOSES.split().index(profile["chargingProfilePurpose"])
    require(0 <= level <= keys["ChargeProfileMaxStackLevel"], "no such stackLevel")
    kind, start, recurs = _KINDS.split().index(profile["chargingProfileKind"]), None, 0
    duration = schedule.get("duration")
    if kind != _RELATIVE:
        start = _time(schedule, "startSchedule")
    if kind == _RECURRING:
        require("recurrencyKind" in profile, "recurrencyKind is missing")
        recurs = (_DAY, 7 * _DAY)[_RECURRENCES.split().index(profile["recurrencyKind"])]
    if start is None and purpose == _MAXIMUM:
        start = now
    require(duration is None or duration >= 0, "duration is negative")
    valid = [_time(profile, name) for name in _VALID.split()]
    rate = _tenths(schedule.get("minChargingRate", 0))
    periods = _periods(schedule["chargingSchedulePeriod"], keys["ChargingScheduleMaxPeriods"])
    body = [start, recurs, duration] + valid + [schedule["chargingRateUnit"], rate, periods]
    return (purpose, level, profile["chargingProfileId"]), body


def require(condition, text):
    if not condition:
        raise ValueError(text)


def _periods(elements, most):
    """The first starts at 0 (E 3.45), each further one after the one before."""
    require(1 <= len(elements) <= most, "there are not 1 to %d periods" % most)
    flat, at, last = [0] * (3 * len(elements)), 0, -1  # in one piece, for one that grows takes two
    for element in elements:
        start, phases = element["startPeriod"], element.get("numberPhases", 3)
        require(start > last and (at or not start), "startPeriod does not begin with 0 and rise")
        require(1 <= phases <= 3, "numberPhases is not 1 to 3")
        flat[at], flat[at + 1], flat[at + 2] = start, _tenths(element["limit"]), phases
        at, last = at + 3, start
    return flat


def _tenths(number):
    require(number >= 0, "a negative rate")
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
    return parse(str(year) + text[4:]) + ages * _SECONDS
