"""JSON, valid and invalid, and a reader that follows RFC 8259 word by word."""

import strict_json

DIGITS = "0123456789"
HEX = DIGITS + "abcdefABCDEF"
SPACE = " \t\r\n"

VALID = (
    "[]",
    "{}",
    " \t\r\n[ ] \n",
    '[2,"19223201","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]',
    '[3,"id",{"status":"Accepted","currentTime":"2013-02-01T20:53:32.486Z","heartbeatInterval":300}]',
    '[4,"id","NotImplemented","",{}]',
    "[0,-0,1,-1,10,0.5,-0.25,1.0,123456]",
    "[1e5,1E5,1e+5,1e-5,0e0,-1.25E-2]",
    "[true,false,null]",
    '["\\"\\\\\\/\\b\\f\\n\\r\\t"]',
    '["\\u0041\\u00e9\\u20ac\\ud7ff\\ue000\\uFFFF"]',
    '["\\u0000"]',
    '["\x7f \u20ac \U0001f600"]',
    '{"a":{"b":[{"c":[[]]}]},"":1}',
    '[ { "a" : [ 1 , 2 ] , "b" : { } } ]',
    "[" * 16 + "]" * 16,
    "[" + "1" * 38 + "]",
    "[1," + " " * 50 + "1]",
)

# (text, offset of the error)
INVALID = (
    ("", 0),
    (" ", 1),
    ("[", 1),
    ("{", 1),
    ("]", 0),
    ("[1", 2),
    ('["a', 3),
    ('{"a"', 4),
    ('{"a":', 5),
    ("[}", 1),
    ("[1}", 2),
    ('{"a":1]', 6),
    ("[]]", 2),
    ("[] x", 2),
    ("[1 2]", 3),
    ("[1,]", 3),
    ("[,1]", 1),
    ("[1,,2]", 3),
    ('{"a":1,}', 7),
    ('{,"a":1}', 1),
    ('{"a" 1}', 5),
    ('{"a"}', 4),
    ('{"a":1 "b":2}', 7),
    ("{a:1}", 1),
    ("{1:2}", 1),
    ("{'a':1}", 1),
    ("[01]", 2),
    ("[-]", 2),
    ("[-01]", 3),
    ("[+1]", 1),
    ("[.5]", 1),
    ("[1.]", 3),
    ("[1.e5]", 3),
    ("[1e]", 3),
    ("[1e+]", 4),
    ("[1e5.5]", 4),
    ("[0x10]", 2),
    ("[1_000]", 2),
    ("[NaN]", 1),
    ("[Infinity]", 1),
    ("[nul]", 4),
    ("[nulll]", 5),
    ("[True]", 1),
    ("[truefalse]", 5),
    ('["\t"]', 2),
    ('["\n"]', 2),
    ('["\x00"]', 2),
    ('["\\x41"]', 3),
    ('["\\u12g4"]', 6),
    ('["\\u123"]', 7),
    ('["a"b]', 4),
    ('["\\"]', 5),
    ('["\\ud83d"]', 8),
    ('["\\ud83d\\n"]', 9),
    ('["\\ud83d\\u0041"]', 10),
    ('["\\ud83d\\ud83d"]', 11),
    ('["\\udc00"]', 5),
    ("[1]\x00", 3),
    ("\ufeff[]", 0),
    ("[\v1]", 1),
    ("[/**/1]", 1),
    ("1", 1),
    ("12 ", 2),
    ('"a"', 2),
    ("null", 3),
    ("[" * 17 + "]" * 17, 16),
    ("[" + "1" * 39 + "]", 39),
    ("[" + "1" * 39 + ".5]", 41),
)


def scan(text):
    """The offset of the first mistake in `text`, or None."""
    return scan_bytes(text.encode())


def scan_bytes(data):
    """The offset of the first mistake in `data`, or None."""
    found = strict_json.scan(data, [])
    return found and found[0]


class Reference:
    """JSON as RFC 8259 words it, one array or object."""

    def __init__(self, text):
        self.text = text + "\x00"
        self.at = 0
        self.depth = 0

    def is_valid(self):
        try:
            self.space()
            self.take("[{" if self.text[self.at] in "[{" else "[")
            self.at -= 1
            self.value()
            return self.at == len(self.text) - 1
        except ValueError:
            return False

    def take(self, allowed):
        if self.text[self.at] not in allowed:
            raise ValueError
        self.at += 1
        return self.text[self.at - 1]

    def space(self):
        while self.text[self.at] in SPACE:
            self.at += 1

    def value(self):
        self.space()
        start = self.at
        c = self.text[start]
        if c in "[{":
            self.container(c == "{")
        elif c == '"':
            self.string()
        elif c in "tfn":
            for letter in {"t": "true", "f": "false", "n": "null"}[c]:
                self.take(letter)
        else:
            self.number()
            if self.at - start > 38 or abs(float(self.text[start : self.at])) == float("inf"):
                raise ValueError
        self.space()

    def container(self, is_object):
        self.depth += 1
        if self.depth > 16:
            raise ValueError
        self.at += 1
        end = "}" if is_object else "]"
        self.space()
        if self.text[self.at] != end:
            while True:
                if is_object:
                    self.space()
                    self.string()
                    self.space()
                    self.take(":")
                self.value()
                if self.text[self.at] == end:
                    break
                self.take(",")
        self.at += 1
        self.depth -= 1

    def string(self):
        self.take('"')
        high = False
        while self.text[self.at] != '"' or high:
            code = 0
            if self.text[self.at] < " ":
                raise ValueError
            self.at += 1
            if self.text[self.at - 1] == "\\" and self.take('"\\/bfnrtu') == "u":
                code = int("".join(self.take(HEX) for _ in range(4)), 16)
            if high != (0xDC00 <= code < 0xE000):
                raise ValueError
            high = 0xD800 <= code < 0xDC00
        self.at += 1

    def number(self):
        if self.text[self.at] == "-":
            self.at += 1
        if self.take(DIGITS) != "0":
            self.digits(0)
        if self.text[self.at] == ".":
            self.at += 1
            self.digits(1)
        if self.text[self.at] in "eE":
            self.at += 1
            if self.text[self.at] in "+-":
                self.at += 1
            self.digits(1)

    def digits(self, least):
        start = self.at
        while self.text[self.at] in DIGITS:
            self.at += 1
        if self.at - start < least:
            raise ValueError
