"""Where in a .mpy file the bytecode of its functions and its longer texts are, as an index for in_place.py, and the
table of its names as MicroPython has it in memory.

The format is that of MicroPython's py/persistentcode.c, version 6: a head of four bytes, the number of names and of
constants, both, and a tree of code, whose root is the module's own.
"""

import struct

_BYTECODE = 2
_WITHOUT_TEXT = (0, 1, 2, 3, 4)  # types of constants: table of functions, None, False, True, Ellipsis
_TEXTS = (5, 6)  # str, bytes: a zero follows them
_TUPLE = 10
_MEMBER = 256  # the text of a constant tuple has the number of the constant, and 256 for each place
_ENTRY = struct.Struct("<HHH")


class _Reader:
    def __init__(self, data):
        self.data, self.at = data, 4

    def number(self):
        value = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value

    def name(self):
        """The next name; its number if it is one that every MicroPython has."""
        length = self.number()
        if length & 1:
            return length >> 1
        start = self.at
        self.at += (length >> 1) + 1
        return self.data[start : self.at - 1].decode()

    def constant(self):
        """[(place in a tuple from 1 on, or 0, offset, length)] of the texts in the next constant."""
        kind = self.data[self.at]
        self.at += 1
        if kind in _WITHOUT_TEXT:
            return []
        length = self.number()
        if kind == _TUPLE:
            members = [self.constant() for _ in range(length)]
            # Not those of a tuple within.
            return [(at + 1, *member[0][1:]) for at, member in enumerate(members) if member and not member[0][0]]
        start = self.at
        self.at += length + (kind in _TEXTS)
        return [(0, start, length)] if kind in _TEXTS and length else []  # the one b"" is MicroPython's own

    def functions(self):
        """[(offset, length, number of functions within it)] of the next function and of all within it; ValueError for
        machine code."""
        head = self.number()
        if (head & 3) + 2 != _BYTECODE:
            raise ValueError("machine code")
        start, length = self.at, head >> 3
        self.at += length
        children = self.number() if head & 4 else 0
        entries = [(start, length, children)]
        for _ in range(children):
            entries += self.functions()
        return entries


def _names(data):
    reader = _Reader(data)
    count, _ = reader.number(), reader.number()
    return [reader.name() for _ in range(count)]


def names(data):
    """The names that the .mpy `data`, or nothing, brings along, a set."""
    return {name for name in _names(data) if isinstance(name, str)} if data else set()


def _constants(data):
    reader = _Reader(data)
    _, count = reader.number(), reader.number()
    return count


def table(data, numbers):
    """The table of names that MicroPython makes for the .mpy `data`, with `numbers`, name -> number; empty where one of
    them has none."""
    found = [name if isinstance(name, int) else numbers.get(name) for name in _names(data)]
    return b"" if None in found else struct.pack("<%dH" % len(found), *found)


def content(data):
    """([(offset, length, number of functions within it)], [(number of the constant, offset, length)]) of the .mpy
    `data`: its functions, each before those within it, but the module's own code, and its texts."""
    reader = _Reader(data)
    names, constants = reader.number(), reader.number()
    for _ in range(names):
        reader.name()
    texts = [(number + _MEMBER * place, start, length) for number in range(constants)
             for place, start, length in reader.constant() if number < _MEMBER and place < _MEMBER]
    try:
        return reader.functions()[1:], texts
    except ValueError:
        return [], texts


def with_index(data, path, numbers=None):
    """The .mpy `data`, the member `path` of an archive, with what MicroPython does not read behind it: the name of the
    module and a zero; its table of names, where they have `numbers`, at an even place; an index of functions and texts,
    and how many there are of each, of names in the table, and of constants."""
    functions, texts = content(data)
    name = path.removesuffix(".mpy").removesuffix("/__init__").replace("/", ".").encode() + b"\0"
    known = table(data, numbers) if numbers else b""
    index = known + b"".join(_ENTRY.pack(*entry) for entry in [*functions, *texts])
    index += struct.pack("<HHHH", len(functions), len(texts), len(known) // 2, _constants(data))
    return data + b"\0" * (len(data + name) % 2) + name + index
