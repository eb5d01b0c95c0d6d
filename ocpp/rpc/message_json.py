"""Strict JSON for what comes from outside: MicroPython's own takes [1 2] and {"a":1,} without complaint."""

import json

from micropython import const

from ocpp.errors import OcppError

try:
    from ocpp._scan import walk
except (SyntaxError, ValueError, ImportError):
    from ocpp._scan_py import walk

_DEEPEST = const(0xFFFF)  # `kinds` of scan with less than 16 levels
_MAX_NUMBER = const(38)

# States of the automaton below, and its findings.
_VALUE = const(0)
_FIRST = const(12)
_FIRST_KEY = const(25)
_COLON = const(36)
_ARRAY = const(41)
_OBJECT = const(47)
_STRING = const(53)
_PAIR = const(249)
_POWER = const(250)
_END = const(252)
_OPEN = const(253)
_CLOSE = const(254)
_ERROR = const(255)

# The grammar of RFC 8259 in the form `walk` takes; tools/json_states.py makes it from readable rules.
_STATES = (
    # 0 value
    b"\x08\xff\x0a\x00\x0c\xff\x0d\x00\x1f\xff\x20\x00\x21\xff\x22\x35\x2c\xff\x2d\x57"
    b"\x2f\xff\x30\x59\x39\x5d\x5a\xff\x5b\xfd\x65\xff\x66\x6e\x6d\xff\x6e\x74\x73\xff"
    b"\x74\x68\x7a\xff\x7b\xfd\xff\xff"
    # 12 first
    b"\x08\xff\x0a\x0c\x0c\xff\x0d\x0c\x1f\xff\x20\x0c\x21\xff\x22\x35\x2c\xff\x2d\x57"
    b"\x2f\xff\x30\x59\x39\x5d\x5a\xff\x5b\xfd\x5c\xff\x5d\xfe\x65\xff\x66\x6e\x6d\xff"
    b"\x6e\x74\x73\xff\x74\x68\x7a\xff\x7b\xfd\xff\xff"
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
    b"\x1f\xff\x21\x35\x22\xfc\x5b\x35\x5c\x38\xff\x35"  # 53 string
    # 56 escape
    b"\x21\xff\x22\x35\x2e\xff\x2f\x35\x5b\xff\x5c\x35\x61\xff\x62\x35\x65\xff\x66\x35"
    b"\x6d\xff\x6e\x35\x71\xff\x72\x35\x73\xff\x74\x35\x75\x41\xff\xff"
    # 65 hex1
    b"\x2f\xff\x39\x47\x40\xff\x43\x47\x44\x53\x46\x47\x60\xff\x63\x47\x64\x53\x66\x47"
    b"\xff\xff\xff\xff"
    b"\x2f\xff\x39\x4b\x40\xff\x46\x4b\x60\xff\x66\x4b\xff\xff\xff\xff"  # 71 hex2
    b"\x2f\xff\x39\x4f\x40\xff\x46\x4f\x60\xff\x66\x4f\xff\xff\xff\xff"  # 75 hex3
    b"\x2f\xff\x39\x35\x40\xff\x46\x35\x60\xff\x66\x35\xff\xff\xff\xff"  # 79 hex4
    b"\x2f\xff\x37\x4b\x39\x82\x40\xff\x42\x82\x60\xff\x62\x82\xff\xff"  # 83 surrogate
    b"\x2f\xff\x30\x59\x39\x5d\xff\xff"  # 87 minus
    b"\x2d\xfb\x2e\x62\x44\xfb\x45\x7a\x64\xfb\x65\x7a\xff\xfb\xff\xfb"  # 89 zero
    b"\x2d\xfb\x2e\x62\x2f\xfb\x39\x5d\x44\xfb\x45\x7a\x64\xfb\x65\x7a\xff\xfb\xff\xfb"  # 93 digits
    b"\x2f\xff\x39\x64\xff\xff\xff\xff"  # 98 point
    b"\x2f\xfb\x39\x64\x44\xfb\x45\x7a\x64\xfb\x65\x7a\xff\xfb\xff\xfb"  # 100 fraction
    b"\x71\xff\x72\x6a\xff\xff\xff\xff"  # 104 t
    b"\x74\xff\x75\x6c\xff\xff\xff\xff"  # 106 tr
    b"\x64\xff\x65\xfc\xff\xff\xff\xff"  # 108 tru
    b"\x60\xff\x61\x70\xff\xff\xff\xff"  # 110 f
    b"\x6b\xff\x6c\x72\xff\xff\xff\xff"  # 112 fa
    b"\x72\xff\x73\x6c\xff\xff\xff\xff"  # 114 fal
    b"\x74\xff\x75\x76\xff\xff\xff\xff"  # 116 n
    b"\x6b\xff\x6c\x78\xff\xff\xff\xff"  # 118 nu
    b"\x6b\xff\x6c\xfc\xff\xff\xff\xff"  # 120 nul
    b"\x2a\xff\x2b\x7e\x2c\xff\x2d\x7e\x2f\xff\x39\x80\xff\xff\xff\xff"  # 122 e
    b"\x2f\xff\x39\x80\xff\xff\xff\xff"  # 126 sign
    b"\x2f\xfa\x39\x80\xff\xfa\xff\xfa"  # 128 power
    b"\x2f\xff\x39\x86\x40\xff\x46\x86\x60\xff\x66\x86\xff\xff\xff\xff"  # 130 high3
    b"\x2f\xff\x39\x8a\x40\xff\x46\x8a\x60\xff\x66\x8a\xff\xff\xff\xff"  # 134 high4
    b"\x5b\xff\x5c\x8c\xff\xff\xff\xff"  # 138 half
    b"\x74\xff\x75\x8e\xff\xff\xff\xff"  # 140 half\
    b"\x43\xff\x44\x91\x63\xff\x64\x91\xff\xff\xff\xff"  # 142 half u
    b"\x42\xff\x46\x94\x62\xff\x66\x94\xff\xff\xff\xff"  # 145 half d
    b"\x2f\xff\x39\x98\x40\xff\x46\x98\x60\xff\x66\x98\xff\xff\xff\xff"  # 148 low3
    b"\x2f\xff\x39\xf9\x40\xff\x46\xf9\x60\xff\x66\xf9\xff\xff\xff\xff"  # 152 low4
)


def _find(buf, found):
    # From what `walk` has found to the next finding but a surrogate pair written as escapes: json would make two
    # invalid characters of it, so it is put into `buf` as one.
    while True:
        at = found >> 8
        if found & 0xFF < _PAIR:
            return 1 + at << 8 | _ERROR
        if found & 0xFF != _PAIR:
            return found
        high, low = [int(bytes(buf[end - 4 : end]), 16) & 0x3FF for end in (at - 6, at)]
        buf[at - 12 : at] = chr(0x10000 + (high << 10 | low)).encode()
        found = walk(_STATES, _STRING, buf, at - 8, len(buf))


def _is_long(number):
    return len(bytes(number).strip(b":, \t\r\n")) > _MAX_NUMBER


def scan(buf):
    """Check that the bytearray `buf` is one JSON array or object (RFC 8259); 0, -1 if it is valid and a number has an
    exponent, or 1 + the offset of the first error. Surrogate pairs are joined; half a one is an error, and so are more
    than 16 levels and a number of more than 38 characters."""
    at = last = key = valid = 0
    state = _VALUE
    kinds = 1  # one more bit for each open container: 1 = object, 0 = array
    while True:
        found = walk(_STATES, state, buf, at, len(buf))
        if found & 0xFF <= _PAIR:
            found = _find(buf, found)
        at = found >> 8
        found &= 0xFF
        if found == _ERROR or (kinds > _DEEPEST if found == _OPEN else kinds == 1):
            return at
        if found == _OPEN:
            key = buf[at - 1] >> 5 & 1
            kinds = kinds << 1 | key
            state = _FIRST_KEY if key else _FIRST
        elif found == _END and key:
            key = 0
            state = _COLON
        else:
            if found == _CLOSE:
                kinds >>= 1
                if kinds == 1:
                    return 1 + at if bytes(buf[at:]).strip(b" \t\r\n") else valid
            elif found != _END:
                at -= 1  # a number ends before the byte that shows it
                valid = -1 if found == _POWER else valid
                if at - last > _MAX_NUMBER and _is_long(buf[last:at]):
                    return at
            key = kinds & 1
            state = _OBJECT if key else _ARRAY
        last = at


def _is_finite(value):
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return True
    return all(_is_finite(item) for item in value)


def loads(buf):
    """Return the value of the JSON array or object in `buf`, a bytearray of UTF-8, which may be changed.

    Raises FormationViolation, with the offset in bytes where it is not JSON; also for a number so large that
    the float would be infinite. Of equal keys the last one counts.
    """
    error = scan(buf)
    if error > 0:
        raise OcppError("FormationViolation", "not JSON at byte %d" % (error - 1))
    value = json.loads(buf)
    if error and not _is_finite(value):
        raise OcppError("FormationViolation", "number too large")
    return value
