"""Runs the test functions of one file, under MicroPython and under CPython: runner.py MODULE FUNCTION...

Before and after each test a line on stdout, the mark and JSON: ["start", name], [outcome, name, traceback].
Under CPython a test fails that leaves something replaced in a module of the firmware.
"""

import sys

if sys.implementation.name == "cpython":
    import install  # noqa: F401  from the folder shim
    import replacements

import asyncio
import gc
import io
import json

MARK = "\x1e"


def _traceback(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    return text.getvalue()


def _tell(*words):
    print("\n" + MARK + json.dumps(words))


def _run(function):
    """Its traceback, or "" if it has passed."""
    before = replacements.taken() if sys.implementation.name == "cpython" else None
    try:
        function()
    except BaseException as error:
        return _traceback(error)
    left = replacements.left(before) if before is not None else None
    return "it leaves replaced: " + ", ".join(left) if left else ""


def main(name, functions):
    """Run `functions` of the module `name` in this order."""
    if sys.implementation.name == "micropython":
        gc.threshold(65536)  # as the firmware does, so that what stays lies close together
    module = __import__(name)
    for function in functions:
        _tell("start", function)
        traceback = _run(getattr(module, function))
        _tell("failed" if traceback else "passed", function, traceback)
        if sys.implementation.name == "micropython":
            asyncio.new_event_loop()  # it would keep the tasks of this test for the next
            gc.collect()


main(sys.argv[1], sys.argv[2:])
