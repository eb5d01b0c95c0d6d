"""What can be used of a CALLRESULT that breaks its schema: a formal defect of an answer is no refusal of the message
(OCPP-J 4.2.2, J 3.3); loaded when there is one."""

from micropython import const

from ocpp import log
from ocpp.errors import OcppError
from ocpp.schema.checking import check_value, fields_of, find

_MAX_NOTED = const(16)
_MAX_SHOWN = const(6)
_MAX_DIGITS = const(18)
# All integers below this are exact as floats, which have 32 bits on a board.
_EXACT = 1 << 20 if float("1.000000001") == 1 else 1 << 50
_REFUSED = "Invalid"


def usable(schema, action, payload, noted):
    """The usable part of `payload`, whatever the central system has sent as the payload of its answer to `action`: a
    dict of known fields with values of their types. Any field may be missing, also in an object in it.

    `noted` is the list of what note() has logged already."""
    defects = []  # type: list
    if payload is None:
        payload = {}  # allowed for a message without fields (OCPP-J 4.2.2)
    if type(payload) is dict:
        payload = _object(find(schema, action, True), 1, payload, "", defects)
    else:
        defects.append(("payload", "is not an object"))
        payload = {}
    if defects:
        note(noted, action, defects)
    return payload


def note(noted, action, defects):
    """Log the `defects`, a list of (field, what is wrong), of an answer to `action`, unless the same fields of it were
    `noted` before."""
    key = " ".join([action] + [field for field, _ in defects])
    if key in noted:
        return
    del noted[: max(0, len(noted) + 1 - _MAX_NOTED)]
    noted.append(key)
    shown = ", ".join(["%s %s" % defect for defect in defects[:_MAX_SHOWN]])
    log.warning("answer to %s: %s%s", action, shown, ", ..." if len(defects) > _MAX_SHOWN else "")


def _object(record, number, value, path, defects):
    """The usable fields of the dict `value`, which line `number` of `record` describes, see schema_objects.find()."""
    fields = fields_of(record, number)
    good = {}
    for i in range(1, len(fields), 2):
        name = fields[i]
        if name in value:
            item = _field(record, fields[i + 1], value[name], path + name, defects)
            if item is not None:
                good[name] = item
        elif i < int(fields[0]) * 2:
            defects.append((path + name, "is missing"))
    for name in value:
        if name not in fields[1::2]:
            defects.append((path + name[:50], "is unknown"))
    return good


def _field(record, code, value, path, defects):
    """What can be used of `value`, a field whose type is `code`, or None."""
    if code[0] == "o" and type(value) is dict:
        return _object(record, int(code[1]), value, path + ".", defects)
    if _is_valid(record, code, value):
        return value
    read = _coerced(code, value)
    if read is not None and _is_valid(record, code, read):
        defects.append((path, "is %r, read as %r" % (value, read)))
        return read
    defects.append((path, "cannot be read: %s" % repr(value)[:40]))
    return None


def _is_valid(record, code, value):
    try:
        check_value(record, code, value, None, "")
        return True
    except OcppError:
        return False


def _coerced(code, value):
    """`value` as the type `code` wants it, where only one thing can be meant; None where it is not clear."""
    kind = code[0]
    if kind == "i":
        return _integer(value)
    if kind == "e" and type(value) is str:
        return _choice(code.split("|")[1:-1], value)
    if (kind == "s" or kind < "a") and type(value) is int:
        return "%d" % value
    return None


def _integer(value):
    """7.0 and "7" mean 7; a float only where it is exact, for another transactionId would be worse than none."""
    if type(value) is float and -_EXACT < value < _EXACT and value % 1 == 0:
        return int(value)
    if type(value) is str and 0 < len(value) <= _MAX_DIGITS:
        digits = value.encode()
        if all([byte in b"0123456789" for byte in digits[1 if digits[:1] == b"-" and len(digits) > 1 else 0 :]]):
            return int(value)
    return None


def _choice(choices, value):
    """The one of `choices` that is `value` but for upper and lower case. Another status of an identifier is no
    acceptance, so it counts as Invalid."""
    for choice in choices:
        if choice.lower() == value.lower():
            return choice
    return _REFUSED if value and _REFUSED in choices else None
