"""Short texts that are no names on the board.

MicroPython makes a name of each text of up to ten characters in a source, and names stay in memory for ever. A text
within a constant tuple is none. So where a module may be unloaded, its short texts go into a tuple, and with the
module. This is worth 130 names, 2 kB of the board's heap, 2 %, and their table is not doubled (4.5 kB; `make size`).
"""

import ast
import io
import tokenize

from rom_names import rom

_LONGEST = 10  # characters of a text of which a name is made
_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
_TUPLE = "_texts"


class Literals:
    """The texts in the sources of a build (`texts`: file name -> text) that need not be names. staying(file name):
    whether that module is never unloaded."""

    def __init__(self, texts, staying):
        self._staying = staying
        self._names = rom()
        for name, text in texts.items():
            try:
                tree = ast.parse(text)
            except SyntaxError:
                continue  # the compiler will say so
            self._note_names(tree)
            if staying(name):
                self._names.update(value for value, _ in _short_texts(text, tree))

    def _note_names(self, tree):
        for node in ast.walk(tree):
            for field in ("id", "attr", "arg", "name", "asname", "module"):
                value = getattr(node, field, None)
                if isinstance(value, str):
                    self._names.update([value, *value.split(".")])

    def moved(self, name, text):
        """The source `text` of the file `name` with its texts in a tuple, line by line."""
        tree = ast.parse(text)
        found = [] if self._staying(name) else _short_texts(text, tree)
        found = [(value, token) for value, token in found if value not in self._names]
        docstring = tree.body[0] if tree.body and isinstance(tree.body[0], ast.Expr) else None
        if not found or docstring is None:
            return text
        values = sorted({value for value, _ in found})
        lines = text.splitlines(keepends=True)
        for value, token in reversed(found):
            row, start, end = token.start[0] - 1, token.start[1], token.end[1]
            lines[row] = "%s%s[%d]%s" % (lines[row][:start], _TUPLE, values.index(value), lines[row][end:])
        row, end = docstring.end_lineno - 1, len(lines[docstring.end_lineno - 1].rstrip("\n"))
        lines[row] = "%s; %s = (%s,)\n" % (lines[row][:end], _TUPLE, ", ".join(map(repr, values)))
        return "".join(lines)


def _short_texts(text, tree):
    """[(value, its token)] of the short texts of a source, but those in constant tuples, and docstrings."""
    left_out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add((node.value.lineno, node.value.col_offset))
        elif isinstance(node, ast.Tuple) and _is_constant(node):
            left_out.update((part.lineno, part.col_offset) for part in ast.walk(node) if isinstance(part, ast.Constant))
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type not in _LAYOUT]
    found = []
    for at, token in enumerate(tokens):
        beside = [other.type for other in tokens[max(0, at - 1) : at + 2] if other is not token]
        if token.type == tokenize.STRING and token.string[0] in "\"'" and tokenize.STRING not in beside:
            value = ast.literal_eval(token.string)
            if 0 < len(value) <= _LONGEST and token.start not in left_out:
                found.append((value, token))
    return found


def _is_constant(node):
    if isinstance(node, ast.Tuple):
        return all(_is_constant(part) for part in node.elts)
    return isinstance(node, ast.Constant)
