"""The names of the sources, where the firmware has been built with others in their place (tools/rom_names.py).

A plain .py that an owner puts onto the board is read with the firmware's names, so that both understand each other, and
the log shows tracebacks with the names of the sources. names.tbl has a line "name its-replacement" for each, with the
path of a source behind it where that is so in this one alone.
"""

import io

TABLE = "/fw/names.tbl"
_GET_BUFFER_SIZE = 11  # of MicroPython's streams
_BUFFER = 128


def opened(path):
    """The Python source in the file `path`, with the firmware's names, as a stream to import from. It is read line by
    line, for a board has no piece of memory for all of it."""
    return _Source(path)


class _Source(io.IOBase):
    def __init__(self, path):
        with open(path) as file:
            self._known = _looked_up(_words_of(file), 0, path)
        self._file = open(path)
        self._opened = [""]
        self._rest = b""

    def ioctl(self, request, argument):
        return _BUFFER if request == _GET_BUFFER_SIZE else 0

    def readinto(self, buffer):
        """As many bytes as there is room for: fewer would be the end for MicroPython."""
        filled = 0
        while filled < len(buffer):
            if not self._rest:
                line = self._file.readline()
                if not line:
                    break
                self._rest = _replaced(line, list(words(line, self._opened)), self._known).encode()
            count = min(len(buffer) - filled, len(self._rest))
            buffer[filled : filled + count] = self._rest[:count]
            self._rest = self._rest[count:]
            filled += count
        return filled

    def close(self):
        self._file.close()


def _words_of(file):
    """The set of the words in a Python source."""
    found, opened_by = set(), [""]
    while True:
        line = file.readline()
        if not line:
            return found
        found.update([line[start:end] for start, end in words(line, opened_by)])


def original(text):
    """`text`, of a traceback, with the names of the sources."""
    try:
        found = list(_all_words(text))
        return _replaced(text, found, _looked_up({text[start:end] for start, end in found}, 1))
    except OSError:  # no table: they are there already
        return text


def _replaced(text, found, known):
    """`text` with the words `found` in it, a list of (start, end), replaced if they are `known`."""
    output, done = io.StringIO(), 0
    for start, end in found:
        other = known.get(text[start:end])
        if other:
            output.write(text[done:start])
            output.write(other)
            done = end
    output.write(text[done:])
    return output.getvalue()


def _looked_up(wanted, column, path=None):
    """Those of the words `wanted` that are in this column of the table -> what is in the other."""
    found = {}
    with open(TABLE) as table:
        while True:
            pair = table.readline().split()
            if not pair:
                return found
            if pair[column] in wanted and (len(pair) == 2 or pair[2] == path):
                found[pair[column]] = pair[1 - column]


def words(text, opened_by=None):
    """(start, end) of each word of the Python source `text` that is in no string and in no comment. `opened_by`: a list
    with the quotes of the string in which `text` begins, or ""; afterwards those of the one in which it ends."""
    quotes = opened_by or [""]
    at = _behind_string(text, 0, quotes) if quotes[0] else 0
    while at < len(text):
        letter = text[at]
        if letter == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif letter in "\"'":
            quotes[0] = letter * 3 if text[at : at + 3] == letter * 3 else letter
            at = _behind_string(text, at + len(quotes[0]), quotes)
        elif _in_word(letter):
            start = at
            while at < len(text) and _in_word(text[at]):
                at += 1
            if not letter.isdigit():
                yield start, at
        else:
            at += 1


def _all_words(text):
    start = None
    for at, letter in enumerate(text):
        if _in_word(letter):
            start = at if start is None else start
        elif start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(text)


def _in_word(letter):
    return letter.isalpha() or letter.isdigit() or letter == "_"


def _behind_string(text, at, quotes):
    """The place behind the string whose content begins, or continues, at `at`. `quotes`: a list with its quotes; ""
    afterwards, unless the string continues behind `text`."""
    quote = quotes[0]
    while at < len(text) and text[at : at + len(quote)] != quote:
        at += 2 if text[at] == "\\" else 1
    if at < len(text):
        quotes[0] = ""
    return at + len(quote)
