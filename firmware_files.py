"""The members of a firmware archive as a file system to import from; slots.py finds and checks the archive."""

import binascii
import io
import os
import struct

from micropython import const

_NO_FILE = const(2)  # ENOENT
_FOLDER = (0x4000, 0, 0, 0, 0, 0, 0, 0, 0, 0)
_GET_BUFFER_SIZE = const(11)  # of MicroPython's streams
_BUFFER = const(512)


class _Member(io.IOBase):
    """A file in `archive`, open for reading: what is between the places `start` and `end` of `file`."""

    def __init__(self, archive, file, start, end, text):
        self._archive = archive
        self._file = file
        self._start = self._at = start
        self._end = end
        self._text = text

    def ioctl(self, request, argument):
        return _BUFFER if request == _GET_BUFFER_SIZE else 0

    def readinto(self, buffer):
        room = memoryview(buffer)[: max(0, self._end - self._at)]
        n = 0
        if self._archive.get:
            while n < len(room):  # for MicroPython fewer would be the end
                data = self._archive.get(self._at + n, len(room) - n)
                room[n : n + len(data)] = data
                n += len(data)
        else:
            self._file.seek(self._at)
            n = self._file.readinto(room)
        self._at += n
        return n

    def _taken(self, data):
        self._at += len(data)
        return data.decode() if self._text else data

    def read(self, n=-1):
        left = max(0, self._end - self._at)
        left = left if n < 0 else min(n, left)
        if self._archive.get:
            data = self._archive.get(self._at, left)
            if len(data) == left:
                return self._taken(bytes(data))
        self._file.seek(self._at)
        return self._taken(self._file.read(left))

    def readline(self):
        # In pieces, for readline() takes memory for all that it is allowed to read.
        self._file.seek(self._at)
        line, left = b"", max(0, self._end - self._at)
        while left and not line.endswith(b"\n"):
            line += self._file.readline(min(left, _BUFFER))
            left = max(0, self._end - self._at - len(line))
        return self._taken(line)

    def seek(self, n, whence=0):
        self._at = (self._start, self._at, self._end)[whence] + n
        return self._at - self._start

    def close(self):
        pass  # the archive stays open

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


class Flash:
    """The block device `device`, for littlefs. between() is called before each read, write and erasure, of which one
    call of littlefs makes up to some thousand."""

    def __init__(self, device):
        self._device = device

    def between(self):
        pass

    def readblocks(self, block, buffer, start=0):
        self.between()
        return self._device.readblocks(block, buffer, start)

    def writeblocks(self, block, buffer, start=0):
        self.between()
        return self._device.writeblocks(block, buffer, start)

    def ioctl(self, request, argument):
        self.between()
        return self._device.ioctl(request, argument)


ALIAS = "_.mpy"  # the member that is called `target` at this moment


class Archive:
    """The members of an archive as a file system to import from. `patches`: the paths of those that are files in the
    board's own folders instead; `slot`: the file that it is; `get`, where flash can be seen (in_place.py): gives of a
    place in it and a number of bytes those that are in one piece."""

    mounted = target = slot = get = None

    def __init__(self, file, count):
        """`file` is open and stands behind the head; `count` members follow."""
        self._file = file
        self.start = file.seek(0, 1)
        self.keys = file.read(4 * count)  # CRC-32 of each path, little-endian
        self._places = file.seek(0, 1)  # behind which there is where each begins, and the end
        self._body = self._places + 4 * count + 4
        self.patches = ()

    def find(self, path):
        """Which member `path` is, a folder if it ends in a slash; None."""
        key = struct.pack("<I", binascii.crc32(path.encode()))
        at = self.keys.find(key)
        while at >= 0:
            if at % 4 == 0:
                return at // 4
            at = self.keys.find(key, at + 1)
        return None

    def mount(self, readonly, mkfs):
        Archive.mounted = self

    def umount(self):
        Archive.mounted = None

    def chdir(self, path):
        raise OSError(_NO_FILE)

    def getcwd(self):
        return "/"

    def stat(self, path):
        path = self._member(path)
        if path in self.patches:
            return os.stat(path)
        at = self.find(path)
        if at is not None:
            return (0x8000, 0, 0, 0, 0, 0, self._size(at), 0, 0, 0)
        inside = path + "/"
        if not path or self.find(inside) is not None or any([name.startswith(inside) for name in self.patches]):
            return _FOLDER
        raise OSError(_NO_FILE)

    def _member(self, path):
        path = path.strip("/")
        return self.target if path == ALIAS and self.target else path

    def offers(self, path):
        """Whether the member `path` is there, and no plain .py in its place."""
        return path[:-3] + "py" not in self.patches and self.find(path) is not None

    def _place(self, index):
        """(where the member `index` begins, where it ends), read when it is needed: all would take 1 kB of memory."""
        self._file.seek(self._places + 4 * index)
        return struct.unpack("<II", self._file.read(8))

    def _size(self, index):
        start, end = self._place(index)
        return end - start

    def tell(self, path):
        """Where in the archive's file the member `path`, which is there, begins."""
        return self._body + self._place(self.find(path))[0]

    def open(self, path, mode):
        path = self._member(path)
        if path in self.patches:
            return self._patch(path, mode)
        at = self.find(path)
        if at is None:
            raise OSError(_NO_FILE)
        start, end = self._place(at)
        return _Member(self, self._file, self._body + start, self._body + end, mode != "rb")

    def _patch(self, path, mode):
        """A plain .py, with the names that the firmware has been built with."""
        if mode != "rb" or path == "names.py" or self.find("names.mpy") is None:
            return open(path, mode)
        import names

        return names.opened(path)
