"""GetCompositeSchedule (1.6 5.7, 6.21, 6.22, E 3.24, 3.28 - 3.30, 3.51, 3.57)."""

from micropython import const

from ocpp.clock import iso

from .composite import composite

_LONGEST_S = const(604800)  # more is not told
_PIECE = const(250)  # bytes


async def handle(smart, payload):
    """The limits from now on, startPeriod counted from scheduleStart; chargingSchedule.duration tells how far they go.
    Rejected for an unknown connector and for no time at all."""
    core = smart.core
    number, duration = payload["connectorId"], payload["duration"]
    if not 0 <= number <= len(core.connectors) or duration <= 0:
        return {"status": "Rejected"}
    units = core.engine.keys["ChargingScheduleAllowedChargingRateUnit"]
    unit = payload.get("chargingRateUnit") or ("W" if units[:1] == ["Power"] else "A")
    now = core.engine.clock.now()
    schedule, end, rate = await composite(smart, number, unit, now, now + min(duration, _LONGEST_S))
    head = '{"status":"Accepted","connectorId":%d,"scheduleStart":"%s","chargingSchedule":{"chargingRateUnit":"%s",'
    head = head % (number, iso(now), unit) + '"duration":%d,' % (end - now)
    if rate:
        head += '"minChargingRate":%s,' % _decimal(rate)
    phases = max([connector.evse.phases for connector in core.connectors if number in (0, connector.number)])
    tail = ',"numberPhases":%d}' % phases if phases < 3 else "}"
    return _pieces(head + '"chargingSchedulePeriod":[', schedule, now, tail)


def _pieces(text, schedule, now, tail):
    """The answer as pieces of its text, for no board has room for a long one in one."""
    pieces = []
    for i in range(0, len(schedule), 2):
        text += '%s{"startPeriod":%d,"limit":%s' % ("," if i else "", schedule[i] - now, _decimal(schedule[i + 1]))
        text += tail
        if len(text) > _PIECE:
            pieces.append(text.encode())
            text = ""
    pieces.append((text + "]}}").encode())
    return pieces


def _decimal(tenths):
    return "%d.%d" % divmod(tenths, 10) if tenths % 10 else "%d" % (tenths // 10)
