"""Limits while the clock has not been set since the start; loaded for that time.

The clock then goes on from the last time that was stored: it may be late, but never ahead. So what was over by then is
over, and of all that may hold now or later the lowest limit counts. Only of a transaction that began since the start
it is known how long it has run.
"""

from . import installed
from .moment import at, ended
from .sharing import convert


def lowest(smart, keys, transaction):
    """As _prevailing() of limits.py: the lowest of what `keys` may say."""
    engine, start, found = smart.core.engine, None, None
    if transaction and transaction.record["era"] == engine.outbox.own_era:
        start = transaction.record["start"][3]
    for key in keys:
        body = installed.read(engine.store, key)
        if body is None or ended(body, smart.since):
            continue
        if start is not None and body[:1] + body[3:5] == [None, None, None]:
            own, until = at(body, start, smart.since)
            smart.until = min(smart.until, until)
            own = [own] if own else []
        else:
            periods = body[7]
            own = [(periods[i + 1], body[5], periods[i + 2], body[6]) for i in range(0, len(periods), 3)]
        for limit in own:
            if found is None or _current(limit) < _current(found):
                found = limit
    return found


def _current(limit):
    return convert(limit[0], limit[1], "A", limit[2])
