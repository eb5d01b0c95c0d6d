"""Collects each `test_*` function of tests/unit twice: for MicroPython, and for CPython to measure coverage.

An id is tests/unit/hal/evse/test_x.py::micropython::test_y. One process, runner.py, runs the functions of a file.
A file whose first line begins "# micropython only:" is not run by CPython. With COVERAGE_FILE set, the
processes of CPython leave their measurements beside the file of that name, which makes them four times as
slow; not those of a file whose first line begins "# without coverage:".
"""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from limits import patient

ROOT = Path(__file__).resolve().parents[2]
SUPPORT = ROOT / "tests" / "support" / "unit"  # a process finds it first: runner.py lies there
MARK = "\x1e"
TIME_LIMIT_S = float(os.environ.get("UNIT_TIME_LIMIT_S", patient(60)))
ONLY_MICROPYTHON = b"# micropython only:"
WITHOUT_COVERAGE = b"# without coverage:"
LITTLEFS = b"# micropython only: it has littlefs"  # a flash in memory, and copies of it


def pytest_pycollect_makemodule(module_path, parent):
    return UnitFile.from_parent(parent, path=module_path)


class UnitFile(pytest.File):
    def collect(self):
        yield Run.from_parent(self, name="micropython")
        if not self.path.read_bytes().startswith(ONLY_MICROPYTHON):
            yield Run.from_parent(self, name="cpython")


class Run(pytest.Collector):
    """The functions of one file under one interpreter."""

    _results = None

    def collect(self):
        for node in ast.parse(self.path.read_bytes()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield Function.from_parent(self, name=node.name)
            elif isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_"):
                raise self.CollectError("%s is async: it would never run; use asyncio.run" % node.name)

    def result(self, name):
        """(outcome, what it printed, traceback); the first call runs the selected functions of the file."""
        if self._results is None:
            names = [item.name for item in self.session.items if item.parent is self]
            output, end = self._process(names)
            self._results = parse(output, names, end)
        return self._results[name]

    def _process(self, names):
        """Run `names`; all output, and how it ended."""
        text = self.path.read_bytes()
        if self.name == "micropython":
            command, environment = _micropython(self.path.parent, "8M" if text.startswith(LITTLEFS) else "4M")
        else:
            command, environment = _cpython(self.path.parent, not text.startswith(WITHOUT_COVERAGE))
        command += [SUPPORT / "runner.py", self.path.stem, *names]
        run = {"cwd": ROOT, "env": {**os.environ, **environment}, "timeout": TIME_LIMIT_S}
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **run)
        except subprocess.TimeoutExpired as expired:
            return _text(expired.stdout), "did not come back within %g s" % TIME_LIMIT_S
        return _text(done.stdout), "ended the process with status %d" % done.returncode


class Function(pytest.Item):
    def runtest(self):
        outcome, output, traceback = self.parent.result(self.name)
        if output:
            self.add_report_section("call", "output", output)
        if outcome != "passed":
            raise TestFailed(traceback)

    def repr_failure(self, excinfo):
        return str(excinfo.value) if isinstance(excinfo.value, TestFailed) else super().repr_failure(excinfo)

    def reportinfo(self):
        return self.path, None, "%s [%s]" % (self.name, self.parent.name)


class TestFailed(Exception):
    """Its text is the traceback that the interpreter printed."""


def _text(output):
    return (output or b"").decode("utf-8", "replace")


def parse(output, names, end):
    """name -> (outcome, output, traceback) from what runner.py printed; `end`: how the process ended."""
    results = {}
    current, printed = None, []
    for line in output.split("\n"):  # splitlines() would also split at the mark
        if not line.startswith(MARK):
            printed.append(line)
            continue
        outcome, name, *traceback = json.loads(line[len(MARK) :])
        if outcome == "start":
            current, printed = name, []
        else:
            results[name] = outcome, "\n".join(printed).strip(), traceback[0]
            current, printed = None, []
    end = "%s %s" % (current or "the import of the file", end)
    for name in names:
        told = name == current or current is None
        missing = ("failed", "\n".join(printed).strip(), end) if told else ("failed", "", "not run: " + end)
        results.setdefault(name, missing)
    return results


def _micropython(folder, heap):
    """The start of a command, and what it needs in its environment."""
    path = [folder, ROOT, ".frozen"]
    interpreter = Path(sys.executable).with_name("micropython")
    return [interpreter, "-X", "heapsize=" + heap], {"MICROPYPATH": ":".join(map(str, path))}


def _cpython(folder, measured):
    path = [folder, SUPPORT / "shim", ROOT]
    coverage = ["-m", "coverage", "run", "--parallel-mode"] if measured and "COVERAGE_FILE" in os.environ else []
    return [sys.executable, "-u", *coverage], {"PYTHONPATH": ":".join(map(str, path))}
