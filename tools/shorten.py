"""Names that nobody sees, shared by all files of a build: every name in a .mpy file stays in the board's memory for
ever, whether its module is unloaded or not. This is worth 1,100 names, 5.7 kB of the board's heap, 5 % (`make size`).

Parameters that no call names, private values of a module, and what begins with an underscore in the classes of one
file become _0, _1, ... in each file again; what begins so in classes that derive from each other, in several files,
becomes _100, _101, ... in each such family again. Lines, public functions and attributes, and keywords keep theirs, so
a traceback tells the place as before.
"""

import ast
import io
import re
import tokenize
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z_]\w*")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_FIRST_OF_FAMILY = 100


class Names:
    """What the sources of a build (`texts`: file name -> text) use: `parameters`, `private` values of modules, the
    `members` (private attributes and functions of each file), and names that are `needed`."""

    def __init__(self, texts):
        self.parameters, self.private, self.needed = set(), set(), set()
        self.members, self._made = {}, {}  # file -> names;  file -> those of them that it gives to an object
        self._classes, self._bases = {}, {}  # class -> files;  file -> classes it derives from
        self._imports = {}  # file -> words of its import statements
        self._constants = {}  # file -> names of which the compiler puts the values in their place
        for name, text in texts.items():
            try:
                tree = ast.parse(text)
            except SyntaxError:
                continue  # the compiler will say so
            self.members[name], self._made[name], self._bases[name], self._imports[name] = set(), set(), set(), set()
            self._constants[name] = set()
            self._module(name, tree)
            for node in ast.walk(tree):
                self._node(node)
                self._member(name, node)
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    self._imports[name].update(_WORD.findall(ast.unparse(node)))
        self.shared = (self.parameters | self.private) - self.needed - {"self", "_"}
        # Who uses a name without giving it to an object means that of a class elsewhere.
        self._open = set().union(
            *(self._of_family(name, self.members) - self._of_family(name, self._made) for name in self.members)
        )

    def _module(self, file, tree):
        for node in tree.body:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                for name in [part.id for part in ast.walk(target) if isinstance(part, ast.Name)]:
                    constant = isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "const"
                    known = self.private if name[0] == "_" else self.needed
                    (self._constants[file] if constant and name[0] == "_" else known).add(name)

    def _node(self, node):
        if isinstance(node, ast.arg):
            self.parameters.add(node.arg)
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            if not _is_private(node.name):
                self.needed.add(node.name)
            if isinstance(node, ast.ClassDef):
                self.needed.update(part.id for part in ast.walk(ast.Module(node.body, [])) if _is_stored(part))
        elif isinstance(node, ast.Attribute) and not _is_private(node.attr):
            self.needed.add(node.attr)
        elif isinstance(node, ast.keyword):
            self.needed.add(node.arg)
        elif isinstance(node, ast.ImportFrom):
            self.needed.update(_WORD.findall(node.module or ""))
        elif isinstance(node, ast.alias):
            self.needed.update(_WORD.findall(node.name + " " + (node.asname or "")))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            self.needed.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            self.needed.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name))

    def _member(self, file, node):
        members, made = self.members[file], self._made[file]
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and _is_private(node.name):
            made.add(node.name)
        elif isinstance(node, ast.Attribute) and _is_private(node.attr):
            members.add(node.attr)
            if isinstance(node.ctx, ast.Store) and getattr(node.value, "id", "") == "self":
                made.add(node.attr)
        if isinstance(node, ast.ClassDef):
            self._classes.setdefault(node.name, set()).add(file)
            made.update(
                part.id
                for part in ast.walk(ast.Module(node.body, []))
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and _is_private(part.id)
            )
            self._bases[file].update(
                base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases
            )
        members |= made

    def of(self, file):
        """The names that are short in the source `file`; not those of family()."""
        own = self._private(self.members.get(file, set())) - set(self.family(file))
        kept = set().union(*self.members.values()) - own
        return self.shared - kept - self._constants.get(file, set()) | own

    def family(self, file):
        """Name -> short name of those that classes in the source `file` may share with classes of other files."""
        family = self._family(file)
        parents = {parent for child in family for parent in self._parents(child) - {child}} & family
        names = sorted(self._private(set().union(*(self.members[parent] for parent in parents))))
        return {name: "_%d" % (_FIRST_OF_FAMILY + at) for at, name in enumerate(names)}

    def _private(self, names):
        return names - self._open - self.needed

    def _of_family(self, file, names):
        return set().union(*(names.get(member, set()) for member in self._family(file)))

    def _family(self, file):
        """The files whose classes derive from each other: one object has the members of all of them."""
        family, found = set(), {file} & set(self.members)
        while found != family:
            family = set(found)
            for other in self._bases:
                parents = self._parents(other)
                if other in family:
                    found |= parents
                elif parents & family:
                    found.add(other)
        return family or {file}

    def _parents(self, file):
        """The files with the classes that those of the source `file` derive from."""
        return set().union(*(self._where(base, file) for base in self._bases.get(file, ())))

    def _where(self, base, file):
        """The files with the class of the name `base` that the source `file` may derive from: of several those that it
        imports."""
        files = self._classes.get(base, set())
        known = {other for other in files if other == file or self._imports[file] & {*_WORD.findall(other)[-2:-1]}}
        return known or files


def _is_private(name):
    return name[0] == "_" and name[:2] != "__" and name != "_"


def _is_stored(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id[0] != "_"


def shorten(text, shared):
    """The source `text` with the names in `shared` replaced by _0, _1, ..., line by line."""
    short = {}
    for token in _names_in(text):
        if token.string in shared and token.string not in short:
            short[token.string] = "_%d" % len(short)
    return replaced(text, short)


def replaced(text, names):
    """The source `text` with each name of `names` (name -> another) replaced, line by line."""
    lines = text.splitlines(keepends=True)
    for token in reversed(_names_in(text)):
        if token.string in names:
            row, start = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:start] + names[token.string] + line[start + len(token.string) :]
    return "".join(lines)


@lru_cache(None)  # all trees have the same sources
def _names_in(text):
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token for token in tokens if token.type == tokenize.NAME]
