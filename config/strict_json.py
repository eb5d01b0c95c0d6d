"""JSON with the place of the mistake; MicroPython's own parser gives none and lets much slip through.

It reads bytes, because MicroPython finds a place in a text the slower the further it is. A message never shows the text
at the place, which may be a password without its quotes.
"""

import json
import re

_NUMBER = re.compile(r"^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$")
_WORDS = {"true": True, "false": False, "null": None}
_SPACE = b" \t\r\n"
_ENDS = b' \t\r\n,:]}"[{'
_ESCAPES = b'"\\/bfnrtu'
_QUOTE, _BACKSLASH = b'"\\'
_MAX_DEPTH = 8
_LONGEST_WORD = 40


def parse(data):
    """The value of the UTF-8 text `data`, bytes; ValueError("line 3, column 5: ...") if it is not JSON or names a field
    twice."""
    reader = _Reader(data)
    value = reader.value(0)
    if reader.skip_space():
        reader.fail("text after the end")
    return value


class _Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def fail(self, what):
        before = self.data[: self.at]
        line = before[before.rfind(b"\n") + 1 :]
        column = 1 + len([byte for byte in line if byte & 0xC0 != 0x80])
        raise ValueError("line %d, column %d: %s" % (before.count(b"\n") + 1, column, what))

    def skip_space(self):
        """Move to the next byte that means something and return it, or b"" at the end."""
        while self.at < len(self.data) and self.data[self.at] in _SPACE:
            self.at += 1
        return self.data[self.at : self.at + 1]

    def value(self, depth):
        first = self.skip_space()
        if first and first in b"{[":
            if depth == _MAX_DEPTH:
                self.fail("nested too deeply")
            return self.object(depth + 1) if first == b"{" else self.array(depth + 1)
        return self.string() if first == b'"' else self.word()

    def more(self, end, first):
        """Whether another member comes before `end`; steps over the comma between members."""
        sign = self.skip_space()
        if sign == end:
            self.at += 1
            return False
        if not first:
            if sign != b",":
                self.fail('expected "," or "%s"' % end.decode())
            self.at += 1
        return True

    def object(self, depth):
        self.at += 1
        members = {}  # type: dict[str, object]
        while self.more(b"}", not members):
            if self.skip_space() != b'"':
                self.fail('expected a field name in "..."')
            start = self.at
            name = self.string()
            if name in members:
                self.at = start
                self.fail('"%s" for the second time' % name[:60])
            if self.skip_space() != b":":
                self.fail('expected ":"')
            self.at += 1
            members[name] = self.value(depth)
        return members

    def array(self, depth):
        self.at += 1
        items = []  # type: list[object]
        while self.more(b"]", not items):
            items.append(self.value(depth))
        return items

    def string(self):
        data, end = self.data, self.at + 1
        while end < len(data) and data[end] != _QUOTE:
            if data[end] < 32:
                break
            if data[end] == _BACKSLASH:
                if end + 1 < len(data) and data[end + 1] not in _ESCAPES:
                    self.at = end
                    self.fail("text with an unknown escape")
                end += 1
            end += 1
        if end >= len(data) or data[end] != _QUOTE:
            self.fail('text without its closing "')
        raw = data[self.at : end + 1]
        try:
            value = json.loads(raw) if b"\\" in raw else raw[1:-1].decode()
            if b"\\u" in raw or b"\xed" in raw:  # only these can make surrogates
                value = _whole_characters(value)
        except ValueError:
            self.fail("text with a bad \\u escape")
        self.at = end + 1
        return value

    def word(self):
        end = self.at
        while end < len(self.data) and self.data[end] not in _ENDS:
            end += 1
        word = self.data[self.at : end]
        if len(word) > _LONGEST_WORD:
            self.fail('expected a value, text in "..."')
        word = word.decode()
        if word in _WORDS:
            value = _WORDS[word]  # type: object
        elif _NUMBER.match(word):
            value = float(word) if "." in word or "e" in word.lower() else int(word)
        else:
            self.fail('expected a value, text in "..."' if word else "expected a value")
        self.at = end
        return value


def _whole_characters(text):
    """`text` with each pair of surrogates, of which MicroPython makes two characters, as one; ValueError for half a
    pair."""
    first, made = 0, []
    for character in text:
        code = ord(character)
        if first and 0xDC00 <= code < 0xE000:
            made.append(chr(0x10000 + ((first & 0x3FF) << 10) + (code & 0x3FF)))
            first = 0
        elif first or 0xDC00 <= code < 0xE000:
            raise ValueError
        elif 0xD800 <= code < 0xDC00:
            first = code
        else:
            made.append(character)
    if first:
        raise ValueError
    return "".join(made)
