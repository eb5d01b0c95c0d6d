"""Finite automata over bytes as machine code; `_scan_py` is the same in plain Python.

A table of states is pairs (highest byte, next state). State n begins with pair 2 * n; its first pair that is not below
the byte counts, so each state has one for 255. A next state of 249 or more is a finding.

The `progress` of tokens() is an array of 32-bit numbers: the next byte; the state in which the part began that is being
read; the one in it; one more bit for each open container after a first 1, 1 for an object; 1 within a name; the offset
behind the last whole part. Its `starts`: the states in which an array and an object begin, and those when a name, a
value of an array, one of an object has been read.
"""

import micropython
from micropython import const

_FIRST_FINDING = const(249)
_POWER = const(250)
_END = const(252)
_OPEN = const(253)
_CLOSE = const(254)
_ERROR = const(255)
_DEEPEST = const(0xFFFF)  # less than 16 levels
_MAX_NUMBER = const(38)  # characters; so many digits are finite with 32 bits


@micropython.viper
def walk(states, state: int, buf, at: int, end: int) -> int:
    """Run the automaton `states` from `state` over `buf[at:end]`, up to the byte that leads to a finding. Returns where
    it stopped << 8 | the last state. Nothing is checked: the caller vouches for it."""
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


@micropython.viper
def tokens(states, starts, progress, buf, end: int) -> int:
    """Go on with the scan of JSON that strict_json.scan() has begun, up to what that has to look at itself: a mistake,
    a surrogate pair, a number that may be too large, the end. Returns the finding, or a state at the end of `buf`."""
    s = ptr8(starts)
    r = ptr32(progress)
    p = ptr8(buf)
    while True:
        found = int(walk(states, r[2], buf, r[0], end))
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
