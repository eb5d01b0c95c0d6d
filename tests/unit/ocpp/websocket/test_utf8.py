import random

from helpers import raises

import _scan_py
from ocpp.websocket import frames

VALID = (
    "",
    "plain",
    "\x00\x7f",
    "\x80 is \xc2\x80, \u07ff, \u0800, \u1000, \ucfff, \ud7ff, \ue000, \uffff",
    "\U00010000 \U0001f600 \U000fffff \U0010ffff",
)

INVALID = (
    b"\x80",
    b"\xbf",
    b"\xc0\x80",  # overlong
    b"\xc1\xbf",
    b"\xe0\x80\x80",
    b"\xe0\x9f\xbf",
    b"\xf0\x80\x80\x80",
    b"\xf0\x8f\xbf\xbf",
    b"\xed\xa0\x80",  # surrogates
    b"\xed\xbf\xbf",
    b"\xf4\x90\x80\x80",  # above U+10FFFF
    b"\xf5\x80\x80\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\xfe",
    b"\xff",
    b"\xc2\x41",  # cut off by something else
    b"\xe1\x80\x41",
    b"\xf1\x80\x80\x41",
    b"\xc2\xc2",
    b"a\xe2\x28\xa1",
)


def states(data):
    return [frames.check_utf8(0, data, 0, end) for end in range(len(data) + 1)]


def test_valid_text_ends_between_characters():
    for text in VALID:
        data = text.encode()
        assert frames.check_utf8(0, data, 0, len(data)) == 0, text


def test_invalid_bytes():
    for data in INVALID:
        error = raises(frames.ConnectionClosed, frames.check_utf8, 0, data, 0, len(data))
        assert error.code == 1007, data


def test_each_cut_within_a_character_shows_in_the_state():
    shown = "".join("+" if state else "." for state in states("a\xe9\u20ac\U0001f600".encode()))
    assert shown == "..+.++.+++."


def test_text_may_come_in_any_pieces():
    data = "".join(VALID).encode()
    for cut in range(len(data)):
        state = frames.check_utf8(0, data, 0, cut)
        assert frames.check_utf8(state, data, cut, len(data)) == 0, cut


def test_error_is_found_in_the_byte_that_makes_it():
    # The 90 alone decides: nothing may follow F4 but 80 to 8F.
    state = frames.check_utf8(0, b"\xf4", 0, 1)
    assert state > 0
    raises(frames.ConnectionClosed, frames.check_utf8, state, b"\x90", 0, 1)


def test_only_the_range_is_looked_at():
    assert frames.check_utf8(0, b"\xffok\xff", 1, 3) == 0


def accepts(data):
    try:
        return frames.check_utf8(0, data, 0, len(data)) == 0
    except frames.ConnectionClosed:
        return False


def reference(data):
    # RFC 3629 4 read as a grammar.
    at = 0
    while at < len(data):
        first = data[at]
        size = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        if 0x80 <= first < 0xC2 or first > 0xF4 or at + size > len(data):
            return False
        code = first if size == 1 else first & (0x7F >> size)
        for byte in data[at + 1 : at + size]:
            if byte & 0xC0 != 0x80:
                return False
            code = code << 6 | byte & 0x3F
        if code < (0, 0, 0x80, 0x800, 0x10000)[size] or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            return False
        at += size
    return True


def test_agrees_with_the_grammar_on_all_beginnings():
    for first in range(0x7F, 0x100):
        for second in range(0x70, 0xD0):
            for rest in (b"", b"\x80", b"\xbf\x80", b"\x80\x41"):
                data = bytes((first, second)) + rest
                assert accepts(data) == reference(data), data


def test_twin_agrees_on_random_bytes():
    random.seed(3)
    lead = b"A\x80\xbf\xc2\xdf\xe0\xed\xef\xf0\xf4\xa0\x9f\x90\x8f"
    for _ in range(300):
        data = bytes(lead[random.getrandbits(16) % len(lead)] for _ in range(6))
        state = 0
        for end in range(7):
            one = frames.walk(frames._UTF8, state, data, 0, end)
            assert one == _scan_py.walk(frames._UTF8, state, data, 0, end), data
