"""GetCompositeSchedule (1.6 3.13.3, 5.7, 6.21, 6.22, E 3.24, 3.28 - 3.30, 3.51, 3.57).

The schedule is what the connectors can draw from now on if all running transactions continue. For a connector that does
not charge it is calculated as if a transaction began there now; connector 0 stands for those that charge, or for all of
them while none does.

No board has room for all periods. So they are calculated a part at a time while the answer is sent. In a part each
connector has a track, a list of start, found, start, found, ... where `found` is what limits.at() returns, or None
without a limit; the last track is that of the ChargePointMaxProfiles. Generators yield None where others may get their
turn.
"""

from micropython import const

from ocpp.clock import iso

from profiles.smart_charging import stored
from profiles.smart_charging.limits import at, begun
from profiles.smart_charging.shares import capacity, carrying, divide

_MAXIMUM = const(0)
_LONGEST_S = const(604800)  # a longer duration is cut
_MAX_PERIODS = const(240)  # periods of the answer; what comes later is left out
_PART = const(24)  # periods of a track
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
    chosen = _chosen(core, number, now)
    mine = None if number == 0 else [entry[1] for entry in chosen].index(number)
    head = '{"status":"Accepted","connectorId":%d,"scheduleStart":"%s","chargingSchedule":{"chargingRateUnit":"%s",'
    head = head % (number, iso(now), unit) + '"chargingSchedulePeriod":['
    return _text(head, _periods(smart, chosen, (now, now + min(duration, _LONGEST_S)), unit, mine), now)


def _text(head, periods, now):
    """The answer, a generator of pieces of its text; an empty one lets others have their turn. `periods` gives (start,
    limit, numberPhases, ...) and last (end, None, minChargingRate)."""
    yield head.encode()
    comma = ""
    for period in periods:
        if period is None:
            yield b""
            continue
        start, limit, value = period
        if limit is None:
            rate = ',"minChargingRate":' + _decimal(value) if value else ""
            yield ('],"duration":%d%s}}' % (start - now, rate)).encode()
            return
        phases = ',"numberPhases":%d' % value if value < 3 else ""
        text = '%s{"startPeriod":%d,"limit":%s%s}' % (comma, start - now, _decimal(limit), phases)
        comma = ","
        yield text.encode()


def _decimal(tenths):
    whole, tenths = str(tenths // 10), tenths % 10
    return whole + "." + str(tenths) if tenths else whole


def _chosen(core, number, now):
    """The connectors that count for connector `number`, those that began first first: (when, its number, EVSE, number
    of the transaction or None)."""
    chosen = [connector for connector in core.connectors if connector.transaction]
    if number == 0:
        chosen = chosen or core.connectors
    elif core.connector(number) not in chosen:
        chosen.append(core.connector(number))
    entries = []
    for connector in chosen:
        transaction = connector.transaction
        start = begun(core, transaction) if transaction else now
        entries.append((start, connector.number, connector.evse, transaction and transaction.number))
    return sorted(entries, key=lambda entry: entry[:2])


def _periods(smart, chosen, span, unit, mine):
    """A generator of (start, limit in tenths of `unit`, numberPhases) wherever these change in `span`, from and to, and
    of (end, None, highest minChargingRate) at last. The limits are those of chosen[mine], or of all of them
    together."""
    evses = [entry[2] for entry in chosen]
    (now, end), told, count, highest = span, None, 0, 0
    while now < end:
        tracks, after = yield from _tracks(smart, chosen, now, end)
        for now, found in _merged(tracks, after):
            value, rate = _together(found, unit, evses, mine)
            if value != told:
                if count == _MAX_PERIODS:
                    yield now, None, highest
                    return
                count += 1
                told = value
                yield (now,) + value
            highest = max(highest, rate)
            yield None
        now = after
    yield end, None, highest


def _tracks(smart, chosen, now, end):
    """(the tracks from `now` on, how far all of them go, at most to `end`)."""
    engine = smart.core.engine
    keys = stored.index(engine.store)
    tracks = []
    for start, number, _, transaction in chosen:
        track = [now, None]
        for key in stored.entries(keys, number, transaction):
            track, end = yield from _overlay(track, end, stored.read(engine, key), start, smart.reached)
        tracks.append(track)
    track = [now, None]
    for key in keys:
        if key[1] == _MAXIMUM:
            track, end = yield from _overlay(track, end, stored.read(engine, key), now, smart.reached)
    tracks.append(track)
    return tracks, end


def _overlay(track, end, body, start, reached):
    """(`track` with what `body` says where there was nothing yet, end); `start` and `reached` as of limits.at()."""
    if body is None:
        return track, end
    filled = []  # type: list
    steps = 0
    for i in range(0, len(track), 2):
        now, found = track[i : i + 2]
        after = min(end, track[i + 2] if i + 2 < len(track) else end)
        while now < after:
            until = after
            if track[i + 1] is None:
                found, until = at(body, start, now, reached)
            if not filled or filled[-1] != found:
                if len(filled) >= 2 * _PART:
                    return filled, now
                filled += (now, found)
            now = min(until, after)
            steps += 1
            if steps % _BREATH == 0:
                yield None
    return filled, end


def _merged(tracks, end):
    """A generator of (start, what each of `tracks` says from then on) wherever that changes before `end`."""
    now, places = tracks[0][0], [0] * len(tracks)
    while now < end:
        after = end
        for i, track in enumerate(tracks):
            while places[i] + 2 < len(track) and track[places[i] + 2] <= now:
                places[i] += 2
            if places[i] + 2 < len(track):
                after = min(after, track[places[i] + 2])
        yield now, [tracks[i][places[i] + 1] for i in range(len(tracks))]
        now = after


def _together(found, unit, evses, mine):
    """((limit, numberPhases), minChargingRate) of what holds at one time; `found` is for `evses` and then for all."""
    maximum = found.pop()
    every = range(len(evses))
    phases = [carrying(evses[i], found[i], maximum) for i in every]
    caps = [capacity(evses[i], unit, found[i], phases[i]) for i in every]
    rates = [rate for _, rate in caps]
    caps = [cap for cap, _ in caps]
    if maximum:
        divide(maximum, unit, caps, rates, phases)
    told = [_told_phases(evses[i], unit, phases[i], (found[i], maximum)) for i in every]
    if mine is None:
        return (sum(caps), max(told)), 0
    return (caps[mine], told[mine]), rates[mine]


def _told_phases(evse, unit, phases, found):
    """The numberPhases of the answer: `phases`, those that carry current. For a total in W that of its charging
    profile, for the total holds however many phases carry it."""
    totals = [one[2] for one in found if one and one[1] == "W" and unit == "W"]
    return min(totals + [evse.installed_phases]) if totals else phases
