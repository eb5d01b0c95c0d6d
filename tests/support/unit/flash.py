"""littlefs on flash in RAM."""

import vfs

from micropython import const

BLOCK = const(4096)
_BLANK = b"\xff" * 512
_COUNT, _SIZE, _ERASE = const(4), const(5), const(6)
_EIO = const(-5)


class Flash:
    """A block device like that of the board: an erase sets bits, a program clears them. `each`, when there is one, is
    called with (address, data) before a program and with (address, None) before an erase; if it gives False the device
    fails. `erases` counts those of each block."""

    def __init__(self, blocks=32):
        self.data = bytearray(blocks * BLOCK)
        self.erase(0, blocks * BLOCK)
        self.erases = [0] * blocks
        self.programs = 0
        self.each = None

    def readblocks(self, block, buffer, offset=0):
        start = block * BLOCK + offset
        buffer[:] = memoryview(self.data)[start : start + len(buffer)]

    def writeblocks(self, block, buffer, offset=0):
        start = block * BLOCK + offset
        if self.each and self.each(start, buffer) is False:
            return _EIO
        self.programs += 1
        self.program(start, buffer)
        return 0

    def ioctl(self, operation, value):
        if operation == _COUNT:
            return len(self.erases)
        if operation == _SIZE:
            return BLOCK
        if operation == _ERASE:
            if self.each and self.each(value * BLOCK, None) is False:
                return _EIO
            self.erases[value] += 1
            self.erase(value * BLOCK, BLOCK)
        return 0

    def program(self, start, data):
        here = memoryview(self.data)[start : start + len(data)]
        if here == _BLANK[: len(data)]:
            here[:] = data
        else:
            for index in range(len(data)):
                here[index] &= data[index]

    def erase(self, start, size):
        for at in range(start, start + size, len(_BLANK)):
            self.data[at : at + len(_BLANK)] = _BLANK

    def format(self):
        vfs.VfsLfs2.mkfs(self)

    def mount(self):
        """Make it /flash, as it is now; sizes of reads, programs and look-ahead are the defaults, as on the board."""
        try:
            vfs.umount("/flash")
        except OSError:
            pass
        vfs.mount(vfs.VfsLfs2(self), "/flash")
