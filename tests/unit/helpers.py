"""What unit tests share; runs under MicroPython and CPython."""

import os
import sys


def raises(expected, function, *args):
    """Return the exception of class `expected` that `function(*args)` raises; fail if it raises none."""
    try:
        function(*args)
    except expected as error:
        return error
    raise AssertionError("%s not raised" % expected.__name__)


def folder(name):
    """A new empty folder below build/unit, relative to the checkout that the tests run in."""
    path = "build"
    for part in ("unit", sys.implementation.name, name):
        _make(path)
        path += "/" + part
    _make(path)
    for entry in os.listdir(path):
        _remove(path + "/" + entry)
    return path


def _make(path):
    try:
        os.mkdir(path)
    except OSError:
        os.stat(path)


def _remove(path):
    try:
        os.remove(path)
    except OSError:
        for entry in os.listdir(path):
            _remove(path + "/" + entry)
        os.rmdir(path)
