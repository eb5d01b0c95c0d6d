"""Shows the flash of the file system at addresses of memory, so that in_place.py can let functions run there.

The ESP32 shows flash at 0x3F400000 to 0x3F7FFFFF in 64 pages of 64 kB, for which each of its two processors has a table
in its MMU (ESP32 Technical Reference Manual 4.3.2; ESP-IDF 5.2, mmu_ll.h). MicroPython's image takes the first few, and
ESP-IDF the next ones when it needs some. The last 32 are for the 2 MB of the file system. They are mapped once, before
the radio starts. A mark in the memory of the RTC tells the next start if the chip has stopped in that: then it is not
tried again until the power has been off.

What was read through the cache would be stale when it is written later. So only the blocks of the firmware's archive
are read, which nobody writes while it runs.
"""

import sys

import machine
from micropython import const

_TABLE = const(0x3FF12000)  # of the second processor, on which MicroPython runs
_CONTROL = const(0x3FF00058)  # DPORT_APP_CACHE_CTRL_REG, and CTRL1 behind it
_STATE = const(0x3FF00418)  # DPORT_APP_DCACHE_DBUG0_REG
_INVALID = const(0x100)  # of an entry that shows nothing
_FIRST = const(32)  # of the table's entries, those of the file system
_COUNT = const(32)
_ADDRESS = const(0x3F600000)  # which that entry stands for
_PAGE = const(0x10000)
_WORD = const(4)
_BYTES = const(64)  # that are compared
_MARK = b"upoint maps flash"


def _mapped(partition):
    """Whether the flash of `partition` can be seen from _ADDRESS on."""
    start, size = partition.info()[2:4]
    first, table = start // _PAGE, _TABLE + _WORD * _FIRST
    if start % _PAGE or size > _COUNT * _PAGE:
        return False
    entries = [machine.mem32[table + _WORD * at] for at in range(_COUNT)]
    if entries == [first + at for at in range(_COUNT)]:
        return True  # since before a soft reset
    if any([not entry & _INVALID for entry in entries]):
        return False
    rtc = machine.RTC()
    if rtc.memory() == _MARK:
        print("flash_map: the chip has stopped while flash was mapped, so code runs from memory now")
        return False
    rtc.memory(_MARK)
    good = _map(table, first) and _same(partition)
    rtc.memory(b"")
    return good


def _map(table, first):
    """Whether the pages are mapped; not if the cache was busy."""
    from hal.esp32 import _flash_map

    state = machine.disable_irq()
    busy = _flash_map.map_pages(table, first, _COUNT, _CONTROL, _STATE)
    machine.enable_irq(state)
    return not busy


def _same(partition):
    """Whether the first bytes of `partition` are there."""
    import uctypes

    read = bytearray(_BYTES)
    partition.readblocks(0, read, 0)
    return uctypes.bytearray_at(_ADDRESS, _BYTES) == read


def is_whole(archive, begins, addresses):
    """Whether what can be seen at the `addresses` is all of `archive`, a firmware_files.Archive, by the SHA-256 in its
    head."""
    import binascii
    import hashlib
    import json

    import uctypes

    with open(archive.slot, "rb") as file:
        file.readline()
        digest = json.loads(file.readline())["sha256"]
    seen = hashlib.sha256()
    for at in range(len(addresses)):
        before = max(0, archive.start - begins[at])  # the head
        if begins[at] + before < begins[at + 1]:
            seen.update(uctypes.bytearray_at(addresses[at] + before, begins[at + 1] - begins[at] - before))
    return binascii.hexlify(seen.digest()).decode() == digest


def shown(path):
    """(where in the file `path` each piece begins that can be seen, and the end of the last one; the address of each),
    two arrays; None where that is not possible."""
    if not sys.implementation._machine.endswith(" with ESP32"):
        return None  # the ESP32-S3 and others have another MMU
    from flashbdev import bdev

    if not _mapped(bdev):
        return None
    from hal.esp32 import file_blocks

    begins, addresses = file_blocks.places(bdev, path)
    for at in range(len(addresses)):
        addresses[at] += _ADDRESS
    return begins, addresses
