"""Makes schemas/ocpp16.tbl, the compact message table, from the OCA's JSON schemas in the package `ocpp`.

    python tools/schemas.py           write the table
    python tools/schemas.py --check   exit 1 if the table in the checkout is not what the schemas give

The table is ASCII text. Its first line is the index in hexadecimal: for each message two bytes offset of its
record and two bytes CRC-32 modulo 65536 of the action's name (started with 0 for a CALL, 1 for a CALLRESULT),
both little-endian, by rising offset; then two bytes offset of the end. Then come the long enumerations, a line
each, which no board has to read in one piece. A record is the action on a line,
then one line an object, the payload first. An object is the number of its required fields, then name and code
of each field, the required ones first, separated by blanks. The codes:

    20   string, at most 20 characters    i   integer    n       number with at most one decimal
    s    string of any length             b   boolean    o2      the object on line 2 of the record
    d    string, date-time                e|A|W|         string, one of A and W
    f99  string, one of those in the line at offset 99
                                          a1o3           array of at least 1 item of code o3

No object may have other fields. The format "uri" stays unchecked, as JSON schema validators have it. A schema
with a keyword that these codes cannot express ends the run, lest a check be lost silently.
"""

import json
import re
import struct
import sys
from importlib.metadata import distribution
from pathlib import Path
from zlib import crc32

TABLE = Path(__file__).resolve().parent.parent / "schemas" / "ocpp16.tbl"

_LONG = re.compile(r"e\|[^ \n]{120,}")

INTEGER = {"type": "integer"}
DATE_TIME = {"type": "string", "format": "date-time"}
ID_TOKEN = {"type": "string", "maxLength": 20}
BOTH_CELSIUS = {"enum": ["Celcius", "Celsius"]}
OPTIONAL = "optional"

# What the errata sheet of OCPP-J (2025-04) says of fields: erratum, message, path of the field, its schema.
# Erratum J 3.2, no additional fields in any object, holds everywhere.
ERRATA = (
    ("J 2.1", "MeterValues", "meterValue.sampledValue.unit", BOTH_CELSIUS),
    ("J 2.1", "StopTransaction", "transactionData.sampledValue.unit", BOTH_CELSIUS),
    ("J 2.3", "SendLocalList", "localAuthorizationList.idTagInfo.expiryDate", DATE_TIME),
    ("J 2.3", "SendLocalList", "localAuthorizationList.idTagInfo.parentIdTag", ID_TOKEN),
    ("J 2.4", "BootNotificationResponse", "interval", INTEGER),
    ("J 2.5", "UpdateFirmware", "retries", INTEGER),
    ("J 2.5", "UpdateFirmware", "retryInterval", INTEGER),
    ("J 2.6", "StopTransaction", "reason", OPTIONAL),
)

_SILENT = {"$schema", "$id", "id", "title", "javaType", "definitions"}  # no constraint
_SILENT |= {"additionalItems"}  # draft 4: without effect where `items` is one schema


def originals():
    """Message name (the action, with "Response" for a CALLRESULT) -> schema as the package has it."""
    folder = Path(distribution("ocpp").locate_file("ocpp/v16/schemas"))
    return {file.stem: json.loads(file.read_text("utf-8-sig")) for file in sorted(folder.glob("*.json"))}


def _close_objects(schema):
    """Erratum J 3.2, in every object below `schema`; returns how many were open."""
    changed = 0
    if schema.get("type") == "object":
        changed += schema.get("additionalProperties") is not False
        schema["additionalProperties"] = False
    return changed + sum(_close_objects(value) for value in schema.values() if isinstance(value, dict))


def _mend(parent, name, wanted):
    """Make field `name` of the object schema `parent` say what is `wanted`."""
    field = parent["properties"].setdefault(name, {})
    if wanted is OPTIONAL:
        parent["required"] = [other for other in parent["required"] if other != name]
    elif "enum" in wanted:
        field["enum"] += [value for value in wanted["enum"] if value not in field["enum"]]
    else:
        parent.pop(name, None)  # where J 2.3 found the two fields
        field.update(wanted)


def correct(message, schema):
    """Apply the errata to `schema`, in place; returns the numbers of those it still needed."""
    needed = ["J 3.2"] if _close_objects(schema) else []
    for number, where, path, wanted in ERRATA:
        if where == message:
            before = json.dumps(schema)
            *above, name = path.split(".")
            parent = schema
            for step in above:
                parent = parent["properties"][step]
                parent = parent.get("items", parent)
            _mend(parent, name, wanted)
            needed += [number] * (json.dumps(schema) != before)
    return needed


def corrected():
    """As `originals`, with the errata applied."""
    schemas = originals()
    for message, schema in schemas.items():
        correct(message, schema)
    return schemas


class _Record:
    """The lines of one message: its objects, numbered from 1 as they are met."""

    def __init__(self, schema):
        self.definitions = schema.get("definitions", {})
        self.lines = []
        self._object(_says(schema))

    def _object(self, says):
        fields, required = says.get("properties", {}), says.get("required", [])
        if set(says) - {"properties", "required", "additionalProperties"} or set(required) - set(fields):
            raise ValueError("no code for %s" % says)
        self.lines.append(None)
        number = len(self.lines)
        names = sorted(fields, key=lambda name: name not in required)
        words = [str(len(required))] + [word for name in names for word in (name, self._code(fields[name]))]
        self.lines[number - 1] = " ".join(words)
        return "o%d" % number

    def _code(self, schema):
        if "$ref" in schema:
            schema = self.definitions[schema["$ref"].removeprefix("#/definitions/")]
        says, kind = _says(schema), schema["type"]
        if kind == "object":
            return self._object(says)
        if kind == "array" and set(says) <= {"items", "minItems"} and says.get("minItems", 0) < 10:
            return "a%d%s" % (says.get("minItems", 0), self._code(says["items"]))
        says.pop("additionalProperties", None)  # without effect on what is no object
        return _scalar(kind, says)


def _says(schema):
    return {key: value for key, value in schema.items() if key not in _SILENT and key != "type"}


def _scalar(kind, says):
    """The code of a field of type `kind` with the further keywords `says`."""
    if not says and kind in ("integer", "boolean", "string"):
        return kind[0]
    if (kind, says) == ("number", {"multipleOf": 0.1}):
        return "n"
    if kind == "string" and says in ({"format": "date-time"}, {"format": "uri"}):
        return "d" if says["format"] == "date-time" else "s"
    if kind == "string" and list(says) == ["maxLength"]:
        return str(says["maxLength"])
    if kind == "string" and list(says) == ["enum"] and not set("".join(says["enum"])) & set("| \n"):
        return "e|%s|" % "|".join(says["enum"])
    raise ValueError("no code for %s %s" % (kind, says))


def table(schemas):
    """The text of the table for `schemas`, message name -> schema."""
    size = len(schemas) * 8 + 4 + 1
    messages = {message: _Record(schema).lines for message, schema in schemas.items()}
    places, text = {}, ""
    for code in sorted({code for lines in messages.values() for line in lines for code in _LONG.findall(line)}):
        places[code] = "f%d" % (size + len(text))
        text += code[1:] + "\n"
    size += len(text)
    index, keys = b"", set()
    for message, lines in messages.items():
        action = message.removesuffix("Response")
        key = crc32(action.encode(), message != action) & 0xFFFF
        keys.add(key)
        index += struct.pack("<HH", size, key)
        record = "\n".join([action, *lines]) + "\n"
        record = _LONG.sub(lambda found: places[found.group()], record)
        text += record
        size += len(record)
    if len(keys) < len(messages):
        raise ValueError("two messages share a key")
    return (index + struct.pack("<H", size)).hex() + "\n" + text


def main(arguments):
    text = table(corrected())
    if "--check" in arguments:
        if not TABLE.exists() or TABLE.read_text("ascii") != text:
            sys.exit("%s is not what the schemas give; run: python tools/schemas.py" % TABLE.name)
        return
    TABLE.write_text(text, "ascii", newline="\n")
    needed = {number for message, schema in originals().items() for number in correct(message, schema)}
    lacks = ", ".join(sorted(needed)) or "none"
    print("%s: %d bytes; errata that the package lacks: %s" % (TABLE.name, len(text), lacks))


if __name__ == "__main__":
    main(sys.argv[1:])
