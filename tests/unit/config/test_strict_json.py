"""JSON as RFC 8259 has it, read in time linear in its size; an error names line and column."""

import gc
import time

from helpers import raises

from config.strict_json import parse


def error_of(text):
    """The text of the error that parse() raises."""
    return str(raises(ValueError, parse, text.encode()))


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


def test_strict_json_pairs_of_surrogates():
    """As editors and Python write what is not ASCII; half a pair could not be sent as UTF-8."""
    assert parse(b'["\\ud83d\\udd0c", "\\u00e4"]') == ["\U0001f50c", "\u00e4"]
    assert parse('["\U0001f50c \u00e4"]'.encode()) == ["\U0001f50c \u00e4"]
    for text in ('["\\ud83d"]', '["\\ud83dx"]', '["\\udd0c"]', '["\\ud83d\\ud83d\\udd0c"]'):
        assert error_of(text) == "line 1, column 2: text with a bad \\u escape", text


def test_strict_json_counts_characters_not_bytes():
    assert error_of('{"\u00e4\u20ac": 1,}') == 'line 1, column 10: expected a field name in "..."'
    assert error_of('{"a":\n "\u00e4" x}') == 'line 2, column 6: expected "," or "}"'


def test_strict_json_long_words():
    for word in ("9" * 41, "x" * 41, "1" * 16000):
        assert error_of("[%s]" % word) == 'line 1, column 2: expected a value, text in "..."'


def test_strict_json_values():
    text = '{"a": {"b": [1, -25, 2.5, 1e2, true, false, null, "x\\n\\u20ac\\\\"]}, "c": []}\n'
    assert parse(text.encode()) == {"a": {"b": [1, -25, 2.5, 100.0, True, False, None, "x\n\u20ac\\"]}, "c": []}


def test_strict_json_truncated():
    for text in ("", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', "[", "[1,", '"a', '"a\\', '{"a":"b\\"'):
        assert error_of(text).startswith("line 1, column "), text


def test_strict_json_what_micropython_lets_through():
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
