"""An object shows its attributes: an attribute that a method sets is set in __init__ of its class or of a base."""

import ast

import pytest
from rooms import firmware, tree

ROOMS = ("app", "config", "hal", "web")


def classes(trees):
    """Name -> node of each class at the top of `trees`; of two with one name, their own file's goes first."""
    return {node.name: node for syntax in trees for node in syntax.body if isinstance(node, ast.ClassDef)}


def attributes(function):
    """(line, name) of each attribute of self that is set in it."""
    for node in ast.walk(function):
        stored = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if stored and getattr(node.value, "id", "") == "self":
            yield node.lineno, node.attr


def methods(node):
    return [part for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))]


def shown(node, known):
    """The attributes that __init__ of the class `node` and of its bases sets."""
    found = {name for method in methods(node) if method.name == "__init__" for _, name in attributes(method)}
    for base in node.bases:
        if getattr(base, "id", "") in known:
            found |= shown(known[base.id], known)
    return found


def hidden(syntax, known):
    """(line, attribute) that appears outside of __init__ only."""
    known = {**known, **classes([syntax])}
    for node in classes([syntax]).values():
        names = shown(node, known)
        for method in methods(node):
            yield from ((line, name) for line, name in attributes(method) if name not in names)


FILES = [name for name in firmware() if name.split("/")[0] in ROOMS]
EVERYWHERE = {
    (name.removesuffix(".py").removesuffix("/__init__").replace("/", "."), found): node
    for name in FILES for found, node in classes([tree(name)]).items()
}


def bases(name):
    """The classes that the file `name` imports, and those that their files import in turn."""
    found = {}
    waiting = [tree(name)]
    while waiting:
        for node in ast.walk(waiting.pop()):
            if not isinstance(node, ast.ImportFrom):
                continue
            for alias in node.names:
                if (node.module, alias.name) in EVERYWHERE and alias.name not in found:
                    found[alias.name] = EVERYWHERE[node.module, alias.name]
                    path = node.module.replace(".", "/")
                    waiting.append(tree(path + ".py" if path + ".py" in FILES else path + "/__init__.py"))
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_attribute_is_set_when_the_object_is_made(name):
    assert list(hidden(tree(name), bases(name))) == []


def test_a_hidden_attribute_is_found():
    base = ast.parse("class A:\n    def __init__(self):\n        self.a = 0\n")
    text = "class B(A):\n  b = 0\n  def f(self):\n    self.a = 1\n    self.b = 1\n    self.c, d = 1, 2\n"
    assert list(hidden(ast.parse(text), classes([base]))) == [(5, "b"), (6, "c")]
