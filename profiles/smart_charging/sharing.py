"""Ampere and watt, and what a ChargePointMaxProfile leaves to each connector (1.6 3.13.3, 7.12, E 3.34, 3.69).

W is the total, A the current of each phase; between them lie the nominal voltage and the phases: numberPhases of the
period, but not more than the connector has. All rates are in tenths.
"""

from micropython import const

VOLTS = const(230)
LOWEST = const(60)  # tenths of an ampere, below which nothing can be offered


def convert(rate, unit, wanted, phases):
    """`rate` of `unit` in `wanted`, rounded down."""
    if unit == wanted:
        return rate
    return rate * VOLTS * phases if wanted == "W" else rate // (VOLTS * phases)


def share(maximum, unit, caps, rates, phases):
    """Divide `maximum`, (limit, unit, numberPhases, ...), among connectors that charge, the one that began first
    first: make of `caps`, which each of them could use in `unit`, what it may use.

    The parts are even, and what one cannot use is for the others. As long as there is too little for everybody, 6 A or
    the minChargingRate (`rates`, 0 if none), those that began last get nothing they could use; so the sum of all parts
    is never above the limit, and what there is can be used."""
    left, of, most = maximum[:3]
    phases = [min(most, number) for number in phases]
    wants = [_at_most(caps[i], unit, of, phases[i]) for i in range(len(caps))]
    needs = [max(convert(LOWEST, "A", of, phases[i]), convert(rates[i], unit, of, phases[i])) for i in range(len(caps))]
    served = _served(left, wants, needs)
    waiting = len(served)
    for i in sorted(served, key=lambda i: (wants[i], i)) + [i for i in range(len(caps)) if i not in served]:
        part = min(wants[i], left // waiting if waiting > 0 else left)
        waiting -= 1
        left -= part
        if part < wants[i]:
            caps[i] = convert(part, of, unit, phases[i])


def _at_most(rate, unit, wanted, phases):
    """convert(), rounded up: nobody is to take more than is counted."""
    return -convert(-rate, unit, wanted, phases)


def _served(limit, wants, needs):
    """The indexes of those for whom there is enough when each gets the same."""
    served = [i for i in range(len(wants)) if wants[i] >= needs[i]]
    while served:
        short = [i for i in served if limit // len(served) < needs[i]]
        if not short:
            break
        served.remove(short[-1])
    return served
