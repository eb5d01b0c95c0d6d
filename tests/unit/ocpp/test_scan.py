"""The scanner of frames as JSON (RFC 8259): where an error is, and that its twin in machine code agrees."""

import random

from helpers import raises
from json_texts import INVALID, VALID, Reference, scan

from ocpp import _scan_py
from ocpp.rpc import message_json
from ocpp.rpc.refusing import beginning
from ocpp.errors import OcppError


def test_valid():
    for text in VALID:
        assert scan(text) <= 0, text


def test_invalid_and_where():
    for text, offset in INVALID:
        assert scan(text) == 1 + offset, (text, scan(text))


def test_nothing_cut_short_is_valid():
    text = '[2,"a\\ud83d\\ude00","b",{"c":[-1.5e3,true],"d":{}}]'
    for length in range(len(text)):
        assert scan(text[:length]) > 0, text[:length]


def test_exponents_are_told():
    assert [scan(text) for text in ("[1]", "[1.5]", "[1e1]", '["1e1"]')] == [0, 0, -1, 0]


def test_loads():
    assert message_json.loads(bytearray(b' [2,"id","A",{"k":[1,-2.5,true,false,null,"\\u20ac"]}]')) == [
        2,
        "id",
        "A",
        {"k": [1, -2.5, True, False, None, "\u20ac"]},
    ]


def test_loads_tells_the_offset():
    error = raises(OcppError, message_json.loads, bytearray(b"[1 2]"))
    assert "byte 3" in str(error) and error.code == "FormationViolation"


def test_loads_joins_surrogate_pairs():
    text = '["\\ud83d\\ude00",{"\\uD800\\uDC00":"a\\uDBFF\\udfff\\n\\\\ud83d"}]'
    value = message_json.loads(bytearray(text.encode()))
    assert value == ["\U0001f600", {"\U00010000": "a\U0010ffff\n\\ud83d"}]
    assert value[0].encode() == b"\xf0\x9f\x98\x80"


def test_loads_takes_the_last_of_equal_keys():
    assert message_json.loads(bytearray(b'{"a":1,"a":2}')) == {"a": 2}


def test_no_number_becomes_infinite():
    for text in (b"[1e999]", b'[{"a":[-1e999]}]', b"[123456789e400]"):
        error = raises(OcppError, message_json.loads, bytearray(text))
        assert "too large" in str(error)
    assert message_json.loads(bytearray(b'[1e-999,1e5,"1e999"]')) == [0, 100000, "1e999"]


def test_how_broken_frames_begin():
    """The message type and the messageId, of any length, of which a CALL is refused and an answer is delivered."""
    for head, expected in (
        (b'[2,"abc","Action",{"a":', (2, "abc")),
        (b'[2,"abc"', (2, "abc")),
        (b' [ 2 , "a b" x', (2, "a b")),
        (b'[2,"a\\u00e9\xc3\xa9",', (2, "a\xe9\xe9")),
        (b'[2,"a\\"b","x', (2, 'a"b')),
        (b'[2,"' + b"x" * 37 + b'",', (2, "x" * 37)),
        (b'[2,"' + b"x" * 900 + b'",', (2, "x" * 900)),
        (b'[3,"abc",{', (3, "abc")),
        (b'[4,"abc"', (4, "abc")),
        (b'[2,"abc', None),
        (b'[2,"a\\', None),
        (b'[2,"\t",', None),
        (b'[22,"abc",', None),
        (b'[2.0,"abc",', None),
        (b'[5,"abc",', None),
        (b'["2","abc",', None),
        (b'[2,3,"abc",', None),
        (b'{"2":"abc"', None),
        (b"[2,", None),
        (b"", None),
    ):
        assert beginning(bytearray(head)) == (expected or (None, None)), head


def test_reference_is_right():
    for text in VALID:
        assert Reference(text).is_valid(), text
    for text, _ in INVALID:
        assert not Reference(text).is_valid(), text


def mutants(count):
    random.seed(4)
    parts = [text for text in VALID if len(text) < 100]
    alphabet = '[]{},:"\\ \tu0d8cE19.-+etrfalsn'
    for _ in range(count):
        text = parts[random.getrandbits(16) % len(parts)]
        for _ in range(1 + random.getrandbits(1)):
            at = random.getrandbits(16) % len(text)
            letter = alphabet[random.getrandbits(16) % len(alphabet)]
            text = text[:at] + letter + text[at + random.getrandbits(1) :]
        yield text


def test_agrees_with_the_reference_on_mutants():
    valid = 0
    for text in mutants(3000):
        expected = Reference(text).is_valid()
        assert (scan(text) <= 0) == expected, text
        valid += expected
    assert valid > 100


def test_twin_agrees_on_mutants():
    for text in mutants(500):
        data = bytearray(text.encode())
        for state in (0, 12, 25, 47, 53):
            expected = _scan_py.walk(message_json._STATES, state, data, 0, len(data))
            assert message_json.walk(message_json._STATES, state, data, 0, len(data)) == expected, (state, text)
