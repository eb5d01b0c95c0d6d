"""Core knows no other profile: it asks them by the interface that profiles/__init__.py documents."""

import ast
import re

import pytest
from rooms import firmware, imports, tree

FOLDERS = {name.split("/")[1] for name in firmware() if name.startswith("profiles/") and name.count("/") > 1}
ASKED = ("ocpp/", "profiles/")


def interface():
    """The names of all that a profile may be asked, as the docstring of Profile has them."""
    (profile,) = [node for node in tree("profiles/__init__.py").body if isinstance(node, ast.ClassDef)]
    return set(re.findall(r"^      (\w+)\(", ast.get_docstring(profile, clean=False), re.M))


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
    assert asked == interface()


def words(node):
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return set(" ".join(texts).split())


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_a_profile_answers_what_it_says(folder):
    """Each question in its `answers` is one of the interface, and a function of the module `answering`."""
    (profile,) = [node for node in tree("profiles/%s/__init__.py" % folder).body if isinstance(node, ast.ClassDef)]
    answers, module = set(), None
    for node in profile.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "answering":
            module = node.value.value
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "answers":
            answers = words(node)
    body = tree("profiles/%s/%s.py" % (folder, module)).body if module else []
    for node in body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ANSWERS":
            answers = words(node)  # given to the profile while there is something to answer
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    assert answers <= interface() and answers <= functions
    assert functions & interface() == answers, "asked for in vain"
