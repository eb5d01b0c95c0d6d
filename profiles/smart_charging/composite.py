"""The composite schedule: what the connectors can draw over a time to come (1.6 3.13.3, 5.7, E 3.28 - 3.30).

It assumes that what charges now goes on. A connector that does not charge is asked for as if a transaction began there
now; connector 0 stands for those that charge, or for all of them while none does. Each connector has a track, a list of
start, limit, minChargingRate, start, ... in which a limit of None leaves room for lower stack levels.
"""

import asyncio

from micropython import const

from . import installed
from .limits import begun, capable
from .moment import at
from .sharing import share

_MOST = const(240)  # periods of a track, and of the answer; what comes later is left out
_BREATH = const(8)  # steps after which others get their turn


async def composite(smart, number, unit, now, end):
    """([start, limit, start, limit, ...], end, minChargingRate) for connector `number` from `now` to `end`, limits in
    tenths of `unit`; the end may be earlier than asked for."""
    core = smart.core
    store = core.engine.store
    chosen = [connector for connector in core.connectors if connector.transaction]
    if number == 0:
        chosen = chosen or core.connectors
    elif core.connector(number) not in chosen:
        chosen.append(core.connector(number))
    starts = {c.number: begun(core, c.transaction) if c.transaction else now for c in chosen}
    chosen = sorted(chosen, key=lambda connector: (starts[connector.number], connector.number))
    keys = installed.index(store)
    tracks = []
    for connector in chosen:
        track = [now, None, 0]
        transaction = connector.transaction and connector.transaction.number
        for key in installed.stack(keys, connector.number, transaction):
            own = _Own(connector.evse, unit)
            track, end = await _overlay(track, end, installed.read(store, key), starts[connector.number], own.of)
        tracks.append(track)
    maximum = [now, None, 0]
    for key in keys:
        if key[1] == installed.MAXIMUM:
            maximum, end = await _overlay(maximum, end, installed.read(store, key), now, _code)
    mine = None if number == 0 else chosen.index(core.connector(number))
    return await _merge(tracks + [maximum], end, unit, [connector.evse for connector in chosen], mine)


class _Own:
    def __init__(self, evse, unit):
        self._evse, self._unit = evse, unit

    def of(self, found):
        """The last two of a track's three for what at() has found."""
        return capable(self._evse, self._unit, found)


def _code(found):
    limit, unit, phases, _ = found
    return limit, phases * 2 + (unit == "W")


async def _overlay(track, end, body, begun, value):
    """(`track` with what `body` says where there was nothing yet, end)."""
    filled, steps = [], 0
    for i in range(0, len(track) if body else 0, 3):
        now, limit, rate = track[i : i + 3]
        after = min(end, track[i + 3] if i + 3 < len(track) else end)
        while now < after:
            until = after
            if track[i + 1] is None:
                found, until = at(body, begun, now)
                limit, rate = value(found) if found else (None, 0)
            if filled[-2:] != [limit, rate]:
                if len(filled) >= 3 * _MOST:
                    return filled, now
                filled += (now, limit, rate)
            now = min(until, after)
            steps += 1
            if steps % _BREATH == 0:
                await asyncio.sleep_ms(0)
    return (filled, end) if body else (track, end)


async def _merge(tracks, end, unit, evses, mine):
    """As composite(): the tracks of `evses` and, as the last, of the ChargePointMaxProfiles; the result is for
    evses[mine], or for all of them."""
    now, places, merged, highest, steps = tracks[0][0], [0] * len(tracks), [], 0, 0
    phases = [evse.phases for evse in evses]
    while now < end:
        after = end
        for i in range(len(tracks)):
            track = tracks[i]
            while places[i] + 3 < len(track) and track[places[i] + 3] <= now:
                places[i] += 3
            if places[i] + 3 < len(track):
                after = min(after, track[places[i] + 3])
        caps, rates = [], []
        for i in range(len(evses)):
            cap, rate = tracks[i][places[i] + 1 : places[i] + 3]
            caps.append(capable(evses[i], unit, None)[0] if cap is None else cap)
            rates.append(rate)
        limit, code = tracks[-1][places[-1] + 1 : places[-1] + 3]
        if limit is not None:
            share((limit, "AW"[code & 1], code >> 1), unit, caps, rates, phases)
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
