"""The limit of each connector at this moment, and when it can next change (1.6 3.13, E 3.8).

The limit of a transaction is the least of what its TxProfile or else its TxDefaultProfile says and of its share of the
ChargePointMaxProfile. Without a transaction only the latter counts, undivided.
"""

from ocpp.on_demand import load

from . import installed
from .moment import NEVER, at, ended
from .sharing import convert, share


def follow(smart):
    """Set the limits, and in `smart` how long they hold."""
    core = smart.core
    clock, store = core.engine.clock, core.engine.store
    smart.since, smart.until, smart.synced = clock.now(), NEVER, clock.synced
    keys = _of_now(core, installed.index(store))
    smart.any = bool(keys)
    maximum = _prevailing(smart, [key for key in keys if key[1] == installed.MAXIMUM], None)
    charging = []
    for connector in core.connectors:
        if connector.transaction:
            start = begun(core, connector.transaction)
            stack = installed.stack(keys, connector.number, connector.transaction.number)
            charging.append((start, connector.number, connector, _prevailing(smart, stack, connector.transaction)))
        else:
            limit = maximum and convert(*maximum[:2], "A", min(maximum[2], connector.evse.phases))
            connector.evse.set_limit("profile", limit)
    _set(maximum, sorted(charging, key=lambda entry: entry[:2]))


def _of_now(core, keys):
    """`keys` without those of transactions that are over, which go (3.13.1)."""
    found = []
    for key in keys:
        if key[1] == installed.TRANSACTION:
            connector = core.connector(key[0])
            running = connector and connector.transaction
            if not (running and running.number == key[4]):
                if not (connector and connector.claimed):
                    installed.remove(core.engine.store, key)
                continue
        found.append(key)
    return found


def begun(core, transaction):
    """The time at which a transaction began, as the clock counts now."""
    return transaction.record["start"][3] + core.engine.outbox.correction(transaction.record["era"])


def _prevailing(smart, keys, transaction):
    """What the first of `keys` that says something says, as at() gives it, or None."""
    engine = smart.core.engine
    if not smart.synced and keys:
        return load("profiles.smart_charging.unsure").lowest(smart, keys, transaction)
    start = transaction and begun(smart.core, transaction)
    for key in keys:
        body = installed.read(engine.store, key)
        if body is None:
            continue
        if ended(body, smart.since):
            installed.remove(engine.store, key)
            continue
        found, until = at(body, start, smart.since)
        smart.until = min(smart.until, until)
        if found:
            return found
    return None


def _set(maximum, charging):
    """The limits of those that charge: (..., connector, what its own profile says or None)."""
    evses = [connector.evse for _, _, connector, _ in charging]
    caps, rates = [], []
    for _, _, connector, own in charging:
        cap, rate = capable(connector.evse, "A", own)
        caps.append(cap)
        rates.append(rate)
    if maximum:
        share(maximum, "A", caps, rates, [evse.phases for evse in evses])
    for i in range(len(evses)):
        evses[i].set_limit("profile", caps[i] if maximum or charging[i][3] else None)


def capable(evse, unit, own):
    """(what a connector can use, its minChargingRate) in tenths of `unit`; `own` as at() gives it."""
    cap = convert(evse.max_current, "A", unit, evse.phases)
    if own is None:
        return cap, 0
    limit, of, phases, rate = own
    phases = min(phases, evse.phases)
    return min(cap, convert(limit, of, unit, phases)), convert(rate, of, unit, phases)
