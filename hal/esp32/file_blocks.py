"""Where littlefs has the bytes of a file on its block device, for flash_map.py."""

from array import array

import vfs
from micropython import const

_BLOCK = const(4096)
_POINTER = const(4)
_ASKED = (4, 5)  # of ioctl: the number of blocks, and their size


class _Noting:
    """The block device `device`, for reading; `block` is the one that was read last."""

    def __init__(self, device):
        self._device = device
        self.block = 0

    def readblocks(self, block, buffer, offset=0):
        self.block = block
        return self._device.readblocks(block, buffer, offset)

    def writeblocks(self, block, buffer, offset=0):
        return -30  # EROFS

    def ioctl(self, request, argument):
        return self._device.ioctl(request, argument) if request in _ASKED else 0


def _ones(number):
    count = 0
    while number:
        number &= number - 1
        count += 1
    return count


def _begin(block):
    """Where in a file its block number `block` begins. In front of each but the first there are pointers to earlier
    ones: to the one before, and one more for each zero bit at the end of its number (littlefs, SPEC.md, "CTZ
    skip-lists")."""
    return block and _BLOCK * block - _POINTER * (2 * (block - 1) - _ones(block - 1))


def places(device, path):
    """(where in the file `path` each of its pieces begins, and where the last one ends; where on `device` each is), two
    arrays. OSError. They are wrong for a file of less than 2 kB, which littlefs may keep among the names.

    littlefs says which block it reads when it reads that byte of the file."""
    noting = _Noting(device)
    begins, found = array("I"), array("I")
    with vfs.VfsLfs2(noting).open(path, "rb") as file:  # type: ignore
        size = file.seek(0, 2)
        while _begin(len(begins)) < size:
            block = len(begins)
            begins.append(_begin(block))
            file.seek(begins[-1])
            file.read(1)
            found.append(_BLOCK * noting.block + (_POINTER * _ones(block ^ (block - 1)) if block else 0))
    begins.append(size)
    return begins, found
