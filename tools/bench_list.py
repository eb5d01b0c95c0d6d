"""Runs under MicroPython in the firmware's folder: times the look-up of each identifier of the longest local
authorization list, on littlefs over flash in RAM.

Prints one line of JSON: {"entries": n, "us": [one a look-up], "loop_us": [a plain loop beside each],
"bytes": most of flash read for one}.
"""

import asyncio
import json
import time

import vfs
from bench_loop import plain_us
from ocpp.clock import Clock
from ocpp.store import Store

from profiles.local_auth import configuration, entries, update

_FOLDER = "/flash"
_BLOCK = 4096
_BLOCKS = 48
_TIMES = 3  # for each; the best counts, for what else this machine does takes time too
_BLOCK_COUNT, _BLOCK_SIZE = 4, 5  # what littlefs asks of ioctl()


class Flash:
    """A block device; `read` counts bytes."""

    def __init__(self):
        self.data = bytearray(_BLOCKS * _BLOCK)
        self.read = 0

    def readblocks(self, block, buffer, offset=0):
        start = block * _BLOCK + offset
        buffer[:] = memoryview(self.data)[start : start + len(buffer)]
        self.read += len(buffer)

    def writeblocks(self, block, buffer, offset=0):
        start = block * _BLOCK + offset
        self.data[start : start + len(buffer)] = buffer

    def ioctl(self, operation, value):
        return {_BLOCK_COUNT: _BLOCKS, _BLOCK_SIZE: _BLOCK}.get(operation, 0)


class Engine:
    """What the list needs of the engine."""

    keys = {"LocalAuthListMaxLength": configuration.MAX_ENTRIES}

    def __init__(self):
        self.store, self.clock = Store(_FOLDER), Clock()


async def fill(engine, tags):
    info = {"status": "Accepted", "expiryDate": "2030-01-01T00:00:00Z", "parentIdTag": "FLEET"}
    for at in range(0, len(tags), configuration.MAX_AT_ONCE):
        changes = [{"idTag": tag, "idTagInfo": info} for tag in tags[at : at + configuration.MAX_AT_ONCE]]
        update.to_records(changes, False)
        await update.apply(engine, changes, at + 1, False)


def main():
    flash = Flash()
    vfs.VfsLfs2.mkfs(flash)
    vfs.mount(vfs.VfsLfs2(flash), _FOLDER)
    engine = Engine()
    tags = ["%020d" % (number * 7919 % 1000003) for number in range(configuration.MAX_ENTRIES)]
    asyncio.run(fill(engine, tags))
    times, loops, most = [], [], 0
    for tag in tags:
        best, loop = None, None
        for _ in range(_TIMES):
            before, began = flash.read, time.ticks_us()
            found = entries.lookup(engine, tag)
            took = time.ticks_diff(time.ticks_us(), began)
            best = took if best is None else min(best, took)
            loop = plain_us() if loop is None else min(loop, plain_us())
            most = max(most, flash.read - before)
            if found != ("Accepted", "FLEET"):
                raise ValueError("%s is %s" % (tag, found))
        times.append(best)
        loops.append(loop)
    print(json.dumps({"entries": len(tags), "us": times, "loop_us": loops, "bytes": most}))


main()
