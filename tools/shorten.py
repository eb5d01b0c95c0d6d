"""Names that nobody sees, shared by all files of a build: every name in a .mpy file stays in the board's memory for
ever (about 20 bytes, and with too many of them a table of names twice as large), whether its module is let go or not.

Parameters that no call names, and private values of a module, become _0, _1, ... in each file anew. Lines, functions,
attributes and keywords keep theirs, so tracebacks read as before.
"""

import ast
import io
import re
import tokenize

_WORD = re.compile(r"[A-Za-z_]\w*")


class Names:
    """What the sources of a build use: `parameters`, `private` values of modules, and names that are `needed`."""

    def __init__(self, texts):
        self.parameters, self.private, self.needed = set(), set(), set()
        for text in texts:
            try:
                tree = ast.parse(text)
            except SyntaxError:
                continue  # the compiler will say so
            self._module(tree)
            for node in ast.walk(tree):
                self._node(node)
        self.shared = (self.parameters | self.private) - self.needed - {"self", "_"}

    def _module(self, tree):
        for node in tree.body:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                for name in [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]:
                    # The compiler puts the value of a private const() in the place of its name.
                    constant = isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "const"
                    known = self.needed if constant or name[0] != "_" else self.private
                    known.add(name)

    def _node(self, node):
        if isinstance(node, ast.arg):
            self.parameters.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.needed.add(node.name)
            if isinstance(node, ast.ClassDef):
                self.needed.update(part.id for part in ast.walk(ast.Module(node.body, [])) if _is_stored(part))
        elif isinstance(node, ast.Attribute):
            self.needed.add(node.attr)
        elif isinstance(node, ast.keyword):
            self.needed.add(node.arg)
        elif isinstance(node, ast.alias):
            self.needed.update(_WORD.findall(node.name + " " + (node.asname or "")))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            self.needed.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            self.needed.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _is_stored(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id[0] != "_"


def shorten(text, shared):
    """The source `text` with the names in `shared` replaced, line by line."""
    short = {}
    lines = text.splitlines(keepends=True)
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.NAME]
    for token in tokens:
        if token.string in shared:
            short.setdefault(token.string, "_%d" % len(short))
    for token in reversed(tokens):
        if token.string in short:
            row, start = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:start] + short[token.string] + line[start + len(token.string) :]
    return "".join(lines)
