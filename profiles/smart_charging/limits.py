"""Calculates from the charging profiles the limit of each connector now, and when it can next change (1.6 3.13, 5.16.4,
7.8 - 7.14, E 3.8). Times are in seconds as in ocpp/clock, rates in tenths of their unit, "A" or "W".

The limit of a transaction is the least of what its TxProfile or else its TxDefaultProfile says and of its share of the
ChargePointMaxProfile. Without a transaction only the latter counts, undivided.

While the clock has not been set since the start, it goes on from the last time that was stored: it may be late, but
never ahead. So what was over by then is over, and of all that may hold now or later the lowest limit counts. Only of a
transaction that began since the start it is known how long it has run.

When the central system sets the clock back, of a running transaction the lower limit counts of those of both times,
until the clock has reached the time before that: it is not known which of the two is right. A new charging profile ends
that.
"""

from micropython import const

from profiles.smart_charging import stored
from profiles.smart_charging.shares import capacity, carrying, convert, divide

_MAXIMUM = const(0)
_TRANSACTION = const(2)
_NEVER = const(0x7FFFFFFF)
_SET_BACK_S = const(60)  # less the clock makes up for by waiting, see Clock.now()


def apply(smart):
    """Calculate all limits, then set them; store in `smart` how long they hold. After an error the last limits stay."""
    core = smart.core
    clock = core.engine.clock
    smart.since, smart.expiry, smart.synced = clock.now(), _NEVER, clock.synced
    _follow_clock(smart, clock.jumps)
    keys = _of_now(core, stored.index(core.engine.store))
    maximum = _prevailing(smart, [key for key in keys if key[1] == _MAXIMUM], None, None)
    charging, given = [], []
    for connector in core.connectors:
        transaction, evse = connector.transaction, connector.evse
        if transaction:
            stack = stored.entries(keys, connector.number, transaction.number)
            own = _prevailing(smart, stack, transaction, evse)
            charging.append((begun(core, transaction), connector.number, evse, own))
        else:
            limit = maximum and convert(maximum[0], maximum[1], "A", carrying(evse, maximum))
            # Nothing charges: the phases stay for the next transaction, which as a rule has the same.
            given.append((evse, limit, None if keys else evse.installed_phases))
    _add_charging(given, maximum, sorted(charging, key=lambda entry: entry[:2]))
    for evse, limit, phases in given:
        evse.limits.set("profile", limit, phases)
    smart.has_profiles = bool(keys)


def _follow_clock(smart, jumps):
    """Notice that the clock was set back: until it has reached the time before that, both times limit the running
    transactions."""
    back = smart.jumps - jumps
    smart.jumps = jumps
    if back >= _SET_BACK_S:
        running = [connector.transaction.number for connector in smart.core.connectors if connector.transaction]
        until = smart.since + back
        if smart.set_back:
            until = max(until, smart.set_back[1])
        smart.set_back = (jumps + back, until, running)
    elif smart.set_back and not (smart.since < smart.set_back[1] and smart.set_back[0] > jumps):
        smart.set_back = None


def _add_charging(given, maximum, entries):
    """Add to `given` (EVSE, limit in 1/10 A or None, phases) of those that charge; `entries`: (when the transaction
    began, connector's number, EVSE, what its own profile says or None)."""
    phases = [carrying(evse, own, maximum) for _, _, evse, own in entries]
    caps = [capacity(entries[i][2], "A", entries[i][3], phases[i]) for i in range(len(entries))]
    rates = [rate for _, rate in caps]
    caps = [cap for cap, _ in caps]
    if maximum:
        divide(maximum, "A", caps, rates, phases)
    for i in range(len(entries)):
        _, _, evse, own = entries[i]
        given.append((evse, caps[i] if maximum or own else None, phases[i]))


def _of_now(core, keys):
    """`keys` without those of transactions that are over, which go (3.13.1)."""
    found = []
    for key in keys:
        if key[1] == _TRANSACTION:
            connector = core.connector(key[0])
            running = connector and connector.transaction
            if not (running and running.number == key[4]):
                if not (connector and connector.authorization):
                    stored.remove(core.engine.store, key)
                continue
        found.append(key)
    return found


def begun(core, transaction):
    """The time at which a transaction began, as the clock counts now: with it the clock's later jumps."""
    start = transaction.record["start"][3] + core.engine.outbox.correction(transaction.record["era"])
    return start + core.engine.clock.jumps - transaction.jumps


def _prevailing(smart, keys, transaction, evse):
    """What limits `transaction` at connector `evse`, or with None all connectors: what the first of `keys` says that
    says something, as at() gives it, or None."""
    if not smart.synced:
        return _lowest(smart, keys, transaction, evse)
    start = transaction and begun(smart.core, transaction)
    found = _first(smart, keys, start, 0)
    if smart.set_back and (transaction is None or transaction.number in smart.set_back[2]):
        ahead = smart.set_back[0] - smart.jumps
        before = _first(smart, keys, start and start + ahead, ahead)
        smart.expiry = min(smart.expiry, smart.set_back[1])
        found = _lower(smart, found, before, evse)
    return found


def _first(smart, keys, start, ahead):
    """As _prevailing(), by a clock that is `ahead`, in seconds, for a transaction that began at `start`."""
    for key in keys:
        body = stored.read(smart.core.engine, key)
        if body is None:
            continue
        found, until = at(body, start, smart.since + ahead, smart.reached)
        smart.expiry = min(smart.expiry, until - ahead)
        if found:
            return found
    return None


def _lowest(smart, keys, transaction, evse):
    """The lowest limit that any of `keys` may set while the clock is not set."""
    engine, start, lowest = smart.core.engine, None, None
    if transaction and transaction.record["era"] == engine.outbox.own_era:
        start = transaction.record["start"][3]
    for key in keys:
        body = stored.read(engine, key)
        if body is None:
            continue
        if start is not None and body[:1] + body[3:5] == [None] * 3:
            found, until = at(body, start, smart.since)
            smart.expiry = min(smart.expiry, until)
            limits = [found] if found else []
        else:
            periods = body[7]
            limits = [(periods[i + 1], body[5], periods[i + 2], body[6]) for i in range(0, len(periods), 3)]
        for found in limits:
            lowest = _lower(smart, lowest, found, evse)
    return lowest


def _lower(smart, one, other, evse):
    """The lower of two limits as at() gives them, None for no limit; for connector `evse` or, with None, all of
    them."""
    if one is None or other is None or one == other:
        return one or other
    phases = max([connector.evse.installed_phases for connector in smart.core.connectors])
    rates, least = [], []
    for found in (one, other):
        if evse:
            phases = carrying(evse, found)
        rates.append(convert(found[0], found[1], "A", phases))
        least.append(convert(found[3], found[1], "A", phases))
    return min(rates), "A", min(one[2], other[2]), max(least)


def at(body, begun, now, reached=0):
    """((limit, unit, numberPhases, minChargingRate) at `now` or None, the time until which that holds at least).

    `begun`: when the transaction began, the start of a schedule that has none. A profile that is not valid, has not
    begun, or whose duration is over, also if it will recur, sets no limit: then the next lower stackLevel counts (E
    3.43). One that begins up to the time `reached` counts as begun, see SmartCharging.expect()."""
    start, recurs, duration, valid_from, valid_to, unit, rate, periods = body
    soon = max(now, reached)
    if valid_to is not None and now >= valid_to:
        return None, _NEVER
    if valid_from is not None and soon < valid_from:
        return None, valid_from
    if start is None:
        start = begun
    if soon < start:
        return None, start
    passed, until = max(0, now - start), _NEVER if valid_to is None else valid_to
    if recurs and passed:
        passed %= recurs
        start = now - passed
    if recurs:
        until = min(until, start + recurs)
    if duration is not None:
        if passed >= duration:
            return None, until
        until = min(until, start + duration)
    last = len(periods) - 3
    while periods[last] > passed:
        until = min(until, start + periods[last])
        last -= 3
    return (periods[last + 1], unit, periods[last + 2], rate), until
