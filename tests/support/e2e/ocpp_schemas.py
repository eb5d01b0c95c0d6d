"""The OCA's JSON schemas (draft 4) as the judge of every payload, with the errata of 2025-04 that the files
lack."""

import functools
import json
import re
from datetime import datetime
from decimal import Decimal
from importlib import metadata

from jsonschema import Draft4Validator, FormatChecker
from jsonschema.exceptions import best_match

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# By its distribution: the name `ocpp` may as well lead to the firmware's own package.
_SCHEMAS = metadata.distribution("ocpp").locate_file("ocpp/v16/schemas")
formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def _is_date_time(value):
    if not isinstance(value, str):
        return True
    parse_time(value)
    return True


def parse_time(text):
    """The datetime of an RFC 3339 `text`, with its zone; ValueError if it is none."""
    if not _DATE_TIME.fullmatch(text):
        raise ValueError(f"not an RFC 3339 date-time: {text!r}")
    head, fraction, zone = re.fullmatch(r"([^.Z+]+?)(\.\d+)?(Z|[+-]\d\d:\d\d)", text).groups()
    fraction = ((fraction or ".0") + "000000")[:7]
    return datetime.fromisoformat(head + fraction + ("+00:00" if zone == "Z" else zone))


def _close(schema):
    """No extra fields in inner objects either (J 3.2)."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            _close(value)
    return schema


@functools.cache
def _validator(name):
    schema = json.loads((_SCHEMAS / (name + ".json")).read_text(encoding="utf-8-sig"), parse_float=Decimal)
    return Draft4Validator(_close(schema), format_checker=formats)


@functools.cache
def is_known(action):
    """Whether OCPP 1.6 or its security white paper has this action."""
    return (_SCHEMAS / (action + ".json")).is_file()


def complaint(action, payload, response=False):
    """None, or in plain words what in `payload` breaks the schema of `action`."""
    if not is_known(action):
        return f"OCPP 1.6 has no action {action}"
    exact = json.loads(json.dumps(payload), parse_float=Decimal)  # 0.1 has to divide 16.2
    error = best_match(_validator(action + ("Response" if response else "")).iter_errors(exact))
    if error is None:
        return None
    return f"{action}{'.conf' if response else '.req'} {'/'.join(map(str, error.path))}: {error.message}"
