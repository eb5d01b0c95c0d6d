"""Strict JSON (RFC 8259) for what comes from outside: messages, config.json, requests. MicroPython's own parser takes
[1 2] and {"a":1,} without complaint, and names no place."""

import json
from array import array

from micropython import const

try:
    from _scan import tokens
except (SyntaxError, ValueError, ImportError):
    from _scan_py import tokens
from json_states import STATES

_MAX_NUMBER = const(38)  # characters; so many digits are finite with 32 bits

# States of the automaton, and its findings; tools/json_states.py writes their numbers. The reason of a mistake is the
# state in which the grammar does not allow the next byte, or the end; or else _OPEN: nested too deeply, _CLOSE: there
# is more behind it, _NUMBER: too large.
_VALUE = const(0)
_FIRST = const(12)
_FIRST_KEY = const(25)
_COLON = const(36)
_ARRAY = const(41)
_OBJECT = const(47)
_STRING = const(53)
_PAIR = const(249)
_POWER = const(250)
_NUMBER = const(251)
_END = const(252)
_OPEN = const(253)
_CLOSE = const(254)
_ERROR = const(255)

_STARTS = bytes((_FIRST, _FIRST_KEY, _COLON, _ARRAY, _OBJECT))
_BEGIN = (0, _VALUE, _VALUE, 1, 0, 0)  # `progress` of tokens(); kinds: one more bit for each open container, 1 = object


def _is_large(number):
    """Whether the number at the end of these bytes is too long, or the float would be infinite."""
    number = bytes(number).strip(b":, \t\r\n")
    value = float(number)
    return len(number) > _MAX_NUMBER or value - value != 0


def scan(buf, pairs):
    """Find the first mistake in `buf`, bytes or bytearray: None, or its offset, the offset behind what is whole before
    it, and a reason, see above. `pairs`, a list, gets the offset behind each surrogate pair that is written as escapes.
    """
    progress = array("i", _BEGIN)
    while True:
        found = tokens(STATES, _STARTS, progress, buf, len(buf))
        at, state, _, kinds, _, last = progress
        if found == _PAIR:
            pairs.append(at)
            progress[2] = _STRING
        elif found == _CLOSE and kinds == 1:
            return (at, at, _CLOSE) if bytes(buf[at:]).strip(b" \t\r\n") else None
        elif found in (_NUMBER, _POWER) and kinds > 1:
            at -= 1  # a number ends before the byte that shows it
            if _is_large(buf[last:at]):
                return at - 1, last, _NUMBER
            key = kinds & 1
            state = _OBJECT if key else _ARRAY
            progress[:] = array("i", (at, state, state, kinds, key, at))
        elif found < _PAIR:
            return at, last, state
        else:
            return at - 1, last, found if found == _OPEN else state


def _join(buf, pairs):
    """Put each surrogate pair that scan() has found as one character into the bytearray `buf`: json would make two
    invalid characters of it."""
    for at in reversed(pairs):
        high, low = [int(bytes(buf[end - 4 : end]), 16) & 0x3FF for end in (at - 6, at)]
        buf[at - 12 : at] = chr(0x10000 + (high << 10 | low)).encode()


def _at_byte(buf, at, last, reason):
    return ("number too large at byte %d" if reason == _NUMBER else "not JSON at byte %d") % at


def loads(buf, describe=_at_byte, read=None):
    """The value of the JSON array or object in the bytearray `buf`, which may be changed. Of equal names in an object
    the last one counts.

    ValueError, whose text `describe` makes of `buf` and what scan() returns; without it, it has the offset in bytes.
    `read` makes the value, in the place of json.loads()."""
    pairs = []  # type: list[int]
    mistake = scan(buf, pairs)
    if mistake:
        raise ValueError(describe(buf, *mistake))
    _join(buf, pairs)
    return (read or json.loads)(buf)
