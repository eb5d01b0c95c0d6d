"""Strict JSON (RFC 8259) for what comes from outside: messages, config.json, requests. MicroPython's own parser takes
[1 2] and {"a":1,} without complaint, and names no place."""

import json
from array import array

from micropython import const

try:
    from _scan import tokens
except (SyntaxError, ValueError, ImportError):
    from _scan_py import tokens

_MAX_NUMBER = const(38)  # characters; so many digits are finite with 32 bits

# States of the automaton, and its findings; tools/json_states.py writes their numbers and the table. The reason of a
# mistake is the state in which the grammar does not allow the next byte, or the end; or else _OPEN: nested too deeply,
# _CLOSE: there is more behind it, _NUMBER: too large.
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

_STATES = (
    # 0 value
    b"\x08\xff\x0a\x00\x0c\xff\x0d\x00\x1f\xff\x20\x00\x21\xff\x22\x35\x2c\xff\x2d\x5c"
    b"\x2f\xff\x30\x5e\x39\x62\x5a\xff\x5b\xfd\x65\xff\x66\x73\x6d\xff\x6e\x79\x73\xff"
    b"\x74\x6d\x7a\xff\x7b\xfd\xff\xff"
    # 12 first
    b"\x08\xff\x0a\x0c\x0c\xff\x0d\x0c\x1f\xff\x20\x0c\x21\xff\x22\x35\x2c\xff\x2d\x5c"
    b"\x2f\xff\x30\x5e\x39\x62\x5a\xff\x5b\xfd\x5c\xff\x5d\xfe\x65\xff\x66\x73\x6d\xff"
    b"\x6e\x79\x73\xff\x74\x6d\x7a\xff\x7b\xfd\xff\xff"
    # 25 first key
    b"\x08\xff\x0a\x19\x0c\xff\x0d\x19\x1f\xff\x20\x19\x21\xff\x22\x35\x7c\xff\x7d\xfe"
    b"\xff\xff\xff\xff"
    b"\x08\xff\x0a\x1f\x0c\xff\x0d\x1f\x1f\xff\x20\x1f\x21\xff\x22\x35\xff\xff\xff\xff"  # 31 key
    b"\x08\xff\x0a\x24\x0c\xff\x0d\x24\x1f\xff\x20\x24\x39\xff\x3a\x00\xff\xff\xff\xff"  # 36 colon
    # 41 array
    b"\x08\xff\x0a\x29\x0c\xff\x0d\x29\x1f\xff\x20\x29\x2b\xff\x2c\x00\x5c\xff\x5d\xfe"
    b"\xff\xff\xff\xff"
    # 47 object
    b"\x08\xff\x0a\x2f\x0c\xff\x0d\x2f\x1f\xff\x20\x2f\x2b\xff\x2c\x1f\x7c\xff\x7d\xfe"
    b"\xff\xff\xff\xff"
    # 53 string
    b"\x1f\xff\x21\x35\x22\xfc\x5b\x35\x5c\x3d\x7f\x35\xc1\xff\xdf\xa1\xe0\xa7\xec\xa3"
    b"\xed\xa9\xef\xa3\xf0\xab\xf3\xa5\xf4\xad\xff\xff"
    # 61 escape
    b"\x21\xff\x22\x35\x2e\xff\x2f\x35\x5b\xff\x5c\x35\x61\xff\x62\x35\x65\xff\x66\x35"
    b"\x6d\xff\x6e\x35\x71\xff\x72\x35\x73\xff\x74\x35\x75\x46\xff\xff"
    # 70 hex1
    b"\x2f\xff\x39\x4c\x40\xff\x43\x4c\x44\x58\x46\x4c\x60\xff\x63\x4c\x64\x58\x66\x4c"
    b"\xff\xff\xff\xff"
    b"\x2f\xff\x39\x50\x40\xff\x46\x50\x60\xff\x66\x50\xff\xff\xff\xff"  # 76 hex2
    b"\x2f\xff\x39\x54\x40\xff\x46\x54\x60\xff\x66\x54\xff\xff\xff\xff"  # 80 hex3
    b"\x2f\xff\x39\x35\x40\xff\x46\x35\x60\xff\x66\x35\xff\xff\xff\xff"  # 84 hex4
    b"\x2f\xff\x37\x50\x39\x87\x40\xff\x42\x87\x60\xff\x62\x87\xff\xff"  # 88 surrogate
    b"\x2f\xff\x30\x5e\x39\x62\xff\xff"  # 92 minus
    b"\x2d\xfb\x2e\x67\x44\xfb\x45\x7f\x64\xfb\x65\x7f\xff\xfb\xff\xfb"  # 94 zero
    b"\x2d\xfb\x2e\x67\x2f\xfb\x39\x62\x44\xfb\x45\x7f\x64\xfb\x65\x7f\xff\xfb\xff\xfb"  # 98 digits
    b"\x2f\xff\x39\x69\xff\xff\xff\xff"  # 103 point
    b"\x2f\xfb\x39\x69\x44\xfb\x45\x7f\x64\xfb\x65\x7f\xff\xfb\xff\xfb"  # 105 fraction
    b"\x71\xff\x72\x6f\xff\xff\xff\xff"  # 109 t
    b"\x74\xff\x75\x71\xff\xff\xff\xff"  # 111 tr
    b"\x64\xff\x65\xfc\xff\xff\xff\xff"  # 113 tru
    b"\x60\xff\x61\x75\xff\xff\xff\xff"  # 115 f
    b"\x6b\xff\x6c\x77\xff\xff\xff\xff"  # 117 fa
    b"\x72\xff\x73\x71\xff\xff\xff\xff"  # 119 fal
    b"\x74\xff\x75\x7b\xff\xff\xff\xff"  # 121 n
    b"\x6b\xff\x6c\x7d\xff\xff\xff\xff"  # 123 nu
    b"\x6b\xff\x6c\xfc\xff\xff\xff\xff"  # 125 nul
    b"\x2a\xff\x2b\x83\x2c\xff\x2d\x83\x2f\xff\x39\x85\xff\xff\xff\xff"  # 127 e
    b"\x2f\xff\x39\x85\xff\xff\xff\xff"  # 131 sign
    b"\x2f\xfa\x39\x85\xff\xfa\xff\xfa"  # 133 power
    b"\x2f\xff\x39\x8b\x40\xff\x46\x8b\x60\xff\x66\x8b\xff\xff\xff\xff"  # 135 high3
    b"\x2f\xff\x39\x8f\x40\xff\x46\x8f\x60\xff\x66\x8f\xff\xff\xff\xff"  # 139 high4
    b"\x5b\xff\x5c\x91\xff\xff\xff\xff"  # 143 half
    b"\x74\xff\x75\x93\xff\xff\xff\xff"  # 145 half\
    b"\x43\xff\x44\x96\x63\xff\x64\x96\xff\xff\xff\xff"  # 147 half u
    b"\x42\xff\x46\x99\x62\xff\x66\x99\xff\xff\xff\xff"  # 150 half d
    b"\x2f\xff\x39\x9d\x40\xff\x46\x9d\x60\xff\x66\x9d\xff\xff\xff\xff"  # 153 low3
    b"\x2f\xff\x39\xf9\x40\xff\x46\xf9\x60\xff\x66\xf9\xff\xff\xff\xff"  # 157 low4
    b"\x7f\xff\xbf\x35\xff\xff\xff\xff"  # 161 one more
    b"\x7f\xff\xbf\xa1\xff\xff\xff\xff"  # 163 two more
    b"\x7f\xff\xbf\xa3\xff\xff\xff\xff"  # 165 three more
    b"\x9f\xff\xbf\xa1\xff\xff\xff\xff"  # 167 after e0
    b"\x7f\xff\x9f\xa1\xff\xff\xff\xff"  # 169 after ed
    b"\x8f\xff\xbf\xa3\xff\xff\xff\xff"  # 171 after f0
    b"\x7f\xff\x8f\xa3\xff\xff\xff\xff"  # 173 after f4
)

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
        found = tokens(_STATES, _STARTS, progress, buf, len(buf))
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
