"""What charging profiles mean; the limit of each connector at this moment, and when it can next change (1.6 3.13,
5.16.4, 7.8 - 7.14, E 3.8). Times are in seconds as in clock.py, rates in tenths of their unit, "A" or "W".

The limit of a transaction is the least of what its TxProfile or else its TxDefaultProfile says and of its share of the
ChargePointMaxProfile. Without a transaction only the latter counts, undivided.

While the clock has not been set since the start, it goes on from the last time that was stored: it may be late, but
never ahead. So what was over by then is over, and of all that may hold now or later the lowest limit counts. Only of a
transaction that began since the start it is known how long it has run.
"""

from micropython import const

from . import stored

_MAXIMUM = const(0)
_TRANSACTION = const(2)
_NEVER = const(0x7FFFFFFF)
_VOLTS = const(230)
_LOWEST = const(60)  # tenths of an ampere, below which nothing can be offered


def apply(smart):
    """Set the limits, and in `smart` how long they hold."""
    core = smart.core
    clock, store = core.engine.clock, core.engine.store
    smart.since, smart.expiry, smart.synced = clock.now(), _NEVER, clock.synced
    keys = _of_now(core, stored.index(store))
    smart.any = bool(keys)
    maximum = _prevailing(smart, [key for key in keys if key[1] == _MAXIMUM], None)
    charging = []
    for connector in core.connectors:
        transaction = connector.transaction
        if transaction:
            stack = stored.entries(keys, connector.number, transaction.number)
            own = _prevailing(smart, stack, transaction)
            charging.append((begun(core, transaction), connector.number, connector.evse, own))
        else:
            limit = maximum and _convert(*maximum[:2], "A", min(maximum[2], connector.evse.phases))
            connector.evse.set_limit("profile", limit)
    _set(maximum, sorted(charging, key=lambda entry: entry[:2]))


def _of_now(core, keys):
    """`keys` without those of transactions that are over, which go (3.13.1)."""
    found = []
    for key in keys:
        if key[1] == _TRANSACTION:
            connector = core.connector(key[0])
            running = connector and connector.transaction
            if not (running and running.number == key[4]):
                if not (connector and connector.claimed):
                    stored.remove(core.engine.store, key)
                continue
        found.append(key)
    return found


def begun(core, transaction):
    """The time at which a transaction began, as the clock counts now."""
    return transaction.record["start"][3] + core.engine.outbox.correction(transaction.record["era"])


def _prevailing(smart, keys, transaction):
    """What the first of `keys` that says something says, as at() gives it, or None."""
    engine = smart.core.engine
    if not smart.synced:
        return _lowest(smart, keys, transaction)
    start = transaction and begun(smart.core, transaction)
    for key in keys:
        body = stored.read(engine, key)
        if body is None:
            continue
        found, until = at(body, start, smart.since)
        smart.expiry = min(smart.expiry, until)
        if found:
            return found
    return None


def _lowest(smart, keys, transaction):
    """The lowest of what `keys` may say while the clock is not set."""
    engine, start, found = smart.core.engine, None, None
    if transaction and transaction.record["era"] == engine.outbox.own_era:
        start = transaction.record["start"][3]
    for key in keys:
        body = stored.read(engine, key)
        if body is None:
            continue
        if start is not None and body[:1] + body[3:5] == [None] * 3:
            limit, until = at(body, start, smart.since)
            smart.expiry = min(smart.expiry, until)
            limits = [limit] if limit else []
        else:
            periods = body[7]
            limits = [(periods[i + 1], body[5], periods[i + 2], body[6]) for i in range(0, len(periods), 3)]
        for limit in limits:
            if found is None or _convert(*limit[:2], "A", limit[2]) < _convert(*found[:2], "A", found[2]):
                found = limit
    return found


def _set(maximum, entries):
    """The limits of those that charge: (when it began, connector's number, EVSE, what its own profile says or None)."""
    evses = [evse for _, _, evse, _ in entries]
    caps = [capacity(evse, "A", own) for _, _, evse, own in entries]
    rates = [rate for _, rate in caps]
    caps = [cap for cap, _ in caps]
    if maximum:
        parts(maximum, "A", caps, rates, evses)
    for i in range(len(evses)):
        evses[i].set_limit("profile", caps[i] if maximum or entries[i][3] else None)


def at(body, begun, now):
    """((limit, unit, numberPhases, minChargingRate) at `now` or None, the time until which that holds at least).

    `begun`: when the transaction began, the start of a schedule that has none. A profile that is not valid, has not
    begun, or whose duration is over, for good or until it recurs, says nothing: then the next lower stackLevel counts
    (E 3.43)."""
    start, recurs, duration, valid_from, valid_to, unit, rate, periods = body
    if valid_to is not None and now >= valid_to:
        return None, _NEVER
    if valid_from is not None and now < valid_from:
        return None, valid_from
    if start is None:
        start = begun
    if now < start:
        return None, start
    passed, until = now - start, _NEVER if valid_to is None else valid_to
    if recurs:
        passed %= recurs
        start = now - passed
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


def _convert(rate, unit, wanted, phases):
    """`rate` of `unit` in `wanted`, rounded down (7.12, E 3.69): W is the total, A the current of each phase, and
    between them lie the nominal voltage and the phases."""
    if unit == wanted:
        return rate
    return rate * _VOLTS * phases if wanted == "W" else rate // (_VOLTS * phases)


def capacity(evse, unit, found=None):
    """(what a connector can use, its minChargingRate) in `unit`; `found` is what at() has found for it, if anything.

    Of numberPhases no more count than the connector has (E 3.34)."""
    cap = _convert(evse.max_current, "A", unit, evse.phases)
    if found is None:
        return cap, 0
    limit, of, phases, rate = found
    phases = min(phases, evse.phases)
    return min(cap, _convert(limit, of, unit, phases)), _convert(rate, of, unit, phases)


def parts(maximum, unit, caps, rates, evses):
    """Divide a ChargePointMaxProfile, `maximum` as at() found it, among the connectors that charge (3.13.3): make of
    `caps`, what each of them can use in `unit`, what it may use. `evses`: theirs, the one that began first first.

    The parts are even, and what one cannot use is for the others. As long as there is too little for everybody, 6 A or
    the minChargingRate (`rates`, 0 if none), those that began last get nothing they could use. So the sum is never
    above the limit, and what there is can be used."""
    left, of, most = maximum[:3]
    phases = [min(most, evse.phases) for evse in evses]
    every = range(len(caps))
    # Rounded up, for nobody is to take more than is counted.
    wants = [-_convert(-caps[i], unit, of, phases[i]) for i in every]
    needs = [max(_convert(_LOWEST, "A", of, phases[i]), _convert(rates[i], unit, of, phases[i])) for i in every]
    served = _served(left, wants, needs)
    waiting = len(served)
    for i in sorted(served, key=lambda i: (wants[i], i)) + [i for i in every if i not in served]:
        part = min(wants[i], left // waiting if waiting > 0 else left)
        waiting -= 1
        left -= part
        if part < wants[i]:
            caps[i] = _convert(part, of, unit, phases[i])


def _served(limit, wants, needs):
    """The indexes of those for whom there is enough when each gets the same."""
    served = [i for i in range(len(wants)) if wants[i] >= needs[i]]
    while served:
        short = [i for i in served if limit // len(served) < needs[i]]
        if not short:
            break
        served.remove(short[-1])
    return served
