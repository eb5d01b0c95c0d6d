"""Checks single values, beyond their length, by the table of messages; loaded on demand."""

from micropython import const

from ocpp.errors import OcppError

_CHUNK = const(120)
_LONGEST = const(60)
_TYPE_NAMES = ("object", "array", "integer", "boolean", "number", "string")
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


def validate_value(file, code, value, where, name):
    """Fail unless `value` is what `code` says: a date-time (d), a multiple of 0.1 (n), or in the line of `file` at an
    offset (f)."""
    kind = code[0]
    if kind == "f" and not _is_listed(file, int(code[1:]), value):
        fail("PropertyConstraintViolation", where, name, "%r is not allowed" % value[:50])
    from ocpp.clock import iso8601

    if kind == "d" and not iso8601.is_date_time(value):
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
