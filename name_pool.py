"""Gives the names of the firmware fixed numbers, before its modules are loaded, and lets their texts stay in flash.

MicroPython numbers each name of a .mpy file as it comes, keeps its text on the heap, and makes a table of numbers for
each module. Here all names of the archive get the numbers from _BASE on at once, so the build knows them: in_place.py
finds the tables in flash, and replace() the texts. This is worth 14 kB of the board's heap, 10 % (`make size`).

In words of 32 bits, as in MicroPython 1.25, a pool of names is (py/qstr.h): the pool before it, the number of its first
name and a bit for "sorted", how many it has room for, how many it has, the addresses of their hashes and of their
lengths, and the address of each text. The address of the last one is among the collector's roots, in front of the dict
of loaded modules (py/mpstate.h). A pool is taken for one only if all of that fits together, and all names are taken out
again if one does not get the number it should: then they come as ever.
"""

import sys

import uctypes
from micropython import const

MEMBER = "names.pool"  # tools/name_numbers.py says how it looks
_BASE = const(4096)  # as there
_SORTED = const(0x80000000)
_FIRST = const(4)  # offsets in a pool
_ROOM = const(8)
_COUNT = const(12)
_HASHES = const(16)
_LENGTHS = const(20)
_TEXTS = const(24)
_WORD = const(4)
_HASH = const(2)
_HEAD = const(4)  # bytes of the member in front of the hashes
_LARGEST = const(4096)  # names in a pool
_IN_FRONT = const(160)  # words in front of the dict of modules among which the last pool is looked for
_ROOM_BEHIND = const(8)  # the next pool, for names that are not of the archive, has twice that
_TAGS = const(3)  # bits that tell what an object is
_NAME = const(2)
_TRIED = const(100)  # one of so many names is looked up

_pool = 0  # its address


class _Holder:
    pass


def start():
    """Do it on the board, with the archive that is mounted."""
    if sys.implementation._machine.endswith(" with ESP32"):
        import machine

        try:
            with open("/fw/" + MEMBER, "rb") as file:
                install(file, machine.mem32)
        except OSError:
            pass  # an image with the firmware in it has its names in flash


def install(file, words):
    """Number the names in the open `file`; whether that was possible. `words`: the memory by its addresses, as
    machine.mem32."""
    global _pool
    root = _root(words)
    if not root:
        return False
    count = int.from_bytes(file.read(_HEAD)[:_HASH], "little")
    about = _size_of_about(count)
    content = bytearray(file.seek(0, 2) - _HEAD - about)
    file.seek(_HEAD + about)
    file.readinto(content)
    pool = bytearray(_TEXTS + _WORD * count)
    address, last = uctypes.addressof(pool), words[root]
    tried = _fill(words, address, count, content)
    words[address] = last
    words[root] = address
    for number, name in tried:
        if not _has_number(name, _BASE + number):
            _give_up(words, address, words[root] != address)
            return False
    _pool = address
    return True


def _give_up(words, pool, newer):
    """Leave the pool without names. It stays in the list, for with it would go a `newer` one, which has the names that
    have come meanwhile: the first text of a piece of the heap is what keeps that piece, where later ones follow."""
    words[pool + _FIRST] = _BASE
    words[pool + _COUNT] = 0
    if newer:
        words[pool + _HASHES] = pool  # the texts are needed no more; dir() asks for the hash of every number


def _size_of_about(count):
    """Bytes of the hashes and lengths of `count` names."""
    return (_HASH + 1) * count + count % 2


def _root(words):
    """Where the address of the last pool is; 0 if that was not found."""
    modules, heap = id(sys.modules), uctypes.addressof(bytearray(_WORD)) >> 20
    for address in range(modules - _WORD, modules - _WORD * _IN_FRONT, -_WORD):
        pool = words[address]
        if pool >> 20 == heap and pool % 16 == 0 and _is_pool(words, pool):
            return address
    return 0


def _is_pool(words, pool):
    """Whether there is a pool of MicroPython at the address `pool`, on the heap: its three arrays follow each other."""
    room, hashes = words[pool + _ROOM], words[pool + _HASHES]
    return (
        0 < words[pool + _COUNT] <= room <= _LARGEST
        and hashes == pool + _TEXTS + _WORD * room
        and words[pool + _LENGTHS] == hashes + _HASH * room
    )


def _fill(words, pool, count, content):
    """Write the pool of the `count` names whose hashes, lengths and texts `content` has; [(number, name)] of some. In
    the place of a name that has another number already stands the text before it, for they are sorted."""
    at, base, tried = _size_of_about(count), uctypes.addressof(content), []
    before = at + 1  # the first one is not compared, so what is within it will do
    words[pool + _FIRST] = _SORTED | _BASE
    words[pool + _ROOM] = _ROOM_BEHIND
    words[pool + _COUNT] = count
    words[pool + _HASHES] = base
    words[pool + _LENGTHS] = base + _HASH * count
    for number in range(count):
        length = content[_HASH * count + number]
        name = bytes(memoryview(content)[at : at + length]).decode()
        shown = before if _is_known(name) else at
        words[pool + _TEXTS + _WORD * number] = base + shown
        if number % _TRIED == 0 and shown == at:
            tried.append((number, name))
        before = shown
        at += length + 1
    return tried


def _is_known(text):
    """Whether MicroPython has `text` as a name: then each new object with that text is the name itself, by its number
    (py/obj.h), and no address."""
    return id(text) & _TAGS == _NAME


def _has_number(name, n):
    setattr(_Holder, name, None)
    found = n in [id(key) >> 3 for key in _Holder.__dict__]
    delattr(_Holder, name)
    return found


def replace(words, place, address_of):
    """Let what the pool has on the heap be in flash. The member begins at `place` of the archive's file, and
    address_of(place, size) tells where those bytes can be seen in one piece, or 0."""
    if not _pool:
        return
    count, base = words[_pool + _COUNT], words[_pool + _HASHES]
    about = _size_of_about(count)
    places = [at for at in (place + _HEAD, place + _HEAD + about) if _is_same(base, address_of(at, about), about)]
    if not places:
        return  # flash cannot be seen
    hashes = address_of(places[0], about)
    lengths = uctypes.bytearray_at(hashes + _HASH * count, count)
    for number in range(count):
        at = _pool + _TEXTS + _WORD * number
        text, size = words[at], lengths[number] + 1
        address = address_of(place + _HEAD + about + text - base, size)
        if not _is_same(text, address, size):
            address = uctypes.addressof(bytes(uctypes.bytearray_at(text, size)))
        words[at] = address
    words[_pool + _HASHES] = hashes  # the last that kept the copy in memory
    words[_pool + _LENGTHS] = hashes + _HASH * count


def _is_same(one, other, n):
    """Whether the `n` bytes at both addresses are the same; not at 0."""
    return other != 0 and uctypes.bytearray_at(one, n) == uctypes.bytearray_at(other, n)
