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


class replaced:
    """Use with `with`: attributes of a module or class have other values in the block, and their own ones after it:
    replaced(log, warning=lines.append). One that the module does not have, as print, is gone again."""

    def __init__(self, place, **values):
        self.place, self.values, self.before = place, values, {}

    def __enter__(self):
        for name in self.values:
            if hasattr(self.place, name):
                self.before[name] = getattr(self.place, name)
            setattr(self.place, name, self.values[name])

    def __exit__(self, *error):
        for name in self.values:
            if name in self.before:
                setattr(self.place, name, self.before[name])
            else:
                delattr(self.place, name)


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
