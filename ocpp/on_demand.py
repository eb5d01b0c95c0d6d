"""Code that is imported when it is needed and let go when memory is short (design 4): most of a charge point's code
runs once a minute, once a day or once in its life."""

import gc
import sys
import time

from micropython import const

# Bytes of free heap that are not much. Objects are twice as large on a PC, code is not.
_SHORT = 32000 if sys.maxsize > 0x7FFFFFFF else 20000
_OURS = ("assembly", "config", "microdot", "ocpp", "profiles", "vendors", "web")
_CALLING = ("ocpp", "profiles")
_PLENTY = const(100000)
_PAUSE_MS = const(500)  # to look at the heap takes a while
_RUNNING = const(7)  # the modules asked for last may be those that call each other at this moment
_loaded = {}  # name -> when it was asked for last, counted in such requests
_count = 0
_looked = 0


def load(name):
    """The module `name`, imported now if it is not in memory, or None if there is no such file.

    It and what it imports in its turn may go again at the next call that finds memory short: keep no reference."""
    global _count
    _count += 1
    if name in sys.modules:
        if name in _loaded:
            _loaded[name] = _count
        return sys.modules[name]
    make_room(_SHORT, _RUNNING)
    for keep in (_RUNNING, 0):
        try:
            return _import(name)
        except MemoryError:
            _let_go(keep)
    return _import(name)


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
            ours = new == name or ("." in new or new == "microdot") and new.split(".")[0] in _OURS
            if new not in before and ours:
                _loaded[new] = _count
    return sys.modules[name]


def plenty():
    """Whether there is room for what only saves time."""
    return gc.mem_free() > _PLENTY


def drop(everything=False):
    """Let go of what `load` has brought, when memory is short or `everything` is wanted."""
    global _looked
    if everything:
        _let_go(0)
    elif time.ticks_diff(time.ticks_ms(), _looked) > _PAUSE_MS:
        _looked = time.ticks_ms()
        make_room()


def make_room(needed=_SHORT, keep=0, piece=0):
    """Let go of code if there are not `needed` bytes free, or not `piece` bytes in one piece, so that there may be; not
    of the `keep` modules last asked for, if they are of those that call each other."""
    if gc.mem_free() < needed:
        gc.collect()
        if gc.mem_free() < needed:
            _let_go(keep)
            return
    try:
        bytearray(piece)
    except MemoryError:
        _let_go(keep)


def _let_go(keep):
    since = _count + 1
    if keep:
        since = (sorted(_loaded.values()) or [0])[-keep:][0]
    for name in list(_loaded):
        if _loaded[name] >= since and name.split(".")[0] in _CALLING:
            continue
        del _loaded[name]
        forget(name)
    gc.collect()


def forget(name):
    """Let go of one module; what still runs of it, or was made by it, stays as long as it is held."""
    package, _, module = name.rpartition(".")
    sys.modules.pop(name, None)
    if hasattr(sys.modules.get(package), module):
        delattr(sys.modules[package], module)
