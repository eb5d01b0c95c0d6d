"""Writing a log: the files log<number>.txt, of one flash block each; the oldest goes when a new one begins. So is the
security log written, to security<number>.txt.

An append to a file of littlefs is there after a power cut or not, and so is a removal: all files are whole lines.
"""

import os

from micropython import const

from ocpp import log

_BLOCK = const(4096)
_LONGEST = const(400)  # bytes of a line
_SIZE = const(512)  # bytes that wait
_PAUSE_S = const(60)  # as in ring.py
_CREDIT_S = const(480)


def begin(ring, folder, kilobytes, stem="log"):
    """The new Ring `ring`, with files of so many kB in all in `folder`, whose names begin with `stem`."""
    ring.folder, ring.stem = folder, stem
    ring.count = kilobytes * 1024 // _BLOCK
    ring.data = bytearray(_SIZE if stem == "log" else 0)
    ring.newest = ring.used = ring.left_out = ring.writes = ring.due = 0
    ring.credit = _CREDIT_S
    return ring


def make_room(ring, line):
    """Room in `ring`, whose memory may not be allocated yet, for `line`, bytes, which is cut if it is too long: write
    the lines that wait, or, without credit for a write, drop the oldest of them. Returns the line."""
    if len(line) > _LONGEST:
        end = _LONGEST - 3
        while line[end] & 0xC0 == 0x80:
            end -= 1  # between two characters of UTF-8
        line = line[:end] + b"..."
    if ring.credit >= _PAUSE_S and ring.used + len(line) >= len(ring.data):
        write(ring)
    if not ring.data:
        ring.data = bytearray(_SIZE)
    while ring.used + len(line) >= len(ring.data):
        end = ring.data.find(b"\n") + 1
        left = ring.used - end
        ring.data[:left] = ring.data[end : ring.used]
        ring.used = left
        ring.left_out += 1
    return line


def write(ring):
    """Write the lines that wait in `ring`, a Ring or None, to flash. They stay in memory if that fails."""
    if not ring or not ring.used:
        return
    ring.credit = max(0, ring.credit - _PAUSE_S)
    try:
        _append(ring, memoryview(ring.data)[: ring.used])
        ring.used = ring.left_out = ring.due = 0
        ring.writes += 1
        if ring.stem != "log":
            ring.data = bytearray()  # seldom needed
    except (OSError, MemoryError):
        pass


def finish():
    """The run ends: write what waits in any log."""
    write(log.kept)
    write(log.security)


def _append(ring, lines):
    """Append `lines`, bytes, to the newest file, or begin the next one. OSError."""
    if not ring.newest:
        numbers = numbers_of(ring)
        ring.newest = numbers[-1] if numbers else 1
        for number in numbers:
            if number <= ring.newest - ring.count:
                os.remove(path_of(ring, number))
    gap = gap_of(ring)
    if size_of(path_of(ring, ring.newest)) + len(gap) + len(lines) > _BLOCK:
        oldest = path_of(ring, ring.newest + 1 - ring.count)
        if size_of(oldest):
            os.remove(oldest)
        ring.newest += 1
    with open(path_of(ring, ring.newest), "ab") as file:
        # One write, for on a PC the process may end between two.
        file.write(gap + lines if gap else lines)


def waiting(ring):
    """The lines that are not on flash, in bytes."""
    return gap_of(ring) + memoryview(ring.data)[: ring.used]


def gap_of(ring):
    """The line that counts those that are left out, or nothing."""
    return b"    (%d lines are left out here)\n" % ring.left_out if ring.left_out else b""


def path_of(ring, number):
    """The path of a file of `ring`."""
    return "%s/%s%d.txt" % (ring.folder, ring.stem, number)


def size_of(path):
    """Bytes of a file; 0 without one."""
    try:
        return os.stat(path)[6]
    except OSError:
        return 0


def numbers_of(ring):
    """The numbers of the files there are, ascending."""
    numbers = []
    for entry in os.ilistdir(ring.folder):
        number = entry[0][len(ring.stem) : -4]
        if number.isdigit() and path_of(ring, int(number)) == ring.folder + "/" + entry[0]:
            numbers.append(int(number))
    return sorted(numbers)
