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


def module(name):
    """The full name of the module in the file `name`."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def modules():
    """Full name of each module of the firmware that lies in its archive -> its file."""
    beside = ("boot.py", "main.py", "manifest.py", "slots.py", "slot_trial.py", "firmware_files.py")
    return {module(name): name for name in firmware() if name not in beside}


def imported(syntax, known):
    """(module of `known` that is imported, the function that does it, or None at the top) for each import."""
    where = {}
    for node in ast.walk(syntax):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for inner in ast.walk(node):
                where[inner] = node
    for node in ast.walk(syntax):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = ["%s.%s" % (node.module, alias.name) for alias in node.names]
            names = [name if name in known else node.module for name in whole]
        else:
            continue
        yield from ((name, where.get(node)) for name in names if name in known)
