"""Runs under MicroPython: one transfer as the JSON in the file that the argument names says it, the outcome on stdout.

do: "download" or "upload"; url; options: those that JSON can hold; out: file for what was received, which has the bytes
that are there at the start; validator: of these; full_at: bytes at which the sink raises ENOSPC; source: file to send;
sized: whether its size is known; no_room: there is no memory for a connection; lookup: the address of every name;
cancel_at: bytes after which the transfer is cancelled, or 0 for 300 ms after its start; heap: size of a file that is
not kept, while memory is measured, the second time.
"""

import asyncio
import gc
import json
import os
import sys
import time

_TICK_MS = 5


async def cancel(task):
    """In a task of its own, for none can cancel itself."""
    task.cancel()


class Sink:
    def __init__(self, job):
        with open(job["out"], "rb") as file:
            self.data = bytearray(file.read())
        self.position = len(self.data)
        self.validator = job.get("validator", "")
        self.begins = []
        self._full_at, self._cancel_at = job.get("full_at"), job.get("cancel_at") or None
        self.task = None

    def begin(self, offset):
        self.begins.append(offset)
        self.data = self.data[:offset]
        self.position = offset

    def write(self, view):
        self.data.extend(view)
        self.position += len(view)
        if self._full_at and self.position > self._full_at:
            raise OSError(28)
        if self._cancel_at and self.position > self._cancel_at:
            asyncio.create_task(cancel(self.task))


class Memory:
    """A sink and a source that keep nothing and look at the heap; `most`: bytes in use at the worst moment, without
    garbage."""

    name = "diagnostics.txt"

    def __init__(self, size):
        self.size, self.position, self.most, self.validator = size, 0, 0, ""

    def begin(self, offset):
        pass

    def write(self, view):
        self._count(len(view))

    def rewind(self):
        pass

    def readinto(self, view):
        self._count(len(view))
        return len(view)

    def _count(self, size):
        self.position += size
        if self.position // 8192 != (self.position - size) // 8192:
            gc.collect()
            self.most = max(self.most, gc.mem_alloc())


class Source:
    def __init__(self, job):
        self.name = job["source"].split("/")[-1]
        self.size = job.get("size", os.stat(job["source"])[6]) if job.get("sized", True) else None
        self._file = open(job["source"], "rb")
        self._cancel_at = job.get("cancel_at") or None
        self.task, self.rewinds = None, 0

    def rewind(self):
        self._file.seek(0)
        self.rewinds += 1

    def readinto(self, view):
        if self._cancel_at and self._file.tell() > self._cancel_at:
            asyncio.create_task(cancel(self.task))
        return self._file.readinto(view)


class Ticker:
    """`late_ms`: the most that a tick of 5 ms was late."""

    late_ms, count = 0, 0

    async def run(self):
        while True:
            begun = time.ticks_ms()
            await asyncio.sleep_ms(_TICK_MS)
            self.late_ms = max(self.late_ms, time.ticks_diff(time.ticks_ms(), begun) - _TICK_MS)
            self.count += 1


def options_of(job, outcome):
    options = dict(job.get("options", {}))
    if job.get("heap"):
        return options  # what reports need is the caller's
    calls = outcome["calls"]
    options["progress"] = lambda done, total: outcome["progress"].append([done, total])
    options["on_tls"] = lambda is_on: calls.append("tls" if is_on else "no tls")

    async def lookup(host):
        calls.append(host)
        return job["lookup"]

    async def room(needed):
        calls.append(needed)
        if job.get("no_room"):
            raise OSError(12)

    options["room"] = room
    if "lookup" in job:
        options["lookup"] = lookup
    return options


async def transfer(job, outcome):
    from transfers import TransferError, files

    options = options_of(job, outcome)
    other = Memory(job["heap"]) if job.get("heap") else Sink(job) if job["do"] == "download" else Source(job)
    task = asyncio.create_task(getattr(files, job["do"])(job["url"], other, options))
    other.task = task
    if job.get("cancel_at") == 0:
        await asyncio.sleep_ms(300)
        task.cancel()
    try:
        await task
    except TransferError as error:
        outcome["error"] = [error.reason, str(error), error.again]
    except asyncio.CancelledError:
        outcome["error"] = ["cancelled", "", True]
    except OSError as error:
        outcome["error"] = ["OSError", str(error), True]
    other.task = None  # what a task has done stays in memory as long as the task
    return other


async def in_use_now():
    """Bytes of heap in use; what only old places on the stack still hold is gone."""

    def deep(depth):
        return depth and deep(depth - 1)

    for _ in range(3):
        await asyncio.sleep_ms(_TICK_MS)
        deep(30)
        gc.collect()
    return gc.mem_alloc()


def descriptors():
    return len(os.listdir("/proc/self/fd"))


async def main(job):
    outcome = {"error": None, "progress": [], "calls": []}
    import memory  # noqa: F401  as it is in the firmware

    ticker = Ticker()
    asyncio.create_task(ticker.run())
    if job.get("heap"):
        await transfer(job, outcome)  # leaves the names of its code in memory, for ever
    in_use = await in_use_now()
    before = descriptors()
    other = await transfer(job, outcome)
    if job.get("heap"):
        left = await in_use_now() - in_use
        outcome["heap"] = {"peak": other.most - in_use, "left": left, "bytes": other.position}
    elif job["do"] == "download":
        outcome["begins"], outcome["validator"] = other.begins, other.validator
        with open(job["out"], "wb") as file:
            file.write(other.data)
    else:
        outcome["rewinds"] = other.rewinds
        other._file.close()
    outcome["sockets"] = descriptors() - before
    outcome["modules"] = [name for name in sys.modules if name.startswith("transfers")]
    outcome["late_ms"], outcome["ticks"] = ticker.late_ms, ticker.count
    print(json.dumps(outcome))


with open(sys.argv[1]) as file:
    job = json.load(file)
asyncio.run(main(job))
