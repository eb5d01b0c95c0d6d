"""Finds the firmware on flash and makes it importable: one archive, of which there are two slots.

Like boot.py and main.py it lies beside them and is never updated over the air. An archive, as tools/archive.py
writes it, is:

    upoint firmware 1
    {"arch": .., "members": n, "mpy": .., "sha256": .., "size": .., "version": ..}
    a line for a signature
    n CRC-32 of paths, n + 1 places (both 32 bits, little-endian), and the members from place to place

size and sha256 are those of all that follows the third line. A path that ends in a slash is a folder.
"""

import binascii
import hashlib
import io
import json
import os
import struct
import sys

import vfs

SLOTS = ("firmware.a", "firmware.b")
POINTER = "firmware.slot"  # the file with the name of the slot that starts
MOUNTED_AT = "/fw"
_MAGIC = b"upoint firmware 1\n"
_PIECE = 4096
_NO_FILE = 2  # ENOENT
_FOLDER = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_GET_BUFFER_SIZE = 11  # of MicroPython's streams
_BUFFER = 512
_VENDORS = "vendors"  # a folder that only the owner fills


class Member(io.IOBase):
    """A file in the archive `file`, open for reading: `size` bytes from `start` on."""

    def __init__(self, file, start, size, text):
        self._file = file
        self._start = self._at = start
        self._end = start + size
        self._text = text

    def ioctl(self, request, argument):
        return _BUFFER if request == _GET_BUFFER_SIZE else 0

    def readinto(self, buffer):
        self._file.seek(self._at)
        count = self._file.readinto(memoryview(buffer)[: max(0, self._end - self._at)])
        self._at += count
        return count

    def _taken(self, data):
        self._at += len(data)
        return data.decode() if self._text else data

    def read(self, size=-1):
        self._file.seek(self._at)
        left = max(0, self._end - self._at)
        return self._taken(self._file.read(left if size < 0 else min(size, left)))

    def readline(self):
        self._file.seek(self._at)
        return self._taken(self._file.readline(max(0, self._end - self._at)))

    def seek(self, offset, whence=0):
        self._at = (self._start, self._at, self._end)[whence] + offset
        return self._at - self._start

    def close(self):
        pass  # the archive stays open

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


class Archive:
    """The members of an archive as a file system to import from; a plain .py of the same name that lies in the board's
    own folders goes before a member, so that its owner can change one file and see its lines in a traceback."""

    def __init__(self, path):
        """Raises OSError for a file that cannot be read, and ValueError, which says why, for one that is no whole
        firmware for this interpreter."""
        self._file = open(path, "rb")
        try:
            self.head = self._checked()
            count = self.head["members"]
            self._names = self._file.read(4 * count)  # CRC-32 of each path, little-endian
            self._places = self._file.read(4 * count + 4)  # where each begins, and the end
        except BaseException:
            self._file.close()
            raise
        self._body = self._file.seek(0, 1)
        self._patches = []
        for name in sorted(os.listdir("")):
            if name == _VENDORS or self._find(name + "/") is not None or self._overrides(name):
                self._look_for_patches(name)

    def _checked(self):
        """The head, read and checked with all that follows it."""
        file = self._file
        if file.readline() != _MAGIC:
            raise ValueError("no firmware")
        try:
            head = json.loads(file.readline())
            file.readline()  # the signature
            start, digest = file.seek(0, 1), hashlib.sha256()
            piece = bytearray(_PIECE)
            size = 0
            while True:
                count = file.readinto(piece)
                if not count:
                    break
                size += count
                digest.update(memoryview(piece)[:count])
            if size != head["size"] or binascii.hexlify(digest.digest()).decode() != head["sha256"]:
                raise ValueError("damaged")
        except (KeyError, TypeError):
            raise ValueError("damaged")
        if head["mpy"] not in (sys.implementation._mpy, sys.implementation._mpy & 0xFF):
            raise ValueError("for another interpreter: %s" % head["arch"])
        file.seek(start)
        return head

    def _find(self, path):
        """Which member `path` is, a folder if it ends in a slash; None."""
        key = struct.pack("<I", binascii.crc32(path.encode()))
        at = self._names.find(key)
        while at >= 0:
            if at % 4 == 0:
                return at // 4
            at = self._names.find(key, at + 1)
        return None

    def _overrides(self, name):
        stem, _, kind = name.rpartition(".")
        return kind == "py" and (self._find(name) is not None or self._find(stem + ".mpy") is not None)

    def _look_for_patches(self, path):
        if path.endswith(".py"):
            self._patches.append(path)
            print("slots:", path, "goes before the firmware's own")
        elif os.stat(path)[0] & 0x4000:
            for name in sorted(os.listdir(path)):
                if name.endswith(".py") or "." not in name:
                    self._look_for_patches(path + "/" + name)

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def chdir(self, path):
        raise OSError(_NO_FILE)

    def getcwd(self):
        return "/"

    def stat(self, path):
        path = path.strip("/")
        if path in self._patches:
            return os.stat(path)
        at = self._find(path)
        if at is not None:
            return (0x8000, 0, 0, 0, 0, 0, self._size(at), 0, 0, 0)
        inside = path + "/"
        if not path or self._find(inside) is not None or any([name.startswith(inside) for name in self._patches]):
            return _FOLDER
        raise OSError(_NO_FILE)

    def _size(self, at):
        begin, end = struct.unpack_from("<II", self._places, 4 * at)
        return end - begin

    def open(self, path, mode):
        path = path.strip("/")
        if path in self._patches:
            return open(path, mode)
        at = self._find(path)
        if at is None:
            raise OSError(_NO_FILE)
        start = struct.unpack_from("<I", self._places, 4 * at)[0]
        return Member(self._file, self._body + start, self._size(at), "b" not in mode)


def _pointer():
    """The slot that POINTER names, or the first one."""
    try:
        with open(POINTER) as file:
            name = file.read(64).strip()
    except (OSError, ValueError):
        return SLOTS[0]
    return name if name in SLOTS else SLOTS[0]


def choose(name):
    """Let the slot `name` start the next time; it is on flash when this returns, or not at all. OSError."""
    with open(POINTER + ".new", "w") as file:
        file.write(name)
    os.rename(POINTER + ".new", POINTER)


def start():
    """Mount the chosen slot, or the other one if that is damaged; its name, or None with a line that says why."""
    chosen = _pointer()
    for name in sorted(SLOTS, key=lambda name: name != chosen):
        try:
            archive = Archive(name)
        except (OSError, ValueError) as error:
            print("slots: %s cannot be started: %s" % (name, "not there" if isinstance(error, OSError) else error))
            continue
        vfs.mount(archive, MOUNTED_AT)
        sys.path[0] = MOUNTED_AT
        return name
    print("slots: no firmware can be started; copy one with `make flash`")
    return None
