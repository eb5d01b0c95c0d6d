"""The firmware's schema check against `jsonschema` and the OCA's schemas, for every message, right and wrong.

The same JSON text goes to ocpp/schema in one MicroPython process, on a heap of the board's size, and to
Draft4Validator; the verdicts must agree, and a single fault must get the error code of OCPP-J 4.2.3.
"""

import copy
import decimal
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, FormatChecker
from schema_payloads import is_date_time, valid, wrong

ROOT = Path(__file__).resolve().parent.parent.parent
INTERPRETER = Path(sys.executable).parent / "micropython"


def _tool():
    spec = importlib.util.spec_from_file_location("schemas_tool", ROOT / "tools" / "schemas.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = _tool()
SCHEMAS = tool.corrected()
each_message = pytest.mark.parametrize("message", sorted(SCHEMAS))
FORMATS = FormatChecker(formats=())
FORMATS.checks("date-time")(lambda value: not isinstance(value, str) or is_date_time(value))
# Binary floats misjudge multipleOf 0.1, and integers of 40 digits need as many and one more.
PARSE = {"parse_float": decimal.Decimal}
VALIDATORS = {
    message: Draft4Validator(json.loads(json.dumps(schema), **PARSE), format_checker=FORMATS)
    for message, schema in SCHEMAS.items()
}


def quick(examples):
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def board():
    """board(message, payload) -> the firmware's verdict: "" or "<code> <description>"."""
    process = subprocess.Popen(
        [INTERPRETER, "-X", "heapsize=96wK", ROOT / "tests" / "schema" / "checker.py", tool.TABLE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "MICROPYPATH": "%s:.frozen" % ROOT},
    )

    def verdict(message, text):
        action = message.removesuffix("Response")
        head = '["%s",%s,' % (action, "true" if action != message else "false")
        process.stdin.write(head.encode() + text.encode() + b"]\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer and not answer.startswith(b"crash"), (message, text, answer)
        return answer.decode().rstrip("\n")

    yield verdict
    process.stdin.close()
    process.stdout.close()
    assert process.wait(10) == 0


def agree(board, message, payload, code=None):
    """Both judge `payload` alike; and with `code` if it is given."""
    agree_on_text(board, message, json.dumps(payload, ensure_ascii=False), code)


def agree_on_text(board, message, text, code=None):
    with decimal.localcontext(prec=60):
        expected = VALIDATORS[message].is_valid(json.loads(text, **PARSE))
    answer = board(message, text)
    assert (answer == "") == expected, "%s %s: %r" % (message, text, answer)
    if code is not None:
        assert answer.partition(" ")[0] == code, "%s %s: %r" % (message, text, answer)


@each_message
def test_single_faults_get_their_code(board, message):
    schema = SCHEMAS[message]

    def run(payload, noise):
        agree(board, message, payload, "")
        for mutated, code in wrong(schema, schema, payload, noise, top=True):
            agree(board, message, mutated, code)

    for full, examples in ((True, 2), (False, 4)):
        quick(examples)(given(valid(schema, schema, full), st.text(max_size=30))(run))()


@each_message
def test_several_faults_are_judged_alike(board, message):
    schema = SCHEMAS[message]

    @quick(25)
    @given(st.data())
    def run(data):
        payload = data.draw(valid(schema, schema))
        for _ in range(3):
            faults = list(wrong(schema, schema, payload, data.draw(st.text(max_size=30)), top=True))
            payload, _ = data.draw(st.sampled_from(faults))
            agree(board, message, payload)

    run()


def test_decimals_are_judged_alike(board):
    schedule = '{"chargingRateUnit":"W","minChargingRate":%s,"chargingSchedulePeriod":[]}'
    payload = '{"status":"Accepted","chargingSchedule":%s}' % schedule

    @quick(400)
    @given(st.integers(-(10**7), 10**7), st.integers(0, 4), st.sampled_from((0, 0, 1, -1, 2)))
    def run(digits, places, exponent):
        text = "%.*fe%d" % (places, digits / 10**places, exponent)
        agree_on_text(board, "GetCompositeScheduleResponse", payload % text)
        agree_on_text(board, "GetCompositeScheduleResponse", payload % text.removesuffix("e0"))

    run()


def test_dates_are_judged_alike(board):
    text = st.from_regex(
        r"\A[0-3]\d\d\d-[01]\d-[0-3]\d[Tt ][0-2]\d:[0-6]\d(:[0-6]\d([.,]\d*)?)?([Zz]|[+-][012]\d(:?[0-6]\d?)?)?\Z"
    )

    @quick(1200)
    @given(text)
    def run(text):
        agree(board, "HeartbeatResponse", {"currentTime": text})

    run()


def test_the_committed_table_is_what_the_schemas_give():
    assert tool.table(SCHEMAS) == tool.TABLE.read_text("ascii")


def test_a_schema_that_the_table_cannot_express_is_refused():
    for field in (
        {"type": "string", "pattern": "a"},
        {"type": "string", "minLength": 1},
        {"type": "string", "format": "ipv4"},
        {"type": "string", "enum": ["two words"]},
        {"type": "integer", "minimum": 0},
        {"type": "number"},
        {"type": "number", "multipleOf": 0.01},
        {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        {"type": "object", "properties": {}, "minProperties": 1},
    ):
        with pytest.raises(ValueError):
            tool.table({"A": {"type": "object", "properties": {"field": field}}})


def test_errata_are_put_right_where_a_schema_lacks_them():
    for number, message, path, wanted in tool.ERRATA:
        schema = copy.deepcopy(SCHEMAS[message])
        *above, name = path.split(".")
        parent = schema
        for step in above:
            parent = parent["properties"][step]
            parent = parent.get("items", parent)
        if wanted is tool.OPTIONAL:
            parent["required"].append(name)
        elif number == "J 2.3":
            parent[name] = parent["properties"].pop(name)
        else:
            parent["properties"][name] = (
                {"type": "number"} if wanted is tool.INTEGER else {"enum": ["Celcius"]}
            )
        parent["additionalProperties"] = True
        assert set(tool.correct(message, schema)) == {number, "J 3.2"}
        if "enum" not in str(wanted):
            assert schema == SCHEMAS[message]
        assert tool.correct(message, schema) == []
