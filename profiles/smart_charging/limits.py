"""The limit of each connector at this moment, and when it can next change (1.6 3.13, E 3.8).

The limit of a transaction is the least of what its TxProfile or else its TxDefaultProfile says and of its share of the
ChargePointMaxProfile. Without a transaction only the latter counts, undivided.

While the clock has not been set since the start, it goes on from the last time that was stored: it may be late, but
never ahead. So what was over by then is over, and of all that may hold now or later the lowest limit counts. Only of a
transaction that began since the start it is known how long it has run.
"""

from micropython import const

from . import stored
from .rules import at, capacity, convert, ended, share

_MAXIMUM, _TRANSACTION = const(0), const(2)
_NEVER = const(0x7FFFFFFF)


def follow(smart):
    """Set the limits, and in `smart` how long they hold."""
    core = smart.core
    clock, store = core.engine.clock, core.engine.store
    smart.since, smart.until, smart.synced = clock.now(), _NEVER, clock.synced
    keys = _of_now(core, stored.index(store))
    smart.any = bool(keys)
    maximum = _prevailing(smart, [key for key in keys if key[1] == _MAXIMUM], None)
    charging = []
    for connector in core.connectors:
        transaction = connector.transaction
        if transaction:
            stack = stored.stack(keys, connector.number, transaction.number)
            own = _prevailing(smart, stack, transaction)
            charging.append((begun(core, transaction), connector.number, connector.evse, own))
        else:
            limit = maximum and convert(*maximum[:2], "A", min(maximum[2], connector.evse.phases))
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
        body = stored.read(engine.store, key)
        if body is None:
            continue
        if ended(body, smart.since):
            stored.remove(engine.store, key)
            continue
        found, until = at(body, start, smart.since)
        smart.until = min(smart.until, until)
        if found:
            return found
    return None


def _lowest(smart, keys, transaction):
    """The lowest of what `keys` may say while the clock is not set."""
    engine, start, found = smart.core.engine, None, None
    if transaction and transaction.record["era"] == engine.outbox.own_era:
        start = transaction.record["start"][3]
    for key in keys:
        body = stored.read(engine.store, key)
        if body is None or ended(body, smart.since):
            continue
        if start is not None and body[:1] + body[3:5] == [None] * 3:
            limit, until = at(body, start, smart.since)
            smart.until = min(smart.until, until)
            limits = [limit] if limit else []
        else:
            periods = body[7]
            limits = [(periods[i + 1], body[5], periods[i + 2], body[6]) for i in range(0, len(periods), 3)]
        for limit in limits:
            if found is None or convert(*limit[:2], "A", limit[2]) < convert(*found[:2], "A", found[2]):
                found = limit
    return found


def _set(maximum, charging):
    """The limits of those that charge: (when it began, connector's number, EVSE, what its own profile says or None)."""
    evses = [evse for _, _, evse, _ in charging]
    caps = [capacity(evse, "A", own) for _, _, evse, own in charging]
    rates = [rate for _, rate in caps]
    caps = [cap for cap, _ in caps]
    if maximum:
        share(maximum, "A", caps, rates, evses)
    for i in range(len(evses)):
        evses[i].set_limit("profile", caps[i] if maximum or charging[i][3] else None)
