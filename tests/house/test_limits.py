"""No test says in seconds how soon something has to be: a machine that has other work is slow, see tests/limits.py."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
FILES = sorted(path for path in TESTS.rglob("*.py") if "unit" not in path.parts and "board" not in path.parts)
WAITS = {"run", "communicate", "wait", "wait_for", "create_connection", "HTTPConnection", "recv"}
OURS = ("csms", "firmware", "self", "outage")  # their waits take the seconds of a quiet machine


def upper_bounds(tree):
    """Lines in which a time that has passed is compared with a number that it must not reach."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for operator, small, large in zip(node.ops, sides, sides[1:], strict=False):
                if isinstance(operator, ast.Gt | ast.GtE):
                    small, large = large, small
                elif not isinstance(operator, ast.Lt | ast.LtE):
                    continue
                if is_elapsed(small) and isinstance(large, ast.Constant):
                    yield node.lineno


def is_elapsed(node):
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Sub)
        and (ast.unparse(node.left).endswith(".at") or "monotonic()" in ast.unparse(node))
    )


def bare_limits(tree):
    """Lines in which a process, a socket or a thread is waited for with a number of seconds."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WAITS):
            continue
        if ast.unparse(node.func.value).split(".")[0] in OURS:
            continue
        for keyword in node.keywords:
            if keyword.arg == "timeout" and isinstance(keyword.value, ast.Constant):
                yield node.lineno


CHECKS = {"upper_bounds": upper_bounds, "bare_limits": bare_limits}


@pytest.mark.parametrize("check", CHECKS)
def test_limits_come_from_one_place(check):
    found = []
    for path in FILES:
        lines = CHECKS[check](ast.parse(path.read_bytes()))
        found += ["%s:%d" % (path.relative_to(TESTS), number) for number in lines]
    assert not found, "use patient(), or compare with something that happens in the same run"


@pytest.mark.parametrize(
    "check, text",
    [
        ("upper_bounds", "time.monotonic() - began < 5"),
        ("upper_bounds", "0.5 < later.at - earlier.at < 2"),
        ("upper_bounds", "8 > time.monotonic() - began"),
        ("bare_limits", "subprocess.run(command, timeout=5)"),
        ("bare_limits", "process.communicate(timeout=5)"),
    ],
)
def test_the_check_finds_what_it_is_for(check, text):
    assert list(CHECKS[check](ast.parse(text))) == [1]


@pytest.mark.parametrize(
    "text",
    ["time.monotonic() - began < patient(1)", "later.at - earlier.at > 0.5", "csms.wait('it', it, timeout=5)"],
)
def test_the_check_lets_through_what_is_right(text):
    tree = ast.parse(text)
    assert not [*upper_bounds(tree), *bare_limits(tree)]
