"""Payloads for a JSON schema: valid ones as hypothesis strategies, and what may be wrong with them."""

import datetime
import re

from hypothesis import strategies as st

PROPERTY = "PropertyConstraintViolation"
TYPE = "TypeConstraintViolation"
VALID = ""

_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?",
    re.ASCII | re.IGNORECASE,
)
_DATE_TIMES = (
    ("2024-02-29T23:59:59.999999999+23:59", VALID),
    ("0000-01-01t00:00:00z", VALID),
    ("2016-12-31T23:59:60Z", VALID),
    ("2017-01-01T05:29:60.5+05:30", VALID),
    ("2016-12-31T15:59:60-08:00", VALID),
    ("2016-12-31T15:59:60+08:00", PROPERTY),
    ("2016-12-31T12:00:60Z", PROPERTY),
    ("2023-02-29T00:00:00Z", PROPERTY),
    ("1900-02-29T00:00:00Z", PROPERTY),
    ("2024-04-31T00:00:00Z", PROPERTY),
    ("2024-00-10T00:00:00Z", PROPERTY),
    ("2024-13-10T00:00:00Z", PROPERTY),
    ("2024-12-00T00:00:00Z", PROPERTY),
    ("2024-12-10T24:00:00Z", PROPERTY),
    ("2024-12-10T00:60:00Z", PROPERTY),
    ("2024-12-10T00:00:61Z", PROPERTY),
    ("2024-12-10T00:00:00", VALID),
    ("2024-12-10T00:00:0000:00", PROPERTY),
    ("2024-12-10T00:00:00+0100", VALID),
    ("2024-12-10T00:00:00+01", VALID),
    ("2024-12-10T00:00:00+24:00", PROPERTY),
    ("2024-12-10T00:00:00-01:60", PROPERTY),
    ("2024-12-10T00:00:00*01:00", PROPERTY),
    ("2024-12-10T00:00:00.Z", PROPERTY),
    ("2024-12-10T00:00:00,5Z", VALID),
    ("2024-12-10T00:00:00 Z", PROPERTY),
    ("2024-12-10T00:00:00Z\n", PROPERTY),
    ("2024-12-10 00:00:00Z", VALID),
    ("2024-12-10T00:00Z", VALID),
    ("2024-12-10", PROPERTY),
    ("20241210T000000Z", PROPERTY),
    ("2024-12-10T00:00:00+010", PROPERTY),
    ("2024-12-10T00:00:00+01:", PROPERTY),
    ("24-12-10T00:00:00Z", PROPERTY),
    ("+024-12-10T00:00:00Z", PROPERTY),
    ("２０24-12-10T00:00:00Z", PROPERTY),
    ("2024-1２-10T00:00:00Z", PROPERTY),
    ("", PROPERTY),
)
# What a mutation of the type tries, where it is another type.
_OTHERS = (None, True, False, 0, 7, 1.0, 1.5, "", "1", [], {}, [None], {"value": 1})


def is_date_time(text):
    """ISO 8601 as clients write it (1.6 3.14, 3.15), by other means than the firmware's."""
    match = _DATE_TIME.fullmatch(text)
    if not match:
        return False
    year, month, day, hour, minute, second, zone_hour, zone_minute = (
        int(group or 0) for number, group in enumerate(match.groups()) if number != 6
    )
    ahead = (zone_hour * 60 + zone_minute) * (-1 if match[7] == "-" else 1)
    if second == 60:
        return (hour * 60 + minute - ahead) % 1440 == 1439 and zone_hour < 24 and zone_minute < 60
    try:
        datetime.datetime(year or 2000, month, day, hour, minute, second)
        datetime.time(zone_hour, zone_minute)
    except ValueError:
        return False
    return True


def resolve(schema, root):
    return root["definitions"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def _date_times():
    zones = st.sampled_from(("Z", "z", "+00:00", "-00:00", "+05:45", "-11:30"))
    fractions = st.sampled_from(("", ".0", ".25", ".123456789"))
    times = st.datetimes(max_value=datetime.datetime(9999, 12, 31)).map(
        lambda t: t.replace(microsecond=0).isoformat()
    )
    return st.one_of(
        st.builds("{}{}{}".format, times, fractions, zones),
        st.sampled_from([text for text, code in _DATE_TIMES if code == VALID]),
    )


def _strings(schema):
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") == "date-time":
        return _date_times()
    limit = schema.get("maxLength", 600)
    letters = st.sampled_from("xé" if limit > 800 else 'xé€😀"')
    return st.one_of(st.text(max_size=min(limit, 25)), letters.map(lambda letter: letter * limit))


def valid(schema, root, full=False):
    """Strategy for values that `schema` allows; a `full` one has every optional field and no empty array."""
    schema = resolve(schema, root)
    if schema["type"] == "object":
        fields = {name: valid(field, root, full) for name, field in schema.get("properties", {}).items()}
        required = fields if full else schema.get("required", ())
        optional = {name: field for name, field in fields.items() if name not in required}
        return st.fixed_dictionaries({name: fields[name] for name in required}, optional=optional)
    if schema["type"] == "array":
        least = schema.get("minItems", int(full))
        return st.lists(valid(schema["items"], root, full), min_size=least, max_size=1 if full else 3)
    if schema["type"] == "string":
        return _strings(schema)
    integers = st.one_of(
        st.integers(-9, 99), st.integers(), st.sampled_from((2**30, 2**31, -(2**63), 10**40))
    )
    if schema["type"] == "number":
        return st.one_of(integers, st.integers(-(10**9), 10**9).map(lambda tenths: tenths / 10))
    return {"integer": integers, "boolean": st.booleans()}[schema["type"]]


def _is_type(kind, value):
    if isinstance(value, bool) or kind == "boolean":
        return isinstance(value, bool) and kind == "boolean"
    types = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float)}
    return isinstance(value, types[kind])


def _wrong_strings(schema, value, noise):
    if "enum" in schema:
        first = schema["enum"][0]
        for text in (first.swapcase(), first[:-1], first + " ", "|", "|".join(schema["enum"]), "", noise):
            yield text, VALID if text in schema["enum"] else PROPERTY
    if schema.get("format") == "date-time":
        yield from _DATE_TIMES
        for at in (0, len(noise) % 20, len(value) - 1):
            yield value[:at] + noise + value[at + 1 :], None
    if "maxLength" in schema:
        for letter in ("x", "é", "\0")[: 2 if schema["maxLength"] > 800 else 3]:
            yield letter * (schema["maxLength"] + 1), PROPERTY


def wrong(schema, root, value, noise, top=False):
    """Yield (mutated value, code): all single faults of `value`, and some changes that are none.

    `code` is the error code that fault must have, "" where there is none, None where that depends on `noise`,
    a drawn text. `value` may have faults already; then the codes mean nothing.
    """
    schema = resolve(schema, root)
    kind = schema["type"]
    for other in _OTHERS + ([value], {"value": value}):
        if not _is_type(kind, other):
            yield other, "FormationViolation" if top else TYPE
    if not _is_type(kind, value):
        return
    if kind == "object":
        yield from _wrong_objects(schema, root, value, noise)
    elif kind == "array":
        yield [], "OccurenceConstraintViolation" if schema.get("minItems") else VALID
        for at in {0, len(value) - 1} if value else ():
            for item, code in wrong(schema["items"], root, value[at], noise):
                yield value[:at] + [item] + value[at + 1 :], code
    elif kind == "string":
        yield from _wrong_strings(schema, value, noise)
    elif kind == "number":
        for number in (0, 7, -1, 10**30, 0.1, 0.3, -0.7, 1e1, 1234567.8, 21.4, 32.0):
            yield number, VALID
        for number in (0.05, 12.34, -0.01, 21.401, 1234567.89, 0.999, 6.0001, len(noise) + 0.11):
            yield number, PROPERTY


def _wrong_objects(schema, root, value, noise):
    fields = schema.get("properties", {})
    for name in ("extra", "s", "20", "", noise):
        if name not in value:
            yield {**value, name: 1}, None if name in fields else "FormationViolation"
    for name in value:
        without = {other: value[other] for other in value if other != name}
        yield without, "ProtocolError" if name in schema.get("required", ()) else VALID
        yield {**without, name + "_": value[name]}, None
        for inner, code in wrong(fields[name], root, value[name], noise) if name in fields else ():
            yield {**value, name: inner}, code
