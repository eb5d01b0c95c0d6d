"""tools/shorten.py: names that nobody sees are shared, and nothing else changes."""

import ast
import subprocess
import sys

from rooms import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from shorten import Names, shorten  # noqa: E402

TEXT = '''"""A module."""
from micropython import const

_TABLE = (1, 2)
_BYTES = const(7)
PUBLIC = 3


class Thing:
    size = 5

    def grow(self, amount, times=1):
        amount_too = [amount for _ in range(times)]
        return sum(amount_too) + self.size + _TABLE[0] + _BYTES


def build(first, second):
    def inner(first):
        return f"{second} {first}"

    return Thing().grow(first, times=inner(second) == "")
'''


def named(texts):
    return {"%d.py" % at: text for at, text in enumerate(texts)}


def shared(*texts):
    """The names that the first of `texts` shares with others of a build."""
    return Names(named(texts)).of("0.py")


def test_parameters_and_private_values_are_shared():
    assert shared(TEXT) == {"amount", "_TABLE"}
    short = shorten(TEXT, shared(TEXT))
    assert "def grow(self, _1, times=1):" in short and "_0 = (1, 2)" in short and "_BYTES = const(7)" in short
    assert len(short.splitlines()) == len(TEXT.splitlines())


def test_what_another_file_needs_stays():
    for other in (
        "x.amount = 1",
        "f(amount=1)",
        "from a import amount",
        'getattr(x, "amount")',
        "amount = 1",
        "def amount(): pass",
    ):
        assert "amount" not in shared(TEXT, other), other


def test_the_names_of_modules_stay():
    text = "from .fields import A\nfrom hal.things import B\n\n\ndef f(fields, things, other):\n    return fields\n"
    assert shared(text) == {"other"}


def test_names_in_text_stay():
    assert '"""amount _TABLE"""' in shorten('"""amount _TABLE"""\nx = _TABLE\n', {"amount", "_TABLE"})


def test_what_is_no_python_is_left_to_the_compiler():
    assert shared(TEXT, "def f(:") == shared(TEXT)


MEMBERS = """class Pump(Base):
    def __init__(self):
        self._level = self.size = 0

    def _fill(self):
        self._level += 1
"""


def test_what_a_class_keeps_to_itself_is_shared():
    assert shared(MEMBERS) == {"_level", "_fill"}
    short = shorten(MEMBERS, shared(MEMBERS))
    assert "self._0 = self.size" in short and "def _1(self)" in short and "__init__" in short


def test_what_others_use_of_a_class_stays():
    for other in ("pump._level = 1", 'getattr(x, "_level")', "from pump import _level", "f(_level=1)"):
        assert shared(MEMBERS, other) == {"_fill"}, other


BASE = "class Base:\n    def _go(self):\n        self._speed = 1\n"
CHILD = "class Fast(Pump):\n    def _go(self):\n        self._level = self._most = 2\n"


def test_the_members_of_parents_and_children_have_the_same_names_in_all_of_them():
    """They share objects."""
    names = Names(named((MEMBERS, BASE, CHILD)))
    family = names.family("0.py")
    assert set(family) == {"_level", "_fill", "_go", "_speed"} and len(set(family.values())) == 4
    assert family == names.family("1.py") == names.family("2.py")
    assert [names.of(file) for file in ("0.py", "1.py")] == [set(), set()]
    assert names.of("2.py") == {"_most"}  # no parent knows it


def test_children_share_no_objects():
    other = "class Slow(Pump):\n    def _stop(self):\n        self._level = 1\n"
    names = Names(named((MEMBERS, CHILD, other)))
    assert names.of("1.py") == {"_most", "_go"} and names.of("2.py") == {"_stop"}


def test_of_classes_with_one_name_the_imported_one_is_the_parent():
    child = "from wells.deep import Well\n\n\nclass Hole(Well):\n    def _dig(self):\n        self._water = 1\n"
    wells = ["class Well:\n    def _%s(self):\n        self._water = 2\n" % name for name in ("in", "out")]
    names = Names({"hole.py": child, "wells/deep.py": wells[0], "wells/old.py": wells[1]})
    assert set(names.family("hole.py")) == {"_in", "_water"}
    assert names.family("wells/old.py") == {} and names.of("wells/old.py") == {"_out", "_water"}


def test_a_private_value_is_short_whatever_is_a_constant_elsewhere():
    """The compiler puts the value of such a constant in the place of its name."""
    other = "from micropython import const\n_TABLE = const(7)\n\n\ndef f():\n    return _TABLE\n"
    assert shared(TEXT, other) == {"amount", "_TABLE"}
    assert "_TABLE" not in Names(named((TEXT, other))).of("1.py")


def test_the_firmware_says_the_same_with_short_names():
    """Each public function keeps its name, and each its line and its number of parameters."""
    rooms = ("ocpp", "profiles", "hal", "app", "config", "updates", "transfers", "web", "x509")
    sources = {str(path): path.read_text() for room in rooms for path in (ROOT / room).rglob("*.py")}
    names = Names(sources)
    assert len(names.shared) > 50
    for file, text in sources.items():
        before, after = (functions(source) for source in (text, shorten(text, names.of(file))))
        assert before == after


def functions(source):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (node.name if node.name[0] != "_" or node.name[:2] == "__" else "", node.lineno, len(node.args.args))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, kinds)
    ]


def test_it_runs(tmp_path):
    """A parameter, a closure and a loop with names of the same sort do not get in each other's way."""
    text = "def f(aa, bb):\n    def g(cc):\n        return aa - cc\n    return [g(dd) for dd in bb]\n"
    text += "print(f(5, [1, 2]))\n"
    program = tmp_path / "program.py"
    program.write_text(shorten(text, shared(text)))
    assert "_0" in program.read_text()
    assert subprocess.check_output([sys.executable, program], text=True) == "[4, 3]\n"
