"""Decides which modules of the firmware are in memory; no other module knows (architecture.md, Memory).

Most code of a charge point runs once a minute, once a day or once in its life. A function that needs such a module
imports it with an ordinary import statement. When memory is short, the modules that are not RESIDENT are unloaded,
first those that were not imported for the longest time; the next import statement loads them again from the archive, in
some 10 ms.

Code has to obey two rules. Long-lived objects, their classes, and exceptions that are caught by class belong into a
RESIDENT module, or there are two of each class. And a frame that never ends must not hold a module in a variable: there
`import a.b` and a.b.f() keep only the package. Relative imports are not used, for a replaced __import__ cannot tell
where they come from.
"""

import builtins
import gc
import sys
import time

from micropython import const

import heap
from heap import free, grown
import modules

# Modules that are never unloaded, besides all packages and, by their first name, all of hal but ONCE.
RESIDENT = (
    " app.panel"
    " _scan _scan_py json_states ocpp.engine.registration ocpp.errors ocpp.log.ring ocpp.outbox.queued"
    " ocpp.rpc.refusing ocpp.websocket._mask ocpp.websocket._mask_py ocpp.websocket.frames ocpp.websocket.reading"
    " profiles.core.connector profiles.core.metering profiles.core.status_reports profiles.core.statuses"
    " profiles.core.transaction "
)
ONCE = (
    " hal.calibrate hal.card.mfrc522_card hal.drivers.build_connector hal.drivers.build_enclosure hal.drivers.colours"
    " hal.esp32._flash_map hal.esp32.chip hal.esp32.file_blocks hal.esp32.flash_map hal.esp32.pins hal.esp32.wires"
    " hal.evse.fault_texts hal.evse.self_test hal.meter.maps "
)
_LEVERS = "hal.sim.lever_"
_FACELESS = ".calls"  # folders with nothing in their __init__.py: no module stands for them, each would take 200 bytes
_OURS = ("app", "config", "hal", "names", "ocpp", "profiles", "updates", "transfers", "vendors", "web", "x509")
_OURS += ("_scan", "_scan_py", "json_states", "strict_json")
_WORD = 2 if sys.maxsize > 0x7FFFFFFF else 1  # objects on a 64-bit PC are twice as large
_MESSAGE_BYTES = _WORD * 18000  # bytes free below which memory is short: what a message and the code for it may take
_ENOUGH_BYTES = _WORD * 300000  # bytes of heap in all with which nothing is ever unloaded
_SPARE_BYTES = _WORD * 50000  # bytes free that may be used to save time
_LONG_ANSWER_BYTES = _WORD * 32000  # bytes free for that, beside the code that makes it
_RECENT_COUNT = const(3)  # modules imported last: those that call each other at this moment
_PIECES = const(5)  # times a piece that are free where there is probably one
_PAUSE_MS = const(500)  # between two looks at the heap, for one takes a while

least = None  # the fewest bytes that were free after a look, and of ESP-IDF's heap
least_of_idf = None
_import = builtins.__import__
_used = {}  # name of a module that may be unloaded -> number of its last import statement
_waiting = {}  # name of a module -> how many of its frames wait for something
_count = 0
_looked = 0
_managed = False


def manage(plenty=_ENOUGH_BYTES):
    """Begin to unload what is not RESIDENT when memory is short; not where there is `plenty` of it in all, in bytes.

    In an image with the firmware in it, too: there code stays in flash, but a module's functions, classes and tables
    do not (`make size`: 68 kB with all unloaded)."""
    if sys.platform == "esp32":
        import esp32
        heap.esp32 = esp32
    if gc.mem_free() + gc.mem_alloc() <= plenty:
        watch_imports()


def managed():
    """Whether code is unloaded when memory is short, for this board has little."""
    return _managed


def watch_imports():
    """From now on each import statement is seen, and what is not RESIDENT may be unloaded."""
    global _managed
    _managed = True
    modules.find_archive()
    for name in sys.modules:
        _note(name)
    builtins.__import__ = _imported


def _imported(name, scope=None, local=None, leaves=None, level=0):
    """Called by each import statement in the place of the builtin __import__: makes room before, and notes the use."""
    global _count
    _count += 1
    if level:
        name = "asyncio." + name if name else "asyncio"  # the one library with relative imports
    module = sys.modules.get(name)
    if module is None:
        module = _loaded(name, leaves)
        if not leaves:
            return module
    elif name in _used:
        _used[name] = _count
    if isinstance(leaves, tuple) and hasattr(module, "__path__"):
        for leaf in leaves:
            whole = name + "." + leaf
            if whole in _used:
                _used[whole] = _count
            elif not hasattr(module, leaf):
                _loaded(whole, leaves)  # or the statement does it, and leaves the whole name in memory for ever
    return module if leaves else sys.modules[name.split(".")[0]]


def _loaded(name, leaves):
    """Import `name` as the statement wants it. One function from here to the module, for each import within an import
    takes 2 kB of the stack, and the tick of the EVSE may come on top of them."""
    if name.split(".")[0] not in _OURS:
        return _import(name, None, None, leaves, 0)
    modules.settle()
    package, path = name.rpartition(".")[0], modules.path_of(name)
    if path and package and package not in sys.modules and not package.endswith(_FACELESS):
        _loaded(package, ("",))
    make_room(_MESSAGE_BYTES, _RECENT_COUNT)
    for keep in (_RECENT_COUNT, 0, 0, None):
        if name in sys.modules:  # it is the package of the one that imports it, or has imported it
            break
        try:
            if path:
                _import(modules.begin(name, path), None, None, ("",), 0)
                modules.settle()
                modules.release(name, path)
            else:
                _import(name, None, None, ("",), 0)
        except MemoryError:
            modules.fail(name)
            forget(name)  # the module that was loaded in part
            if keep is None or keep == 0 and not _used:
                raise
            unload(keep)
        except BaseException:
            modules.fail(name)
            raise
    _note(name)
    return sys.modules[name if leaves else name.split(".")[0]]


def _note(name):
    """Remember the use of `name` if it may be unloaded."""
    if name.split(".")[0] in _OURS and not hasattr(sys.modules[name], "__path__"):
        within = " %s " % name
        if within in ONCE or name.startswith(_LEVERS) or within not in RESIDENT and not name.startswith("hal."):
            _used[name] = _count


def load(name):
    """The module `name`, which is known only now, or None if there is no such file; keep no reference to it."""
    global _count
    if name in sys.modules:
        _count += 1
        if name in _used:
            _used[name] = _count
        return sys.modules[name]
    try:
        __import__(name)
    except ImportError as error:
        if str(error)[17:-1] not in name:
            raise
        return None
    return sys.modules[name]


def plenty():
    """Whether there is room for what only saves time."""
    return not _managed or free() > _SPARE_BYTES


def short():
    """Whether there is no room for a long answer as a whole. On a board without PSRAM never: for a large piece its heap
    would grow and take the network's memory."""
    return _managed and (heap.esp32 is not None or free() < _LONG_ANSWER_BYTES)


def look():
    """Called when some work is done: unload code if memory is short, at most every half second."""
    global _looked, least, least_of_idf
    if not _managed or time.ticks_diff(time.ticks_ms(), _looked) < _PAUSE_MS:
        return
    _looked = time.ticks_ms()
    if grown():
        unload()  # the code that made it grow is no longer needed; an unused area of the heap goes back to ESP-IDF
    make_room(_MESSAGE_BYTES, _RECENT_COUNT)
    left = free()
    if least is None or left < least:
        least = left
    left = heap.free_of_idf()
    if left is not None:
        if least_of_idf is None or left < least_of_idf:
            least_of_idf = left


def make_room(needed=_MESSAGE_BYTES, keep=0, piece=0):
    """Unload code if there are not `needed` bytes free, or not `piece` bytes in one piece, so that there may be; not
    the `keep` modules imported last."""
    if not _managed:
        return  # to count what is free takes 0.2 ms with 2 MB, for each message
    if heap.esp32:  # where the heap would grow for a piece that it does not have, and take the network's memory
        needed = max(needed, _PIECES * piece)
    if free() < needed:
        gc.collect()
        if free() < needed:
            unload(keep)
            return
    try:
        bytearray(0 if heap.esp32 else piece)
    except MemoryError:
        unload(keep)


def unload(keep=0):
    """Unload all modules that are not resident but the `keep` imported last."""
    global _used
    if _managed:
        since = sorted(_used.values())[-keep] if 0 < keep <= len(_used) else _count + 1 if not keep else 0
        for name in [name for name in _used if _used[name] < since and name not in _waiting]:
            forget(name)
        _used = dict(_used)  # a dict does not become smaller by itself
    gc.collect()


def hold(name, by):
    """`by` more (1) or fewer (-1) frames of a module wait for long: they keep it in memory, so it is not unloaded, for
    the next import would bring a second one."""
    _waiting[name] = _waiting.get(name, 0) + by
    if not _waiting[name]:
        del _waiting[name]


def forget(name):
    """Unload one module. Its running frames and its objects stay as long as anything refers to them."""
    _used.pop(name, None)
    package, _, leaf = name.rpartition(".")
    sys.modules.pop(name, None)
    if hasattr(sys.modules.get(package), leaf):
        delattr(sys.modules[package], leaf)
