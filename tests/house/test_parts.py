"""How the tests are spread over the workers of pytest-xdist, see tests/parts.py."""

from pathlib import Path
from types import SimpleNamespace

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


def test_long_ones_come_first_and_the_rest_is_mixed():
    """The tests of a part stay together."""
    e2e = ["tests/e2e/test_%s.py::test_%d" % (file, number) for file in ("a", "connect") for number in range(3)]
    unit = ["tests/unit/test_%d.py::cpython::test_%d" % (file, number) for file in range(3) for number in range(2)]
    items = [SimpleNamespace(nodeid=nodeid) for nodeid in [*e2e, *unit]]
    mixed = [unit[0:2], e2e[0:1], unit[2:4], e2e[1:2], e2e[2:3], unit[4:6]]
    given = [item.nodeid for item in parts.ordered(items)]
    assert sorted(given) == sorted([*e2e, *unit]) and given[:3] == e2e[3:]
    places = [given.index(part[0]) for part in mixed]
    assert all(given[at : at + len(part)] == part for at, part in zip(places, mixed, strict=True))
    assert min(map(given.index, unit)) < max(map(given.index, e2e[:3])) and given[-1] in unit
