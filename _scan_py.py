"""The plain twin of `_scan`, for interpreters that cannot load its machine code."""

from micropython import const

_FIRST_FINDING = const(249)


def walk(states, state, buf, at, end):
    """Run the automaton `states` from `state` over `buf[at:end]`, up to the byte that leads to a finding.

    Returns where it stopped << 8 | the last state. `_scan` describes the table.
    """
    while at < end and state < _FIRST_FINDING:
        pair = state << 2
        while buf[at] > states[pair]:
            pair += 2
        state = states[pair + 1]
        at += 1
    return at << 8 | state
