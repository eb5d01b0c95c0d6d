"""The collector of the unit tests, tests/unit/conftest.py: what it makes of files that pass, fail, crash."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from limits import patient

UNIT = Path(__file__).resolve().parents[1] / "unit"
SUPPORT = UNIT.parent / "support" / "unit"

ONE_EACH = """
import sys

def test_good():
    pass

def test_only_there():
    assert sys.implementation.name == "micropython"

def helper():
    raise ValueError
"""

BAD = """
def test_bad():
    print("said before")
    raise ValueError("why")
"""

CRASH = """
import os
import micropython

def test_1():
    pass

def test_2():
    print("last words")
    if hasattr(os, "abort"):
        os.abort()

    @micropython.viper
    def crash():
        ptr8(0)[0] = 0

    crash()

def test_3():
    pass
"""

HANG = """
def test_1():
    pass

def test_2():
    while True:
        pass
"""

NO_IMPORT = """
import nowhere

def test_1():
    pass

def test_2():
    pass
"""

TWO = """
def test_1():
    print("one")
    raise ValueError

def test_2():
    raise KeyError
"""

REPLACES = """
import seen

def test_1():
    seen.f = None

def test_2():
    seen.print = lambda *words: None

def test_3():
    pass

def test_4():
    real, seen.f = seen.f, None
    seen.f = real
"""

LEFT_TASK = """
import asyncio

async def other():
    await asyncio.sleep_ms(0)
    print("ran")

async def start():
    asyncio.create_task(other())

def test_1():
    asyncio.run(start())

def test_2():
    print("two")
    asyncio.run(asyncio.sleep_ms(20))
    raise ValueError
"""


@pytest.fixture
def run(tmp_path):
    """run(text of test_a.py, *options, **environment): outcomes by id, and all that pytest printed."""
    unit = tmp_path / "tests" / "unit"
    unit.mkdir(parents=True)
    shutil.copy(UNIT / "conftest.py", unit)
    support = unit.parent / "support" / "unit"
    support.mkdir(parents=True)
    shutil.copy(SUPPORT / "runner.py", support)
    for name in ("conftest.py", "limits.py", "parts.py"):
        shutil.copy(UNIT.parent / name, unit.parent)
    shutil.copytree(SUPPORT / "shim", support / "shim", ignore=shutil.ignore_patterns("__pycache__"))

    def start(text, *options, **changes):
        (unit / "test_a.py").write_text(text)
        command = [Path(sys.executable).with_name("pytest"), "-v", "-rN", "-p", "no:cacheprovider", "tests"]
        ours = ("PYTEST", "COVERAGE")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        environment.update(changes)
        done = subprocess.run(
            command + list(options), cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=patient(10)
        )
        outcomes = re.findall(r"^tests/unit/test_a.py::(\S+) (PASSED|FAILED)", done.stdout, re.M)
        return dict(outcomes), done.stdout

    return start


def test_each_function_is_an_item_of_both_interpreters(run):
    outcomes, output = run(ONE_EACH)
    assert outcomes == {
        "micropython::test_good": "PASSED",
        "micropython::test_only_there": "PASSED",
        "cpython::test_good": "PASSED",
        "cpython::test_only_there": "FAILED",
    }
    assert "line 8, in test_only_there" in output and "AssertionError" in output


def test_a_failure_shows_traceback_and_output(run):
    outcomes, output = run(BAD)
    assert list(outcomes.values()) == ["FAILED", "FAILED"]
    assert output.count("said before") == output.count("ValueError: why") == 2


def test_a_file_for_micropython_only(run):
    outcomes, _ = run("# micropython only: it says so\n\ndef test_x():\n    pass\n")
    assert outcomes == {"micropython::test_x": "PASSED"}


def test_a_crash_fails_the_test_and_those_after_it(run):
    outcomes, output = run(CRASH)
    for interpreter in ("micropython", "cpython"):
        found = [outcomes["%s::test_%d" % (interpreter, n)] for n in (1, 2, 3)]
        assert found == ["PASSED", "FAILED", "FAILED"], output
    assert len(re.findall(r"^not run: test_2 ended the process with status -\d+$", output, re.M)) == 2, output
    assert len(re.findall(r"^last words$", output, re.M)) == 2, output


def test_a_test_that_hangs_is_stopped(run):
    outcomes, output = run(HANG, UNIT_TIME_LIMIT_S="1")
    assert outcomes["micropython::test_1"] == outcomes["cpython::test_1"] == "PASSED"
    assert len(re.findall("^test_2 did not come back within 1 s", output, re.M)) == 2, output


def test_a_file_that_does_not_import_fails_all_its_tests(run):
    outcomes, output = run(NO_IMPORT)
    assert list(outcomes.values()) == ["FAILED"] * 4
    assert "nowhere" in output and "the import of the file ended the process with status 1" in output


def test_an_async_test_would_never_run_and_is_refused(run):
    _, output = run("async def test_1():\n    raise ValueError\n")
    assert "test_1 is async: it would never run" in output


def test_a_selected_test_runs_alone(run):
    outcomes, output = run(TWO, "-k", "test_2")
    assert list(outcomes) == ["micropython::test_2", "cpython::test_2"]
    assert "KeyError" in output and not re.search("^one$", output, re.M)


def test_a_test_leaves_no_task_to_the_next(run):
    _, output = run(LEFT_TASK)
    assert len(re.findall("^two$", output, re.M)) == 2 and not re.search("^ran$", output, re.M)


def test_a_test_that_leaves_something_replaced_fails(run, tmp_path):
    (tmp_path / "seen.py").write_text("def f():\n    return 1\n")
    outcomes, output = run(REPLACES)
    found = [outcomes["cpython::test_%d" % number] for number in (1, 2, 3, 4)]
    assert found == ["FAILED", "FAILED", "PASSED", "PASSED"], output
    assert "it leaves replaced: seen.f" in output and "it leaves replaced: seen.print" in output


def test_coverage_is_measured_under_cpython(run, tmp_path):
    (tmp_path / "seen.py").write_text("def f():\n    return 1\n")
    run("import seen\n\ndef test_1():\n    assert seen.f() == 1\n", COVERAGE_FILE=str(tmp_path / "data"))
    assert len(list(tmp_path.glob("data.*"))) == 1
    outcomes, _ = run("# without coverage: why\ndef test_1():\n    pass\n", COVERAGE_FILE=str(tmp_path / "other"))
    assert outcomes["cpython::test_1"] == "PASSED" and not list(tmp_path.glob("other*"))
