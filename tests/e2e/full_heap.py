"""Starts the charge point with a load on its memory: each line of standard input has the number of bytes that are to
stay free of the heap (0 for all) and the size of the pieces in which they lie, of seven digits each. Runs under
MicroPython in the firmware's folder, in the place of main.py."""

import asyncio
import gc
import sys

_SMALLEST = 32
_held = [None, None]  # (the next such list, a piece)


def fill(left, piece):
    """Take all but `left` bytes, which lie scattered in pieces of `piece` bytes."""
    _held[0] = None
    gc.collect()
    if not left:
        return
    count = _take(piece)
    step = max(1, count * piece // left)
    for every in (step, 1):  # all of them, and smaller ones, where there are not enough
        node, number = _held, 0
        while node and gc.mem_free() < left:
            number += 1
            if node[1] and number % every == 0:
                node[1] = None
                gc.collect()
            node = node[0]


def _take(piece):
    # Everything, the large pieces first, which then come last; how many of these.
    count, size = 0, piece
    while size >= _SMALLEST:
        try:
            while True:
                _held[0] = [_held[0], bytearray(size)]
                count += size == piece
        except MemoryError:
            size //= 2  # there is no such piece any more
    return count


async def obey():
    lines, line = asyncio.StreamReader(sys.stdin), bytearray(16)
    while True:
        try:
            if not await lines.readinto(line):
                return
            left, piece = line.split()
            fill(int(left), int(piece))
            print("@ filled to", int(left))
        except MemoryError:
            _held[0] = None  # nothing has been read; the line is still there


def run(point):
    async def both():
        asyncio.create_task(obey())
        await point

    return _run(both())


_run = asyncio.run
asyncio.run = run
sys.path[0] = ""

import main  # noqa: E402, F401
