"""Runs the program sys.argv[1] under a MicroPython with words of 32 bits for test_in_place.py, with the names of the
file names.pool numbered before. It brings few names itself, for those keep other numbers."""

import struct
import sys

import uctypes

import name_pool


class Words:
    """The memory of this process, as machine.mem32."""

    def __getitem__(self, address):
        return struct.unpack("<I", uctypes.bytearray_at(address, 4))[0]

    def __setitem__(self, address, value):
        struct.pack_into("<I", uctypes.bytearray_at(address, 4), 0, value)


with open("names.pool", "rb") as file:
    name_pool.install(file, Words())
with open(sys.argv.pop(1)) as file:
    exec(file.read())
