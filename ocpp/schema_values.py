"""What the table of messages says of single values, beyond their length; loaded when it is asked for."""

from micropython import const

from .errors import OcppError

_CHUNK = const(120)
_LONGEST = const(60)
_TYPE_NAMES = ("object", "array", "integer", "boolean", "number", "string")
_DAYS = b"\x1f\x1d\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"
# How far ten times a number may be from an integer, relatively: some units in the last place of this port.
_SLACK = 4e-7 if float("1.000000001") == 1 else 1e-14


def fail(code, where, name, text):
    """Raise the error `code` for field or index `name` of the value at `where`: None, or (parent's where, name). `text`
    may be (kind of the type that was to be, value)."""
    if type(text) is tuple:
        place, value = text
        text = "%s instead of %s" % (type(value).__name__, _TYPE_NAMES[place])
    path = ""
    where = (where, name)
    while where:
        where, name = where
        path = ("[%d]" % name if type(name) is int else "." + name) + path
    raise OcppError(code, path[1:] + ": " + text)


def judge(file, code, value, where, name):
    """Fail unless `value` is what `code` says: a date-time (d), a multiple of 0.1 (n), or in the line of `file` at an
    offset (f)."""
    kind = code[0]
    if kind == "f" and not _is_listed(file, int(code[1:]), value):
        fail("PropertyConstraintViolation", where, name, "%r is not allowed" % value[:50])
    if kind == "d" and not is_date_time(value):
        fail("PropertyConstraintViolation", where, name, "%r is not a date-time" % value[:50])
    if kind == "n" and not is_tenths(value):
        fail("PropertyConstraintViolation", where, name, "%s is not a multiple of 0.1" % value)


def _is_listed(file, offset, value):
    # A piece at a time, for in one the longest of these lines is the largest string of all.
    if "|" in value or len(value) > _LONGEST:
        return False
    value = "|" + value + "|"
    file.seek(offset)
    text, more = "", file.read(_CHUNK)
    while more:
        text = text[-len(value) :] + more
        end = text.find("\n")
        if value in (text if end < 0 else text[:end]):
            return True
        more = file.read(_CHUNK) if end < 0 else ""
    return False


def is_tenths(value):
    """Whether a number has at most one decimal, as far as this port's floats can tell (1.6 7.13, 7.14)."""
    tenths = abs(value) * 10
    return tenths % 1 <= tenths * _SLACK or 1 - tenths % 1 <= tenths * _SLACK


def is_date_time(text):
    """Whether `text` is a date-time of RFC 3339 that the calendar has, fraction and offset too (1.6 3.15)."""
    text = text.upper().encode()
    numbers = _pairs(text[2:19], b"--T::")
    zone = text[19:]
    if zone[:1] == b"." and zone[1:2].isdigit():
        zone = zone[1:].lstrip(b"0123456789")
    if zone == b"Z":
        zone = b"+00:00"
    ahead = _pairs(zone[1:], b":")
    if not numbers or not ahead or zone[:1] not in b"+-" or not text[:2].isdigit():
        return False
    _, month, day, hour, minute, second = numbers
    if (
        not 1 <= month <= 12
        or not 1 <= day <= _DAYS[month - 1]
        or max(hour, ahead[0]) > 23
        or max(minute, ahead[1]) > 59
    ):
        return False
    year = int(text[:4])
    if month == 2 and day == 29 and year % (4 if year % 100 else 400):
        return False
    # A leap second ends a day of UTC.
    minute += hour * 60 + (ahead[0] * 60 + ahead[1]) * (1 if zone[0] == 45 else -1)
    return second < 60 or second == 60 and minute % 1440 == 1439


def _pairs(text, marks):
    """The numbers of two digits in `text`, which has `marks` between them; None if it has not."""
    if len(text) != 3 * len(marks) + 2:
        return None
    numbers = []
    for i in range(0, len(text), 3):
        tens, ones = text[i] - 48, text[i + 1] - 48
        if not 0 <= tens <= 9 or not 0 <= ones <= 9 or i and text[i - 1] != marks[i // 3 - 1]:
            return None
        numbers.append(tens * 10 + ones)
    return numbers
