"""What charging profiles mean (1.6 3.13, 5.16.4, 7.8 - 7.14); nothing is kept here.

Times are in seconds as in clock.py, rates in tenths of their unit, "A" or "W". A body is a charging profile as
set_charging_profile.py packs it.
"""

from micropython import const

_NEVER = const(0x7FFFFFFF)
_VOLTS = const(230)
_LOWEST = const(60)  # tenths of an ampere, below which nothing can be offered


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


def ended(body, now):
    """Whether a profile says nothing from `now` on, in whatever transaction."""
    start, recurs, duration, _, valid_to = body[:5]
    if valid_to is not None and now >= valid_to:
        return True
    return not (start is None or recurs or duration is None) and now >= start + duration


def convert(rate, unit, wanted, phases):
    """`rate` of `unit` in `wanted`, rounded down (7.12, E 3.69): W is the total, A the current of each phase, and
    between them lie the nominal voltage and the phases."""
    if unit == wanted:
        return rate
    return rate * _VOLTS * phases if wanted == "W" else rate // (_VOLTS * phases)


def capacity(evse, unit, found=None):
    """(what a connector can use, its minChargingRate) in `unit`; `found` is what at() has found for it, if anything.

    Of numberPhases no more count than the connector has (E 3.34)."""
    cap = convert(evse.max_current, "A", unit, evse.phases)
    if found is None:
        return cap, 0
    limit, of, phases, rate = found
    phases = min(phases, evse.phases)
    return min(cap, convert(limit, of, unit, phases)), convert(rate, of, unit, phases)


def share(maximum, unit, caps, rates, evses):
    """Divide a ChargePointMaxProfile, `maximum` as at() found it, among the connectors that charge (3.13.3): make of
    `caps`, what each of them can use in `unit`, what it may use. `evses`: theirs, the one that began first first.

    The parts are even, and what one cannot use is for the others. As long as there is too little for everybody, 6 A or
    the minChargingRate (`rates`, 0 if none), those that began last get nothing they could use. So the sum is never
    above the limit, and what there is can be used."""
    left, of, most = maximum[:3]
    phases = [min(most, evse.phases) for evse in evses]
    every = range(len(caps))
    # Rounded up, for nobody is to take more than is counted.
    wants = [-convert(-caps[i], unit, of, phases[i]) for i in every]
    needs = [max(convert(_LOWEST, "A", of, phases[i]), convert(rates[i], unit, of, phases[i])) for i in every]
    served = _served(left, wants, needs)
    waiting = len(served)
    for i in sorted(served, key=lambda i: (wants[i], i)) + [i for i in every if i not in served]:
        part = min(wants[i], left // waiting if waiting > 0 else left)
        waiting -= 1
        left -= part
        if part < wants[i]:
            caps[i] = convert(part, of, unit, phases[i])


def _served(limit, wants, needs):
    """The indexes of those for whom there is enough when each gets the same."""
    served = [i for i in range(len(wants)) if wants[i] >= needs[i]]
    while served:
        short = [i for i in served if limit // len(served) < needs[i]]
        if not short:
            break
        served.remove(short[-1])
    return served
