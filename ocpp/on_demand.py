"""Code that is imported when it is needed and let go when memory is short (design 4): most of a charge point's code
runs once a minute, once a day or once in its life."""

import gc
import sys
import time

from micropython import const

_SHORT = const(24000)  # bytes of free heap
_OURS = ("assembly", "config", "ocpp", "profiles", "vendors", "web")
_PLENTY = const(100000)
_PAUSE_MS = const(500)  # to look at the heap takes a while
_loaded = []
_looked = 0


def load(name):
    """The module `name`, imported now if it is not in memory, or None if there is no such file.

    It and what it imports in its turn may go again at the next call that finds memory short: keep no reference."""
    if name not in sys.modules:
        _make_room()
        try:
            return _import(name)
        except MemoryError:
            _let_go()
            return _import(name)
    return sys.modules[name]


def _import(name):
    before = set(sys.modules)
    try:
        __import__(name)
    except ImportError as error:
        if str(error)[17:-1] not in name:
            raise
        return None
    finally:
        for new in sys.modules:
            if new not in before and "." in new and new.split(".")[0] in _OURS:
                _loaded.append(new)
    return sys.modules[name]


def plenty():
    """Whether there is room for what only saves time."""
    return gc.mem_free() > _PLENTY


def drop(everything=False):
    """Let go of what `load` has brought, when memory is short or `everything` is wanted."""
    global _looked
    if everything:
        _let_go()
    elif time.ticks_diff(time.ticks_ms(), _looked) > _PAUSE_MS:
        _looked = time.ticks_ms()
        _make_room()


def _make_room():
    if gc.mem_free() < _SHORT:
        gc.collect()
        if gc.mem_free() < _SHORT:
            _let_go()


def _let_go():
    while _loaded:
        name = _loaded.pop()
        package, _, module = name.rpartition(".")
        sys.modules.pop(name, None)
        if hasattr(sys.modules.get(package), module):
            delattr(sys.modules[package], module)
    gc.collect()
