"""Reads the log while it grows: its lines of one moment, in pieces."""

import os

from micropython import const

from ocpp.log import writing

_PIECE = const(256)
_MAX_BYTES = const(32768)  # bytes that a request gets
_STAMP = const(20)  # characters of a time, as in 2026-11-28T23:59:00Z


class Source:
    """Bytes of one moment: `name` for a file of them, `size`; `parts`: bytes, or (path, from, to) of a file. What of a
    file is gone when its turn comes is line ends, so that the size holds. `temporary`: the path of a file that close()
    removes."""

    def __init__(self, name, parts, temporary=None):
        self.name = name
        self._temporary = temporary
        self._parts = parts
        self.size = sum([_size(part) for part in parts])
        self.rewind()

    def rewind(self):
        """Start again at the first byte."""
        self._part = self._at = 0

    def readinto(self, buffer):
        """Fill `buffer`, or less of it at the end of a part; the bytes, 0 at the end of all."""
        while self._part < len(self._parts) and self._at >= _size(self._parts[self._part]):
            self._part += 1
            self._at = 0
        if self._part == len(self._parts):
            return 0
        part = self._parts[self._part]
        count = min(len(buffer), _size(part) - self._at)
        view = memoryview(buffer)[:count]
        if isinstance(part, bytes):
            view[:] = part[self._at : self._at + count]
        else:
            _read(part[0], part[1] + self._at, view)
        self._at += count
        return count

    def close(self):
        """Remove the temporary file."""
        try:
            if self._temporary:
                os.remove(self._temporary)
        except OSError:
            pass

    def pieces(self):
        """A generator of all of it in pieces, each of which holds until the next one."""
        piece = bytearray(_PIECE)
        while True:
            count = self.readinto(piece)
            if not count:
                return
            yield memoryview(piece)[:count]


def _size(part):
    return len(part) if isinstance(part, bytes) else part[2] - part[1]


def _read(path, start, view):
    """Fill `view` from a file; opened for each piece, for the file may be removed between two."""
    count = 0
    try:
        with open(path, "rb") as file:
            file.seek(start)
            count = file.readinto(view)
    except OSError:
        pass
    for at in range(count, len(view)):
        view[at] = 10


def newest(ring):
    """The Source of the newest lines, 32 kB at the most; nothing where no log is kept."""
    parts, size = [], 0
    if ring:
        parts = [writing.waiting(ring)]
        for number in reversed(writing.numbers_of(ring)):
            path = writing.path_of(ring, number)
            length = writing.size_of(path)
            size += length
            if size > _MAX_BYTES:
                break
            parts.insert(0, (path, 0, length))
    return Source("log.txt", parts)


def between(ring, start, stop):
    """The parts of a Source: all lines from `start` to `stop`, texts as clock.iso() has them, or None for no bound. A
    line without a time belongs to the one before it."""
    parts = []  # type: list
    for number in writing.numbers_of(ring):
        path = writing.path_of(ring, number)
        length = writing.size_of(path)
        if start is None and stop is None:
            parts.append((path, 0, length))
        else:
            _add_ranges(parts, path, length, start, stop)
    lines = writing.waiting(ring)
    kept = [line for line, inside in _selected(lines.split(b"\n")[:-1], start, stop) if inside]
    if kept:
        parts.append(b"\n".join(kept) + b"\n")
    return parts


def _add_ranges(parts, path, length, start, stop):
    """Add the ranges of a file whose lines are wanted."""
    at = 0
    with open(path, "rb") as file:
        for line, inside in _selected(_lines(file), start, stop):
            end = at + len(line)
            if end > length:
                return
            if inside and parts and parts[-1][0] == path and parts[-1][2] == at:
                parts[-1] = (path, parts[-1][1], end)
            elif inside:
                parts.append((path, at, end))
            at = end


def _lines(file):
    while True:
        line = file.readline()
        if not line:
            return
        yield line


def _selected(lines, start, stop):
    """(line, whether it is between) for each of `lines`."""
    inside = start is None
    for line in lines:
        if line[4:5] == b"-" and line[_STAMP - 1 : _STAMP] == b"Z":
            stamp = line[:_STAMP].decode()
            inside = (start is None or stamp >= start) and (stop is None or stamp <= stop)
        yield line, inside
