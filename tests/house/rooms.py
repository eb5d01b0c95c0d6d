"""The files of the checkout, for the tests of the house rules."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


@cache
def tree(name):
    """The syntax tree of the file `name`, relative to the checkout."""
    return ast.parse((ROOT / name).read_bytes(), name)


def firmware():
    """Names of all Python files that go to the board, or stand in for a part of it on a PC."""
    names = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in [*names, *ROOT.glob("*.py")])


def tools():
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tools").rglob("*.py"))


def room(name):
    """The first folder of a file's name; of a file in no folder, its own name."""
    return name.split("/")[0].removesuffix(".py")


def imports(name, syntax):
    """(line, full name of the module) of each import in the file `name`, at whatever depth."""
    package = name.split("/")[:-1]
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            if node.module:
                yield node.lineno, ".".join(base)
            else:
                yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)
