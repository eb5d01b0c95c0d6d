"""Strict JSON (RFC 8259): where a mistake is, and that the twin in machine code agrees."""

import random
from array import array

from helpers import raises
from json_texts import INVALID, VALID, Reference, scan, scan_bytes

import _scan_py
import json_states
import strict_json
from ocpp.websocket import frames


def test_valid():
    for text in VALID:
        assert scan(text) is None, text


def test_invalid_and_where():
    for text, offset in INVALID:
        assert scan(text) == offset, (text, scan(text))


def test_nothing_cut_short_is_valid():
    text = '[2,"a\\ud83d\\ude00","b",{"c":[-1.5e3,true],"d":{}}]'
    for length in range(len(text)):
        assert scan(text[:length]) == length, text[:length]


def test_bad_utf8_and_where():
    """Within a text the byte that cannot be there, as RFC 3629 has it; outside of one no byte that is not ASCII."""
    text = "\u00e9\u20ac\ud7ff\ue000\U0010ffff"
    assert strict_json.loads(bytearray(b'["%s"]' % text.encode())) == [text]
    for data, offset in (
        (b"\x80", 0),
        (b"a\xc0\x80", 1),  # overlong
        (b"\xe0\x9f\xbf", 1),
        (b"\xf0\x8f\xbf\xbf", 1),
        (b"\xed\xa0\x80", 1),  # a surrogate
        (b"\xf4\x90\x80\x80", 1),  # above U+10FFFF
        (b"\xf5\x80\x80\x80", 0),
        (b"\xff", 0),
        (b"\xc3", 1),  # cut off by the quotation mark
        (b"\xe2\x82A", 2),
        (b"\xf0\x9f\x98", 3),
    ):
        error = raises(ValueError, strict_json.loads, bytearray(b'["%s"]' % data))
        assert str(error) == "not JSON at byte %d" % (2 + offset), data
    assert scan("[\u00e4]") == 1


def test_utf8_is_that_of_the_websocket():
    """For each two bytes a character may begin with, and some that follow them."""
    for first in range(0x80, 0x100):
        for second in range(0x70, 0xD0):
            for rest in (b"", b"\x80", b"\xbf\x80", b"\x80A"):
                data = bytes((first, second)) + rest
                try:
                    good = frames.check_utf8(0, data, 0, len(data)) == 0
                except frames.ConnectionClosed:
                    good = False
                assert (scan_bytes(b'["%s"]' % data) is None) == good or second == 0x5C, data


def test_loads():
    assert strict_json.loads(bytearray(b' [2,"id","A",{"k":[1,-2.5,true,false,null,"\\u20ac"]}]')) == [
        2,
        "id",
        "A",
        {"k": [1, -2.5, True, False, None, "\u20ac"]},
    ]


def test_loads_tells_the_offset():
    error = raises(ValueError, strict_json.loads, bytearray(b"[1 2]"))
    assert str(error) == "not JSON at byte 3"
    error = raises(ValueError, strict_json.loads, bytearray(b'["\\ud83d\\ude00" "'))
    assert str(error) == "not JSON at byte 16", "where it came, though the pair before it is one character"


def test_scan_tells_where_surrogate_pairs_end():
    pairs = []
    assert strict_json.scan(b'["\\ud83d\\ude00", "\\ud83d\\ude00"]', pairs) is None and pairs == [14, 30]


def test_loads_joins_surrogate_pairs():
    text = '["\\ud83d\\ude00",{"\\uD800\\uDC00":"a\\uDBFF\\udfff\\n\\\\ud83d"}]'
    value = strict_json.loads(bytearray(text.encode()))
    assert value == ["\U0001f600", {"\U00010000": "a\U0010ffff\n\\ud83d"}]
    assert value[0].encode() == b"\xf0\x9f\x98\x80"


def test_loads_takes_the_last_of_equal_keys():
    assert strict_json.loads(bytearray(b'{"a":1,"a":2}')) == {"a": 2}


def test_no_number_becomes_infinite():
    """With 32 bits numbers up to 3.4e38 are finite, so 38 digits are."""
    for text, offset in ((b"[1e999]", 5), (b'[{"a": -1e999 }]', 12), (b"[1,123456789e400]", 15)):
        error = raises(ValueError, strict_json.loads, bytearray(text))
        assert str(error) == "number too large at byte %d" % offset
    assert strict_json.loads(bytearray(b'[1e-999,1e5,"1e999"]')) == [0, 100000, "1e999"]
    assert strict_json.loads(bytearray(b"[" + b"9" * 38 + b"]")) == [10**38 - 1]


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
        assert (scan(text) is None) == expected, text
        valid += expected
    assert valid > 100


def test_twin_agrees_on_mutants():
    for text in mutants(500):
        data = bytearray(text.encode())
        for begin in ((0, 0, 0, 1, 0, 0), (0, 47, 47, 3, 0, 0), (1, 53, 53, 3, 1, 0), (0, 41, 41, 0xFFFF, 0, 0)):
            one, other = array("i", begin), array("i", begin)
            found = strict_json.tokens(json_states.STATES, strict_json._STARTS, one, data, len(data))
            assert found == _scan_py.tokens(json_states.STATES, strict_json._STARTS, other, data, len(data)), text
            assert list(one) == list(other), (begin, text)
