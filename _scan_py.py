"""The plain twin of `_scan`, for interpreters that cannot load its machine code."""

from micropython import const

_FIRST_FINDING = const(249)
_POWER = const(250)
_END = const(252)
_OPEN = const(253)
_CLOSE = const(254)
_ERROR = const(255)
_DEEPEST = const(0xFFFF)  # less than 16 levels
_MAX_NUMBER = const(38)  # characters; so many digits are finite with 32 bits


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


def tokens(states, starts, progress, buf, end):
    """Go on with the scan of JSON that strict_json.scan() has begun; `_scan` tells how."""
    s, r, p = starts, progress, buf
    while True:
        found = walk(states, r[2], buf, r[0], end)
        at = found >> 8
        found &= 0xFF
        r[0] = at
        r[2] = found
        kinds = r[3]
        if found == _OPEN and kinds <= _DEEPEST:
            key = p[at - 1] >> 5 & 1
            r[3] = kinds << 1 | key
            state = s[key]
        elif found < _POWER or found == _OPEN or found == _ERROR or kinds == 1:
            return found
        elif found == _END and r[4]:
            key = 0
            state = s[2]
        else:
            if found == _CLOSE:
                kinds >>= 1
                r[3] = kinds
            elif found < _END:
                at -= 1  # a number ends before the byte that shows it
            if kinds == 1 or found == _POWER or found < _END and at - r[5] > _MAX_NUMBER:
                return found
            key = kinds & 1
            state = s[3 + key]
        r[0] = r[5] = at
        r[1] = r[2] = state
        r[4] = key
