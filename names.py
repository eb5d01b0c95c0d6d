"""The names of the sources, where the firmware has been built with others in their place (tools/rom_names.py).

A plain .py that an owner puts onto the board is read with the firmware's names, so that both understand each other, and
the log shows tracebacks with the names of the sources. names.tbl has a line "name its-replacement" for each.
"""

import io

TABLE = "/fw/names.tbl"


def opened(path):
    """The Python source in the file `path`, with the firmware's names, as a stream to import from."""
    with open(path) as file:
        text = file.read()
    return io.BytesIO(_translated(text, words, 0).encode())


def original(text):
    """`text`, of a traceback, with the names of the sources."""
    try:
        return _translated(text, _all_words, 1)
    except OSError:  # no table: they are there already
        return text


def _translated(text, split, column):
    """`text` with the words that `split` finds replaced, if they are in this `column` of the table."""
    known = _looked_up({text[start:end] for start, end in split(text)}, column)
    output, done = io.StringIO(), 0
    for start, end in split(text):
        other = known.get(text[start:end])
        if other:
            output.write(text[done:start])
            output.write(other)
            done = end
    output.write(text[done:])
    return output.getvalue()


def _looked_up(wanted, column):
    found = {}
    with open(TABLE) as table:
        while True:
            pair = table.readline().split()
            if not pair:
                return found
            if pair[column] in wanted:
                found[pair[column]] = pair[1 - column]


def words(text):
    """(start, end) of each word of the Python source `text` that is in no string and in no comment."""
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif letter in "\"'":
            at = _behind_string(text, at)
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


def _behind_string(text, at):
    """The place behind the string that begins at `at`."""
    quote = text[at] * 3 if text[at : at + 3] == text[at] * 3 else text[at]
    at += len(quote)
    while at < len(text) and text[at : at + len(quote)] != quote:
        at += 2 if text[at] == "\\" else 1
    return at + len(quote)
