"""GetCompositeSchedule (1.6 3.13.3, 5.7, 6.21, 6.22, E 3.24, 3.28 - 3.30, 3.51, 3.57).

It tells what the connectors can draw over a time to come, if what charges now goes on. A connector that does not charge
is asked for as if a transaction began there now; connector 0 stands for those that charge, or for all of them while
none does. Each connector has a track, a list of start, limit, minChargingRate, start, ... in which a limit of None
leaves room for lower stack levels; the track of the ChargePointMaxProfiles has limit, numberPhases and unit.
"""

import asyncio

from micropython import const

from ocpp.clock import iso

from . import stored
from .limits import at, begun, capacity, parts

_MAXIMUM = const(0)
_LONGEST_S = const(604800)  # more is not told
_MOST = const(240)  # periods of a track, and of the answer; what comes later is left out
_PIECE = const(250)  # bytes
_BREATH = const(8)  # steps after which others get their turn


async def handle(smart, payload):
    """The limits from now on, startPeriod counted from scheduleStart; chargingSchedule.duration tells how far they go.
    Rejected for an unknown connector and for no time at all."""
    core = smart.core
    number, duration = payload["connectorId"], payload["duration"]
    if not 0 <= number <= len(core.connectors) or duration <= 0:
        return {"status": "Rejected"}
    units = core.engine.keys["ChargingScheduleAllowedChargingRateUnit"]
    unit = payload.get("chargingRateUnit") or ("W" if units and units[0][0] == "P" else "A")
    now = core.engine.clock.now()
    told, end, rate = await _composite(smart, number, unit, now, now + min(duration, _LONGEST_S))
    head = '{"status":"Accepted","connectorId":%d,"scheduleStart":"%s","chargingSchedule":{"chargingRateUnit":"%s",'
    head = head % (number, iso(now), unit) + '"duration":%d,' % (end - now)
    if rate:
        head += '"minChargingRate":%s,' % _decimal(rate)
    phases = max([connector.evse.phases for connector in core.connectors if number in (0, connector.number)])
    tail = ',"numberPhases":%d}' % phases if phases < 3 else "}"
    return _pieces(head + '"chargingSchedulePeriod":[', told, now, tail)


def _pieces(text, told, now, tail):
    """The answer as pieces of its text, for no board has room for a long one in one."""
    pieces = []
    for i in range(0, len(told), 2):
        text += '%s{"startPeriod":%d,"limit":%s' % ("," if i else "", told[i] - now, _decimal(told[i + 1]))
        text += tail
        if len(text) > _PIECE:
            pieces.append(text.encode())
            text = ""
    pieces.append(text.encode() + b"]}}")
    return pieces


def _decimal(tenths):
    whole, tenths = str(tenths // 10), tenths % 10
    return whole + "." + str(tenths) if tenths else whole


async def _composite(smart, number, unit, now, end):
    """([start, limit, start, limit, ...], end, minChargingRate) for connector `number` from `now` to `end`, limits in
    tenths of `unit`; the end may be earlier than asked for."""
    core = smart.core
    chosen = [connector for connector in core.connectors if connector.transaction]
    if number == 0:
        chosen = chosen or core.connectors
    elif core.connector(number) not in chosen:
        chosen.append(core.connector(number))
    starts = {c.number: begun(core, c.transaction) if c.transaction else now for c in chosen}
    chosen = sorted(chosen, key=lambda connector: (starts[connector.number], connector.number))
    keys = stored.index(core.engine.store)
    tracks = []
    for connector in chosen:
        track, start, evse = [now, None, 0], starts[connector.number], connector.evse
        for key in stored.entries(keys, connector.number, connector.transaction and connector.transaction.number):
            body = stored.read(core.engine, key)
            track, end = await _overlay(track, end, body, start, lambda found, evse=evse: capacity(evse, unit, found))
        tracks.append(track)
    track = [now, None, 0]
    for key in keys:
        if key[1] == _MAXIMUM:
            track, end = await _overlay(track, end, stored.read(core.engine, key), now, _maximum)
    tracks.append(track)
    mine = None if number == 0 else chosen.index(core.connector(number))
    return await _merge(tracks, end, unit, [connector.evse for connector in chosen], mine)


def _maximum(found):
    limit, unit, phases, _ = found
    return limit, phases * 2 + (unit == "W")


async def _overlay(track, end, body, start, values):
    """(`track` with what `body` says where there was nothing yet, end); values(what at() has found) are the last two of
    a track's three."""
    if body is None:
        return track, end
    filled, steps = [], 0
    for i in range(0, len(track), 3):
        now, limit, rate = track[i : i + 3]
        after = min(end, track[i + 3] if i + 3 < len(track) else end)
        while now < after:
            until = after
            if track[i + 1] is None:
                found, until = at(body, start, now)
                limit, rate = values(found) if found else (None, 0)
            if filled[-2:] != [limit, rate]:
                if len(filled) >= 3 * _MOST:
                    return filled, now
                filled += (now, limit, rate)
            now = min(until, after)
            steps += 1
            if steps % _BREATH == 0:
                await asyncio.sleep_ms(0)
    return filled, end


async def _merge(tracks, end, unit, evses, mine):
    """As _composite(): the tracks of `evses` and, as the last, of the ChargePointMaxProfiles; the result is for
    evses[mine], or for all of them."""
    now, places, merged, highest, steps = tracks[0][0], [0] * len(tracks), [], 0, 0
    while now < end:
        after = end
        for i, track in enumerate(tracks):
            while places[i] + 3 < len(track) and track[places[i] + 3] <= now:
                places[i] += 3
            if places[i] + 3 < len(track):
                after = min(after, track[places[i] + 3])
        values = [tracks[i][places[i] + 1 : places[i] + 3] for i in range(len(tracks))]
        limit, code = values.pop()
        caps = [capacity(evses[i], unit)[0] if values[i][0] is None else values[i][0] for i in range(len(evses))]
        rates = [rate for _, rate in values]
        if limit is not None:
            parts((limit, "W" if code & 1 else "A", code >> 1), unit, caps, rates, evses)
        highest = max(highest, 0 if mine is None else rates[mine])
        value = sum(caps) if mine is None else caps[mine]
        if merged[-1:] != [value]:
            if len(merged) >= 2 * _MOST:
                return merged, now, highest
            merged += (now, value)
        now = after
        steps += 1
        if steps % _BREATH == 0:
            await asyncio.sleep_ms(0)
    return merged, end, highest
