"""A finite automaton over bytes as machine code; `_scan_py` is the same in plain Python."""

import micropython
from micropython import const

_FIRST_FINDING = const(249)


@micropython.viper
def walk(states, state: int, buf, at: int, end: int) -> int:
    """Run the automaton `states` from `state` over `buf[at:end]`, up to the byte that leads to a finding.

    `states` is a table of pairs (highest byte, next state). State n begins with pair 2 * n; its first pair
    that is not below the byte counts, so each state has one for 255. A next state of 249 or more is a
    finding. Returns where it stopped << 8 | the last state. Nothing is checked: the caller vouches for it.
    """
    t = ptr8(states)
    p = ptr8(buf)
    while at < end and state < _FIRST_FINDING:
        i = state << 2
        c = p[at]
        while c > t[i]:
            i += 2
        state = t[i + 1]
        at += 1
    return at << 8 | state
