"""The heap as the chip has it: MicroPython's, and that of ESP-IDF, from which the radio, sockets and TLS live and into
which MicroPython's grows (architecture.md, Memory)."""

import gc

esp32 = None  # the module of that name, on the board
_claimed = None
_total = 0  # bytes of heap after claim()


def free():
    """Bytes of heap that are truly free. MicroPython counts the largest block of ESP-IDF's heap as its own, for it
    could take it; but the radio and TLS need that."""
    return gc.mem_free() - largest_of_idf()


def free_of_idf():
    """Bytes that are free of ESP-IDF's heap; None where there is none."""
    return sum([region[1] for region in esp32.idf_heap_info(esp32.HEAP_DATA)]) if esp32 else None


def largest_of_idf():
    """Bytes of the largest free block of ESP-IDF's heap, 0 where there is none."""
    return max([region[2] for region in esp32.idf_heap_info(esp32.HEAP_DATA)]) if esp32 else 0


def _all():
    return gc.mem_alloc() + free()


def grown():
    """Whether the heap is larger than what was claimed: then ESP-IDF lacks it."""
    return 0 < _total < _all()


def claim(kept):
    """Make ESP-IDF's memory heap, but for `kept` bytes of its largest piece; once, and before anything large is loaded.
    Without that the heap doubles when it is short for the first time, and the next time takes all that is left: then
    the network is dead."""
    global _claimed, _total
    size = largest_of_idf() - kept
    if size > 0:
        _claimed = [None] * (size // 4)
        # Now as small as can be, and still in the new part of the heap, which stays because of it; that of which only
        # the first 16 bytes are in use is given back nevertheless (MicroPython 1.25).
        _claimed.clear()
        _claimed.extend([None] * 16)
        _total = _all()
