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


def shared(*texts):
    return Names(texts).shared


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


def test_names_in_text_stay():
    assert '"""amount _TABLE"""' in shorten('"""amount _TABLE"""\nx = _TABLE\n', {"amount", "_TABLE"})


def test_what_is_no_python_is_left_to_the_compiler():
    assert shared("def f(:", TEXT) == shared(TEXT)


def test_the_firmware_says_the_same_with_short_names():
    """Each function of it keeps its name and its number of parameters, at the same line."""
    sources = [
        path.read_text() for room in ("ocpp", "profiles", "hal") for path in (ROOT / room).rglob("*.py")
    ]
    names = shared(*sources)
    assert len(names) > 50
    for text in sources:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        before, after = (
            [
                (n.name, n.lineno, len(n.args.args))
                for n in ast.walk(ast.parse(source))
                if isinstance(n, kinds)
            ]
            for source in (text, shorten(text, names))
        )
        assert before == after


def test_it_runs(tmp_path):
    """A parameter, a closure and a loop with names of the same sort do not get in each other's way."""
    text = "def f(aa, bb):\n    def g(cc):\n        return aa - cc\n    return [g(dd) for dd in bb]\n"
    text += "print(f(5, [1, 2]))\n"
    program = tmp_path / "program.py"
    program.write_text(shorten(text, shared(text)))
    assert "_0" in program.read_text()
    assert subprocess.check_output([sys.executable, program], text=True) == "[4, 3]\n"
