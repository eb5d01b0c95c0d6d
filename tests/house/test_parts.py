"""How the tests are spread over the workers of pytest-xdist, see tests/parts.py."""

from pathlib import Path

import parts
import pytest

TESTS = Path(__file__).resolve().parents[1]
FILES = [path.relative_to(TESTS.parent).as_posix() for path in sorted(TESTS.rglob("test_*.py"))]


@pytest.mark.parametrize("beginning", parts.LONG)
def test_what_takes_long_is_there(beginning):
    assert any(map(parts.is_long, [file for file in FILES if file.startswith(beginning)]))


@pytest.mark.parametrize(
    "nodeid, part",
    [
        ("tests/e2e/test_a.py::test_b[c::d]", "tests/e2e/test_a.py::test_b[c::d]"),
        ("tests/unit/test_a.py::cpython::test_b", "tests/unit/test_a.py::cpython"),
        ("tests/house/test_a.py::test_b", "tests/house/test_a.py"),
    ],
)
def test_what_runs_in_one_worker(nodeid, part):
    """One process runs the functions of a unit test file under one interpreter; fixtures of a module are made once."""
    assert parts.part_of(nodeid) == part
