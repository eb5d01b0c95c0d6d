"""Runs under a MicroPython with words of 32 bits for test_name_pool.py, in a folder with names.pool and two .mpy files:
numbers the names, imports `subject`, and prints as JSON what came of it.

    --no-pool      what is in front of the dict of modules is no pool of names
    --pieces N     flash can be seen in pieces of N bytes
"""

import gc
import json
import sys
from array import array

from process_memory import Words, copy_of

import name_pool


class OtherWords(Words):
    """Memory in which there is no pool of names."""

    def __getitem__(self, address):
        value = super().__getitem__(address)
        return value ^ 16 if value & 0xFFFF else value


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
words = OtherWords() if "--no-pool" in sys.argv else Words()
before = {name: number(name) for name in ("early", "name")}
with open("names.pool", "rb") as file:
    done = name_pool.install(file, words)
result = {"done": done, "numbers": numbers(), "early": number("early") == before["early"]}
import subject  # noqa: E402

result["subject"] = subject.results()
copy, _ = copy_of("names.pool")
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
