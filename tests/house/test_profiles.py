"""Core knows no other profile: it asks them by the interface that profiles/__init__.py documents."""

import ast

import pytest
from rooms import firmware, imports, tree

FOLDERS = {name.split("/")[1] for name in firmware() if name.startswith("profiles/") and name.count("/") > 1}
ASKED = ("ocpp/", "profiles/")


def interface():
    """The names of all that a profile may be asked."""
    (profile,) = [node for node in tree("profiles/__init__.py").body if isinstance(node, ast.ClassDef)]
    return {node.targets[0].id for node in profile.body if isinstance(node, ast.Assign)} - {"keys"}


def siblings(name, syntax):
    others = FOLDERS - {"core"}
    return [module for _, module in imports(name, syntax) if module.split(".")[0] == "profiles"
            and module.split(".")[1:2] and module.split(".")[1] in others]


@pytest.mark.parametrize("name", [name for name in firmware() if name.startswith("profiles/core/")])
def test_core_imports_no_other_profile(name):
    assert siblings(name, tree(name)) == []
    assert not [node.lineno for node in ast.walk(tree(name)) if getattr(node, "id", "") == "hasattr"]


def test_an_import_of_another_profile_is_found():
    assert siblings("profiles/core/reset.py", ast.parse("def f():\n    from profiles.reservation import rules"))


def questions(syntax):
    """The first argument of each call of ask()."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "ask" and node.args:
            if isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def test_what_is_asked_is_what_the_interface_documents():
    asked = {question for name in firmware() if name.startswith(ASKED) for question in questions(tree(name))}
    assert asked == interface() - {"start"}


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_profile_answers_nothing_that_nobody_asks(folder):
    """A method that is spelt otherwise than in the interface would never be called; others are named by no question."""
    names = interface()
    near = {name.replace("_", "") for name in names}
    for node in ast.walk(tree("profiles/%s/__init__.py" % folder)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert node.name in names or node.name.replace("_", "") not in near, node.name
