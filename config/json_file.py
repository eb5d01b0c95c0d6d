"""JSON that a person has written; a mistake is named with its line and column.

A message never shows the text at the place, which may be a password without its quotes.
"""

import json

from micropython import const

import strict_json

# As in strict_json.py; tools/json_states.py writes the numbers.
_VALUE = const(0)
_FIRST_KEY = const(25)
_COLON = const(36)
_ARRAY = const(41)
_OBJECT = const(47)
_NUMBER = const(251)
_OPEN = const(253)
_CLOSE = const(254)

_QUOTE, _BACKSLASH = b'"\\'
_SPACE = b" \t\r\n"
_ENDS = b' \t\r\n,:]}"[{'
_MAX_LEVELS = const(8)  # code that walks through the value needs stack for each
_TOO_DEEP = "nested too deeply"
_NO_UTF8 = "a character that is not UTF-8"
_A_VALUE = 'expected a value, text in "..."'


def parse(data):
    """The value of the JSON array or object `data`, bytes, of at most 8 levels, in which no object has a field twice;
    otherwise ValueError("line 3, column 5: ...")."""
    value = strict_json.loads(bytearray(data), _described)
    _check_objects(data)
    return value


def _placed(data, at, what):
    before = data[:at]
    line = before[before.rfind(b"\n") + 1 :]
    column = 1 + len([byte for byte in line if byte & 0xC0 != 0x80])
    return "line %d, column %d: %s" % (before.count(b"\n") + 1, column, what)


def _described(data, at, last, reason):
    """The text for a mistake that strict_json.scan() has found in `data`: its offset, the offset behind what is whole
    before it, and the reason."""
    return _placed(data, *_explained(bytes(data), at, last, reason))


def _explained(data, at, last, reason):
    """(the offset to show, what is wrong there)."""
    if reason == _CLOSE:
        return _skipped(data, at, len(data), _SPACE), "text after the end"
    if reason == _OPEN:
        return at, _TOO_DEEP
    start = _skipped(data, last, at, _SPACE + b",:")
    if reason == _NUMBER:
        return start, "a number that is too large"
    if data[start : start + 1] == b'"' and reason != _VALUE and start < at:
        return _in_text(data, start, at)
    if data[at : at + 1] >= b"\xf5":  # what a file of 16-bit characters begins with
        return at, _NO_UTF8
    if data[at : at + 1] == b"#" or data[at : at + 2] in (b"//", b"/*"):
        return at, "a comment, which JSON does not have"
    place, what = _missing(data, at, data[last:start], start, reason)
    return place, "ends too soon: " + what if place == len(data) else what


def _skipped(data, at, end, signs):
    """The offset, from `at` to `end`, of the first byte that is none of `signs`."""
    while at < end and data[at] in signs:
        at += 1
    return at


def _in_text(data, start, at):
    """As _explained(), in the text that begins at `start`."""
    byte = data[at] if at < len(data) else 0
    if byte < 32:
        return start, 'text without its closing "'
    if 0x80 <= byte < 0xC2 or byte > 0xF4 or data[at - 1] >= 0x80:
        return at, _NO_UTF8
    if data[at - 1] == _BACKSLASH:
        return at - 1, "text with an unknown escape"
    return start, "text with a bad \\u escape"


def _missing(data, at, between, start, reason):
    """As _explained(), for what is expected; `between` are the signs before `start`, where something else is."""
    if reason == _VALUE:
        return start, 'expected "{"'
    if reason == _COLON and b":" not in between:
        return at, 'expected ":"'
    if reason in (_ARRAY, _OBJECT) and b"," not in between:
        if at < len(data) and data[at] not in _ENDS and data[at - 1] not in _ENDS:  # as in 01
            while data[at - 1] not in _ENDS:
                at -= 1
            return at, _A_VALUE
        return at, 'expected "," or "]"' if reason == _ARRAY else 'expected "," or "}"'
    if reason in (_FIRST_KEY, _OBJECT):
        return at, 'expected a field name in "..."'
    return start, "expected a value" if start == len(data) or data[start] in _ENDS else _A_VALUE


def _check_objects(data):
    """ValueError if an object in the JSON `data` has a field for the second time, or the levels are too many."""
    names = []  # type: list[list[str]]  # of each object and array that is open
    at = 0
    while at < len(data):
        if data[at] == _QUOTE:
            start, at = at, _end_of_text(data, at)
            if data[_skipped(data, at, len(data), _SPACE)] == 58:  # a colon
                name = strict_json.loads(bytearray(b"[%s]" % data[start:at]))[0]
                if name in names[-1]:
                    raise ValueError(_placed(data, start, "%s for the second time" % json.dumps(name[:60])))
                names[-1].append(name)
            continue
        if data[at] in b"{[":
            if len(names) == _MAX_LEVELS:
                raise ValueError(_placed(data, at, _TOO_DEEP))
            names.append([])
        elif data[at] in b"}]":
            names.pop()
        at += 1


def _end_of_text(data, at):
    """The offset behind the text that begins at `at`."""
    at += 1
    while data[at] != _QUOTE:
        at += 2 if data[at] == _BACKSLASH else 1
    return at + 1
