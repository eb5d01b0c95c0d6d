"""Runs under a MicroPython with words of 32 bits for test_in_place.py, in a folder with firmware.a: imports the module
`subject` from it, lets that run in place, and prints whether its results are the same, the bytes released, the bytes
of heap that are free because of it, which functions and texts are still on the heap, and whether its table of names is
not.

    --pieces N     flash can be seen in pieces of N bytes
    --damaged      it has other bytes than the archive
    --running      a function is released while it runs
    --bare         not that module, but `bare`, which has no constants: prints where its table of them is
"""

import gc
import json
import sys
from array import array

import uctypes
import vfs
from process_memory import Words, copy_of

from firmware_files import Archive
from in_place import InPlace


def archive():
    file = open("firmware.a", "rb")
    file.readline()
    head = json.loads(file.readline())
    file.readline()
    return Archive(file, head["members"])


def flash(damaged):
    """The address and the size of a copy of firmware.a beside the heap."""
    address, size = copy_of("firmware.a")
    copy = uctypes.bytearray_at(address, size)
    if damaged:
        for at in range(0, size, 8):
            copy[at] ^= 0x55
    return address, size


def fill():
    """Use what is free on the heap, so that nothing works that was collected."""
    pieces = []
    try:
        while True:
            pieces.append(bytearray(b"\xaa" * 16))
    except MemoryError:
        pieces = None
    gc.collect()


def on_heap(module, first, end):
    """The names of functions of `module` and of its classes, and of its texts, that are not in flash."""
    words, left = Words(), []
    values = list(module.__dict__.items())
    values += [("TUPLE", value) for value in module.TUPLE if value]
    for name, value in list(values):
        if type(value) is type:
            values += [("%s.%s" % (name, inner), made) for inner, made in value.__dict__.items()]
    for name, value in values:
        text = isinstance(value, (str, bytes)) and (len(value) > 15 or name == "TUPLE")
        if text or type(value) in (type(archive), type(Words().__class__.__getitem__)):
            if not first <= words[id(value) + 12] < end:
                left.append(name)
    return left


mounted = archive()
vfs.mount(mounted, "/fw")
sys.path.insert(0, "/fw")
import bare  # noqa: E402
import subject  # noqa: E402

before = subject.results()
address, size = flash("--damaged" in sys.argv)
step = int(sys.argv[-1]) if "--pieces" in sys.argv else size
begins = array("I", list(range(0, size, step)) + [size])
runner = InPlace(mounted, Words(), begins, array("I", [address + begin for begin in begins[:-1]]))
if "--bare" in sys.argv:
    runner.release(bare, "bare.mpy")
    print(Words()[id(bare) + 12])
    sys.exit()
if "--running" in sys.argv:
    turns = subject.numbers(5)
    next(turns)
    runner.release(subject, "subject.mpy", None)
    fill()
    print([4, 9, 16] == list(turns)[1:])
    print(subject.results() == before)
    sys.exit()
gc.collect()
busy = gc.mem_alloc()
runner.release(subject, "subject.mpy")
gc.collect()
freed = busy - gc.mem_alloc()
fill()
print(subject.results() == before)
print(runner.released)
print(freed)
print(on_heap(subject, address, address + size))
print(address <= Words()[id(subject) + 8] < address + size)
