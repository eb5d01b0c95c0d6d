"""JSON with the place of the mistake; MicroPython's own parser gives none and lets much slip through."""

import json
import re

_NUMBER = re.compile(r"^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$")
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPES = tuple('"\\/bfnrtu')
_MAX_DEPTH = 8


def parse(text):
    """The value of `text`; ValueError("line 3, column 5: ...") if it is not JSON or names a field twice."""
    reader = _Reader(text)
    value = reader.value(0)
    if reader.skip_space():
        reader.fail("text after the end")
    return value


class _Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def fail(self, what):
        before = self.text[: self.at]
        column = self.at - before.rfind("\n")
        raise ValueError("line %d, column %d: %s" % (before.count("\n") + 1, column, what))

    def skip_space(self):
        """Move to the next character that means something and return it, or "" at the end."""
        while self.text[self.at : self.at + 1] in (" ", "\t", "\r", "\n"):
            self.at += 1
        return self.text[self.at : self.at + 1]

    def value(self, depth):
        first = self.skip_space()
        if first and first in "{[":
            if depth == _MAX_DEPTH:
                self.fail("nested too deeply")
            return self.object(depth + 1) if first == "{" else self.array(depth + 1)
        return self.string() if first == '"' else self.word()

    def more(self, end, first):
        """Whether another member comes before `end`; steps over the comma between members."""
        sign = self.skip_space()
        if sign == end:
            self.at += 1
            return False
        if not first:
            if sign != ",":
                self.fail('expected "," or "%s"' % end)
            self.at += 1
        return True

    def object(self, depth):
        self.at += 1
        members = {}
        while self.more("}", not members):
            if self.skip_space() != '"':
                self.fail('expected a field name in "..."')
            start = self.at
            name = self.string()
            if name in members:
                self.at = start
                self.fail('"%s" for the second time' % name)
            if self.skip_space() != ":":
                self.fail('expected ":"')
            self.at += 1
            members[name] = self.value(depth)
        return members

    def array(self, depth):
        self.at += 1
        items = []
        while self.more("]", not items):
            items.append(self.value(depth))
        return items

    def string(self):
        end = self.at + 1
        while self.text[end : end + 1] != '"':
            character = self.text[end : end + 1]
            if character < " ":  # also the end of the text, which is ""
                self.fail('text without its closing "')
            end += 1
            if character == "\\":
                if self.text[end : end + 1] not in _ESCAPES:
                    self.fail("text with an unknown escape \\%s" % self.text[end : end + 1])
                end += 1
        try:
            value = json.loads(self.text[self.at : end + 1])
        except ValueError:
            self.fail("text with a bad \\u escape")
        self.at = end + 1
        return value

    def word(self):
        end = self.at
        while end < len(self.text) and self.text[end] not in ' \t\r\n,:]}"[{':
            end += 1
        word = self.text[self.at : end]
        if word in _WORDS:
            value = _WORDS[word]
        elif _NUMBER.match(word):
            value = float(word) if "." in word or "e" in word.lower() else int(word)
        else:
            self.fail("%s is not a value" % word if word else "expected a value")
        self.at = end
        return value
