"""What unit tests share; runs under MicroPython and CPython."""

import asyncio
import binascii
import os

_HANG_S = 100
_PROCESS = binascii.hexlify(os.urandom(6)).decode()


def raises(expected, function, *args):
    """Return the exception of class `expected` that `function(*args)` raises; fail if it raises none."""
    try:
        function(*args)
    except expected as error:
        return error
    raise AssertionError("%s not raised" % expected.__name__)


async def finish(awaitable):
    """What `awaitable` returns; asyncio.TimeoutError when it hangs. No test takes a tenth of this limit on a quiet
    machine; conftest.py has that of a whole file."""
    return await asyncio.wait_for(awaitable, _HANG_S)


def folder(name):
    """A new empty folder below build/unit, this process' own, for test files run side by side."""
    path = "build"
    for part in ("unit", _PROCESS, name):
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
