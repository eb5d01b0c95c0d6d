"""What one charging profile says of a moment (1.6 3.13, 5.16.4, 7.8 - 7.14).

A profile that is not valid, has not begun, or whose duration is over, for good or until it recurs, says nothing: then
the next lower stackLevel counts (E 3.43). Times are in seconds as in clock.py, limits in tenths of their unit.
"""

NEVER = 0x7FFFFFFF


def at(body, begun, now):
    """((limit, unit, numberPhases, minChargingRate) at `now` or None, the time until which that holds at least).

    `body` as in packing.py; `begun`: when the transaction began, the start of a schedule that has none."""
    start, recurs, duration, valid_from, valid_to, unit, rate, periods = body
    if valid_to is not None and now >= valid_to:
        return None, NEVER
    if valid_from is not None and now < valid_from:
        return None, valid_from
    if start is None:
        start = begun
    if now < start:
        return None, start
    passed, until = now - start, NEVER
    if recurs:
        passed %= recurs
        start = now - passed
        until = start + recurs
    if duration is not None:
        if passed >= duration:
            return None, until
        until = min(until, start + duration)
    if valid_to is not None:
        until = min(until, valid_to)
    last = len(periods) - 3
    while periods[last] > passed:
        until = min(until, start + periods[last])
        last -= 3
    return (periods[last + 1], unit, periods[last + 2], rate), until


def ended(body, now):
    """Whether a profile says nothing from `now` on, in whatever transaction."""
    start, recurs, duration, _, valid_to, _, _, _ = body
    if valid_to is not None and now >= valid_to:
        return True
    return not (start is None or recurs or duration is None) and now >= start + duration
