"""Converts rates to what a connector may draw: units, phases, and the shares of a ChargePointMaxProfile (1.6 3.13.3,
7.12).

Rates are in tenths of their unit, "A" (of each phase) or "W" (the total).
"""

from micropython import const

_VOLTS = const(230)
_LOWEST = const(60)  # tenths of an ampere, below which nothing can be offered


def convert(rate, unit, wanted, phases):
    """`rate` of `unit` in `wanted`, rounded down (7.12, E 3.69): between the total and the current of each phase lie
    the nominal voltage and the number of `phases` that carry current."""
    if unit == wanted:
        return rate
    return rate * _VOLTS * phases if wanted == "W" else rate // (_VOLTS * phases)


def carrying(evse, *found):
    """How many phases of a connector carry current; `found`: what limits.at() has found for it, some may be None.

    One where phases can be switched and a profile allows only one (7.14, 9.4.4). Otherwise all that the connector has,
    whatever numberPhases says: a total in W is then divided by these, or more would flow than it allows."""
    if evse.switchable and 1 in [one[2] for one in found if one]:
        return 1
    return evse.installed_phases


def capacity(evse, unit, found, phases):
    """(what a connector can use on `phases`, its minChargingRate) in `unit`; `found` is what limits.at() has found for
    it, or None. A current is used as it is given, however many phases there are (E 3.34)."""
    cap = convert(evse.max_current, "A", unit, phases)
    if found is None:
        return cap, 0
    limit, of, _, rate = found
    return min(cap, convert(limit, of, unit, phases)), convert(rate, of, unit, phases)


def divide(maximum, unit, caps, rates, phases):
    """Divide a ChargePointMaxProfile, `maximum` as limits.at() found it, among the connectors that charge (3.13.3):
    make of `caps`, what each of them can use in `unit`, what it may use. `rates` and `phases`: the minChargingRate (0
    if none) and the phases of each; the connector that began first is the first.

    The parts are even, and what one cannot use is for the others. As long as there is too little for everybody, 6 A or
    the minChargingRate, those that began last get nothing they could use. So the sum is never above the limit, and what
    there is can be used."""
    left, of = maximum[:2]
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
