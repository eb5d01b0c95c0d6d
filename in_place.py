"""Lets functions run where the archive has their bytecode, in flash, instead of from a copy on the heap.

Stock MicroPython copies all of a module to the heap, where bytecode and texts were 39 of 118 kB (`make size`). But the
processor can see flash (hal/esp32/flash_map.py). So after an import each function gets the address of its bytecode in
flash, and the collector takes the copy. A pointer is changed only where flash has the very same bytes, so nothing
depends on how they were found, and what cannot be found stays on the heap.

Only MicroPython's own processor sees flash there. The network runs on the other, which reads rubbish in its place: a
constant in bytes has to be copied before a socket sends it.

In words of 32 bits, as in MicroPython 1.25, a function is (py/objfun.h): its type, its module, the functions within
it, its bytecode. Those within it, which are made when it runs, are (py/emitglue.h): their kind, their bytecode, the
functions within them. A module is (py/bc.h): its type, its dict, its table of names (which is the same in flash for
names that name_pool.py has numbered), its constants. A text is (py/objstr.h): its
type, its hash, its length, its bytes. A tuple is (py/objtuple.h): its type, its length, its members.
"""

import struct
from array import array

import uctypes
from micropython import const

_SECOND = const(4)  # offset of a word in an object
_THIRD = const(8)
_FOURTH = const(12)
_INNER_BYTECODE = const(4)  # in a function that is not made yet
_INNER_WITHIN = const(8)
_ENTRY = const(6)  # bytes of an entry of the index behind a module, three numbers, see tools/mpy_index.py
_COUNTS = const(8)  # bytes of the four numbers behind them
_MEMBER = const(256)  # of the number of a constant, see there
_NAME = const(2)  # bytes of a name in a table of names
_KEY = const(8)  # bytes of bytecode by which a function is looked up
_WORD = const(4)
_LEAST = const(4088)  # bytes of a file in a block of littlefs: no piece has less


def _function():
    pass


def _generator():
    yield


def _closure():
    def within():
        return within

    return within


_MADE = (type(_function), type(_generator))
_HOLD_ONE = (staticmethod, classmethod, type(_closure()))  # their second word is a function
_MADE_AT = tuple([id(kind) for kind in _MADE])


class InPlace:
    """`firmware`: a firmware_files.Archive; `words`: the memory by its addresses, as machine.mem32; `begins`: where in
    the archive's file each piece begins that can be seen, and the end of the last one; `addresses`: where. `released`:
    bytes whose copies are needed no more."""

    def __init__(self, firmware, words, begins, addresses):
        self._archive = firmware
        self._words = words
        self._begins = begins
        self._addresses = addresses
        self._place = 0
        self._entries = b""
        self._known = {}
        self._copies = array("I")
        self.released = 0
        self._release_text(id(firmware.keys), firmware.start, len(firmware.keys))

    def release(self, module, path, running=()):
        """Let the functions of `module`, which has been imported from the member `path`, run in flash. The collector
        takes their copies, so one that runs at this moment must be in `running`: it stays on the heap. Or `running`
        is None: then all copies stay until the next call."""
        self._place = self._archive.tell(path)
        name = module.__name__
        self._entries, texts, names, counts = self._index(path)
        self._release_text(id(name), self._place + names - len(name) - 1, len(name))
        self._release_names(id(module), self._place + names, *counts)
        for at in range(0, len(texts), _ENTRY):
            number, offset, length = struct.unpack_from("<HHH", texts, at)
            text = self._words[self._words[id(module) + _FOURTH] + number % _MEMBER * _WORD]
            if number >= _MEMBER:  # a text of a constant tuple
                text = self._words[text + _SECOND + number // _MEMBER * _WORD]
            self._release_text(text, self._place + offset, length)
        for at in range(0, len(self._entries), _ENTRY):
            address, length, _ = self._entry(at)
            if address and length >= _KEY:
                self._known[bytes(uctypes.bytearray_at(address, _KEY))] = at
        if self._known:
            self._visit_all([value for value in module.__dict__.values() if value not in (running or ())])
            self._known.clear()
        if running is not None:
            self._copies = array("I")
        self._entries = b""

    def _index(self, path):
        """The entries of the member `path` for functions, and for texts; where in it its table of names is, behind the
        module's own name; how many there are, and how many constants."""
        with self._archive.open(path, "rb") as member:
            member.seek(-_COUNTS, 2)
            functions, texts, *counts = struct.unpack("<HHHH", member.read(_COUNTS))
            at = member.seek(-_ENTRY * (functions + texts) - _COUNTS, 2)
            return member.read(functions * _ENTRY), member.read(texts * _ENTRY), at - _NAME * counts[0], counts

    def _entry(self, at):
        offset, length, count = struct.unpack_from("<HHH", self._entries, at)
        return self.address_of(self._place + offset, length), length, count

    def address_of(self, place, count):
        """Where the `count` bytes from `place` on of the archive's file can be seen; 0 if they are not in one piece."""
        data = self.view(place, count)
        return uctypes.addressof(data) if len(data) == count else 0

    def view(self, place, count):
        """The bytes from `place` on of the archive's file, as many of `count` as are in one piece."""
        at = min(place // _LEAST, len(self._addresses) - 1)
        while self._begins[at] > place:
            at -= 1
        count = min(count, self._begins[at + 1] - place)
        return uctypes.bytearray_at(self._addresses[at] + place - self._begins[at], count)

    def _release_text(self, text, place, length):
        """That whose object is at `text`, unless it is one of MicroPython's names. A zero must follow it, for C."""
        address = self.address_of(place, length + 1)
        if address and text % _WORD == 0 and self._words[text + _THIRD] == length:
            self._point(text + _FOURTH, address, length)

    def _release_names(self, module, place, names, constants):
        """The table of so many `names` of the module at the address `module`. Behind it, in one piece of the heap, is
        that of its constants, which becomes a piece of its own. Without any it is the address behind that piece, by
        which the collector would keep what lies there."""
        if not constants:
            self._words[module + _FOURTH] = 0
        address = self.address_of(place, _NAME * names)
        if names and address and self._point(module + _THIRD, address, _NAME * names) and constants:
            table = bytearray(uctypes.bytearray_at(self._words[module + _FOURTH], _WORD * constants))
            self._words[module + _FOURTH] = uctypes.addressof(table)

    def _visit_all(self, values):
        """`values`: what a module or a class has."""
        for value in values:
            kind = type(value)
            if kind is type:
                self._visit_all([inner for inner in value.__dict__.values() if type(inner) is not type])
            elif kind in _MADE:
                self._look_up(id(value))
            elif kind in _HOLD_ONE:
                self._visit_held(id(value), 1)
            elif kind is property:
                self._visit_held(id(value), 3)

    def _visit_held(self, holder, count):
        """The `count` objects that the one at `holder` has."""
        for at in range(1, count + 1):
            address = self._words[holder + at * _WORD]
            if address % _WORD == 0 and self._words[address] in _MADE_AT:  # and no None
                self._look_up(address)

    def _look_up(self, function):
        at = self._known.get(bytes(uctypes.bytearray_at(self._words[function + _FOURTH], _KEY)))
        if at is not None:
            self._move(at, function + _FOURTH, function + _THIRD)

    def _move(self, at, bytecode, within):
        """`bytecode` and `within`: where the two pointers are of the function with the entry `at`. The next entry that
        is not of a function within it."""
        address, length, count = self._entry(at)
        at += _ENTRY
        if not address or not self._point(bytecode, address, length):
            return self._behind(at, count)
        for number in range(count):
            inner = self._words[self._words[within] + number * _WORD]
            at = self._move(at, inner + _INNER_BYTECODE, inner + _INNER_WITHIN)
        return at

    def _behind(self, at, count):
        """The entry behind those of `count` functions from `at` on, and of all within them."""
        for _ in range(count):
            at = self._behind(at + _ENTRY, self._entry(at)[2])
        return at

    def _point(self, where, address, length):
        """Let what is at `where` point to `address`, if the `length` bytes there are those it points to now."""
        copy = self._words[where]
        if uctypes.bytearray_at(copy, length) != uctypes.bytearray_at(address, length):
            return False
        if copy != address:
            self._copies.append(copy)
            self._words[where] = address
            self.released += length
        return True
