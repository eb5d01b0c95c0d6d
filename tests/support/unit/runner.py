"""Runs the test functions of one file, under MicroPython and under CPython: runner.py MODULE FUNCTION...

Before and after each test a line on stdout, the mark and JSON: ["start", name], [outcome, name, traceback].
"""

import sys

if sys.implementation.name == "cpython":
    import install  # noqa: F401  from the folder shim

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


def main(name, functions):
    """Run `functions` of the module `name` in this order."""
    if sys.implementation.name == "micropython":
        gc.threshold(65536)  # as the firmware does, so that what stays lies close together
    module = __import__(name)
    for function in functions:
        _tell("start", function)
        try:
            getattr(module, function)()
        except BaseException as error:
            _tell("failed", function, _traceback(error))
        else:
            _tell("passed", function, "")
        if sys.implementation.name == "micropython":
            asyncio.new_event_loop()  # it would keep the tasks of this test for the next
            gc.collect()


main(sys.argv[1], sys.argv[2:])
