"""Runs under a MicroPython with words of 32 bits for test_name_pool.py, in a folder with names.pool and two .mpy files:
numbers the names, imports `subject`, and prints as JSON what came of it.

    --no-pool      what is in front of the dict of modules is no pool of names
    --pieces N     flash can be seen in pieces of N bytes
"""

import gc
import json
import struct
import sys
from array import array

import ffi
import uctypes

import name_pool


class Words:
    """The memory of this process, as machine.mem32."""

    broken = False

    def __getitem__(self, address):
        value = struct.unpack("<I", uctypes.bytearray_at(address, 4))[0]
        return value ^ 16 if self.broken and value & 0xFFFF else value

    def __setitem__(self, address, value):
        struct.pack_into("<I", uctypes.bytearray_at(address, 4), 0, value)


def number(name):
    """The number of a name."""

    class Holder:
        pass

    setattr(Holder, name, None)
    return [id(key) >> 3 for key in Holder.__dict__ if key == name][0]


def address_of(place, count):
    """Where the copy of the member can be seen, in pieces of `step` bytes."""
    return copy + place if place // step == (place + count - 1) // step else 0


def numbers():
    return [number(name) for name in NAMES]


with open("names.json") as file:
    NAMES = json.load(file)
words = Words()
words.broken = "--no-pool" in sys.argv
before = {name: number(name) for name in ("early", "name")}
with open("names.pool", "rb") as file:
    done = name_pool.install(file, words)
result = {"done": done, "numbers": numbers(), "early": number("early") == before["early"]}
import subject  # noqa: E402

result["subject"] = subject.results()
with open("names.pool", "rb") as file:
    size = file.seek(0, 2)
    file.seek(0)
    copy = ffi.open("libc.so.6").func("P", "malloc", "I")(size)
    file.readinto(uctypes.bytearray_at(copy, size))
step = int(sys.argv[-1]) if "--pieces" in sys.argv else 1 << 20
gc.collect()
busy = gc.mem_alloc()
name_pool.replace(words, 0, address_of)
gc.collect()
result["freed"] = busy - gc.mem_alloc()
filler = [array("I", [0x55555555] * 4) for _ in range(gc.mem_free() // 80)]  # so that nothing works that was collected
filler = None
gc.collect()
result["after"] = numbers()
result["again"] = subject.results()
result["new"] = number("a name that came later") == number("a name that " + "came later")
print(json.dumps(result))
