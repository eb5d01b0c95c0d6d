"""JSON that a person has written, read in time linear in its size; an error names line and column."""

import gc
import time

from helpers import raises

from config.json_file import parse


def error_of(text):
    """The text of the error that parse() raises."""
    return str(raises(ValueError, parse, text if isinstance(text, bytes) else text.encode()))


def seconds_of(data, times):
    """The processor time that it takes to parse `data` so often."""
    clock = getattr(time, "clock", None) or time.process_time
    gc.collect()
    began = clock()
    for _ in range(times):
        parse(data)
    return clock() - began


def test_time_is_linear_in_the_size():
    """16 times the size takes 16 times as long and some collections of garbage, not 256 times."""
    for make in (
        lambda count: b'{"a": 1' + b" " * count + b"}",
        lambda count: b'{"a": "' + b"x" * count + b'"}',
        lambda count: b'{"a": [' + b"1," * (count // 2) + b"1]}",
        lambda count: b'{"a": [' + b'"\xc3\xa4",' * (count // 5) + b"1]}",
        lambda count: b'{"a": [' + b'"\\n",' * (count // 5) + b"1]}",
    ):
        ten_small = min([seconds_of(make(4000), 10) for _ in range(3)])
        large = min([seconds_of(make(64000), 1) for _ in range(3)])
        assert large < 10 * ten_small, (make(20), ten_small, large)


def test_pairs_of_surrogates():
    """As editors and Python write what is not ASCII; half a pair could not be sent as UTF-8."""
    assert parse(b'["\\ud83d\\udd0c", "\\u00e4"]') == ["\U0001f50c", "\u00e4"]
    assert parse('["\U0001f50c \u00e4"]'.encode()) == ["\U0001f50c \u00e4"]
    for text in ('["\\ud83d"]', '["\\ud83dx"]', '["\\udd0c"]', '["\\ud83d\\ud83d\\udd0c"]'):
        assert error_of(text) == "line 1, column 2: text with a bad \\u escape", text


def test_counts_characters_not_bytes():
    assert error_of('{"\u00e4\u20ac": 1,}') == 'line 1, column 10: expected a field name in "..."'
    assert error_of('{"a":\n "\u00e4" x}') == 'line 2, column 6: expected "," or "}"'


def test_large_numbers():
    """Numbers that a float of 32 bits can have are taken, those that no float has are not."""
    assert parse(b"[%s, 1e5]" % (b"9" * 38)) == [10**38 - 1, 100000]
    for number in ("9" * 39, "1" * 16000, "-1e999", "123456789e400"):
        assert error_of("[1, %s]" % number) == "line 1, column 5: a number that is too large"
    assert error_of("[%s]" % ("x" * 41)) == 'line 1, column 2: expected a value, text in "..."'


def test_values():
    text = '{"a": {"b": [1, -25, 2.5, 1e2, true, false, null, "x\\n\\u20ac\\\\"]}, "c": []}\n'
    assert parse(text.encode()) == {"a": {"b": [1, -25, 2.5, 100.0, True, False, None, "x\n\u20ac\\"]}, "c": []}


def test_truncated():
    """A file that was not copied whole."""
    assert error_of('{"a": 1,\n "b": {') == 'line 2, column 8: ends too soon: expected a field name in "..."'
    assert error_of('{"a": {"b": 1}\n') == 'line 2, column 1: ends too soon: expected "," or "}"'
    assert error_of('{"a": ') == "line 1, column 7: ends too soon: expected a value"
    assert error_of('{"a": "b') == 'line 1, column 7: text without its closing "'
    assert error_of("\n") == 'line 2, column 1: ends too soon: expected "{"'
    for text in ("", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', "[", "[1,", '"a', '"a\\', '{"a":"b\\"'):
        assert error_of(text).startswith("line 1, column "), text


def test_what_micropython_lets_through():
    assert error_of("[1 2]") == 'line 1, column 4: expected "," or "]"'
    assert error_of('{"a" 1}') == 'line 1, column 6: expected ":"'
    assert error_of("[01]") == 'line 1, column 2: expected a value, text in "..."'
    assert error_of("[1,]") == "line 1, column 4: expected a value"
    assert error_of('{"a":1} x') == "line 1, column 9: text after the end"
    assert error_of('{"a":1,\n "a":2}') == 'line 2, column 2: "a" for the second time'
    assert error_of('["C:\\data"]') == "line 1, column 5: text with an unknown escape"
    assert error_of('["\\u12"]') == "line 1, column 2: text with a bad \\u escape"
    assert error_of('["a\nb"]') == 'line 1, column 2: text without its closing "'
    assert error_of("{'a': 1}") == 'line 1, column 2: expected a field name in "..."'
    assert error_of("[True]") == 'line 1, column 2: expected a value, text in "..."'
    assert error_of("[" * 9 + "]" * 9) == "line 1, column 9: nested too deeply"
    assert error_of("[" * 17 + "]" * 17) == "line 1, column 17: nested too deeply"
    assert error_of('{"a": 1 "b": 2}') == 'line 1, column 9: expected "," or "}"'
    assert error_of('{"a": tru}') == 'line 1, column 7: expected a value, text in "..."'
    assert error_of('{"a": 1.5.2}') == 'line 1, column 7: expected a value, text in "..."'
    assert error_of('{"a": truefalse}') == 'line 1, column 7: expected a value, text in "..."'
    assert error_of('{"a": [1}') == 'line 1, column 9: expected "," or "]"'
    assert error_of("{,}") == 'line 1, column 2: expected a field name in "..."'
    assert error_of('{"a": NaN}') == 'line 1, column 7: expected a value, text in "..."'
    for text in ("7", '"a"', "null", "x"):
        assert error_of(text) == 'line 1, column 1: expected "{"', text


def test_comments():
    for line, column in (("// a", 1), ('"a": 1, # a', 9), ('"a": /* a */ 1', 6), ('"a": 1 // a', 8), ('"a": 1// a', 7)):
        expected = "line 2, column %d: a comment, which JSON does not have" % column
        assert error_of("{\n%s\n}" % line) == expected, line


def test_second_fields():
    """However it is written, in each object for itself."""
    assert parse(b'{"a": {"a": [{"a": 1}, {"a": 2}]}, "b": "a", "c": "a"}')["b"] == "a"
    assert error_of('{"a": [{"b": {}, "x": "\\"b", "b" : 1}]}') == 'line 1, column 30: "b" for the second time'
    assert error_of('{"ab": 1, "a\\u0062": 1}') == 'line 1, column 11: "ab" for the second time'
    assert error_of('{"\U0001f50c": 1, "\\ud83d\\udd0c": 1}').startswith('line 1, column 10: "')
    assert error_of('{"a\\nb": 1, "a\\nb": 1}') == 'line 1, column 13: "a\\nb" for the second time'
    assert len(error_of('{"%s": 1, "%s": 1}' % ("x" * 900, "x" * 900))) < 110


def test_not_utf8():
    for data, column in ((b'{"a\xff": 1}', 4), (b'{"\xc3\xa4": "\xe4 "}', 9), (b'{"a": "\xed\xa0\x80"}', 9),
                         (b'{"a": "\xc0\xaf"}', 8), (b"\xff\xfe{\x00", 1), (b"\xfe\xff\x00{", 1)):
        assert error_of(data) == "line 1, column %d: a character that is not UTF-8" % column, data
    assert error_of(b'{\x00"\x00').startswith("line 1, column 2: ")


def test_counts_a_pair_as_it_is_written():
    assert error_of('["\\ud83d\\udd0c" x]') == 'line 1, column 17: expected "," or "]"'
