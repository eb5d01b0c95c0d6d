"""The memory of this process, in the place of a board's, for programs that run under a MicroPython with words of 32
bits."""

import os
import struct

import ffi
import uctypes


class Words:
    """As machine.mem32, for all addresses of this process; that of MicroPython for a PC is the PC's."""

    def __getitem__(self, address):
        return struct.unpack("<I", uctypes.bytearray_at(address, 4))[0]

    def __setitem__(self, address, value):
        struct.pack_into("<I", uctypes.bytearray_at(address, 4), 0, value)


def copy_of(path):
    """(address, size) of a copy of the file beside the heap, where a board has it in flash."""
    size = os.stat(path)[6]
    address = ffi.open("libc.so.6").func("P", "malloc", "I")(size)
    with open(path, "rb") as file:
        file.readinto(uctypes.bytearray_at(address, size))
    return address, size
