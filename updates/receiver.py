"""Streams a package to flash, beside both slots, and verifies it. It is no slot before install() renames it."""

import asyncio
import binascii
import hashlib
import os

from micropython import const

from updates import PART, UpdateError
from version import VERSION

_SYNC_BYTES = const(8192)  # are lost at most by a power cut
_PIECE_BYTES = const(1024)
_PIECES_AT_ONCE = const(8)  # then others may run
_NO_SPACE = const(28)  # ENOSPC
KEPT_FREE = 65536  # bytes of flash that the store may still want


def _pointer(root):
    """What installation.read() says of a trial."""
    from updates import installation

    return installation.read(root)[1]


def _free_slot(root):
    from updates import installation

    return installation.other(installation.running(root))


class Receiver:
    """A package that comes in pieces. `settings`: the section updates of config.json; `board`: board.type in it;
    `root` as in installation.py.

    `head`: its fields, see package.py, as soon as they have arrived and been checked; `validator`: text, in which the
    transfer notes which version of a file it is, and which may be kept over a restart; `digest`: after finish(), the
    SHA-256 of the whole file in hexadecimal digits. Every function may raise UpdateError; what was received is gone
    then, but for a package that is too short."""

    def __init__(self, settings, board, root=""):
        self.head = None
        self.validator = self.digest = ""
        self._settings, self._board, self._root = settings, board, root
        self._file = None
        self._beginning = b""  # the head, while it is not complete
        self._digest = None  # of all bytes as they arrived, unless some were there before
        self._received = self._size = 0
        self._position = self._size_on_flash()

    @property
    def position(self):
        """How many bytes of a package are on flash, from where begin() can go on, also after a restart."""
        if self._file:
            self._guarded(self._file.flush)
            self._position = self._received
        return self._position

    def begin(self, offset):
        """From now on write() gets the bytes from `offset` on: 0, or `position` to continue the file on flash."""
        self.close()
        if offset not in (0, self._position):
            raise ValueError("%d is neither 0 nor %d" % (offset, self._position))
        about = _pointer(self._root)
        if "trial" in about:
            raise UpdateError("OnTrial", "version %s is still on trial" % about.get("version"))
        if not offset:
            self.abort()
            self._digest = hashlib.sha256()
            return
        if not self._check_head(self._head_on_flash()):
            self.abort()
            raise UpdateError("NotFirmware", "what is on flash has no head")
        self._received = offset
        self._file = self._opened("ab")

    def _head_on_flash(self):
        from updates import package

        with self._opened("rb") as file:
            return file.read(package.MAX_HEAD)

    def write(self, piece):
        """The next bytes, of any number."""
        if self._file:
            self._append(piece)
            return
        self._beginning += bytes(piece)
        if self._check_head(self._beginning):
            beginning, self._beginning = self._beginning, b""
            self._make_room()
            self._file = self._opened("wb")
            self._append(beginning)

    async def finish(self):
        """The `head`, when all that has arrived is on flash and is what the head says: read back from there."""
        self.close()
        if self.head is None or self._received < self._size:
            raise UpdateError(
                "Damaged",
                "it is too short: %d bytes of %s" % (self._received, self._size or "its head are missing some"),
            )
        digest, self._digest = self._digest, None
        arrived = digest and digest.digest()
        whole, body = await self._read_back()
        if arrived and arrived != whole:
            self.abort()
            raise UpdateError("FlashFailed", "flash does not hold what was written to it")
        if binascii.hexlify(body).decode() != self.head["sha256"]:
            self.abort()
            raise UpdateError("Damaged", "its content has another SHA-256 than its head says")
        self.digest = binascii.hexlify(whole).decode()
        return self.head

    def close(self):
        """Close the file; a later begin(position) continues it, also after a restart."""
        if self._file:
            file, self._file = self._file, None
            self._guarded(file.close)
            self._position = self._received

    def abort(self):
        """Remove what was received."""
        file, self._file = self._file, None
        try:
            if file:
                file.close()
        except OSError:
            pass  # it is removed anyway
        try:
            os.remove(self._path())
        except OSError:
            pass  # there is none
        self.head = self._digest = None
        self._beginning = b""
        self._received = self._size = self._position = 0

    def _path(self):
        return self._root + PART

    def _size_on_flash(self):
        try:
            return os.stat(self._path())[6]
        except OSError:
            return 0

    def _opened(self, mode):
        return self._guarded(open, self._path(), mode)

    def _guarded(self, function, *arguments):
        """The result of `function`; its OSError as UpdateError."""
        try:
            return function(*arguments)
        except OSError as error:
            self.abort()
            if error.errno == _NO_SPACE:
                raise UpdateError("FlashFull", "flash is full")
            raise UpdateError("FlashFailed", "flash cannot be written: %r" % error)

    def _check_head(self, beginning):
        """Whether the head is complete in `beginning`; it is checked then, by code that is not needed afterwards."""
        from updates import package

        try:
            length = package.end_of_head(beginning)
            if length:
                self.head = package.check_head(beginning, self._settings, self._board, VERSION, self._root)
                self._size = length + self.head["size"]
        except UpdateError:
            self.abort()
            raise
        return length > 0

    def _make_room(self):
        """Remove the slot that does not run if the package needs its room."""
        if self._missing() > 0:
            try:
                os.remove(self._root + _free_slot(self._root))
            except OSError:
                pass  # it is empty
        missing = self._missing()
        if missing > 0:
            size = self._size
            self.abort()
            raise UpdateError("FlashFull", "flash lacks %d bytes for the %d of the package" % (missing, size))

    def _missing(self):
        about = os.statvfs(self._root or os.getcwd())
        return self._size + KEPT_FREE - about[1] * about[3]

    def _append(self, piece):
        if self._received + len(piece) > self._size:
            size = self._size
            self.abort()
            raise UpdateError("Damaged", "it is longer than the %d bytes that its head says" % size)
        self._guarded(self._file.write, piece)
        if self._digest:
            self._digest.update(piece)
        self._received += len(piece)
        if self._received - self._position >= _SYNC_BYTES:
            self._guarded(self._file.flush)
            self._position = self._received

    async def _read_back(self):
        """(SHA-256 of the file, SHA-256 of what follows its head), from flash."""
        whole, body = hashlib.sha256(), hashlib.sha256()
        piece = memoryview(bytearray(_PIECE_BYTES))
        with self._opened("rb") as file:
            for _ in range(3):
                whole.update(file.readline())
            pieces = 0
            while True:
                count = self._guarded(file.readinto, piece)
                if not count:
                    return whole.digest(), body.digest()
                whole.update(piece[:count])
                body.update(piece[:count])
                pieces += 1
                if pieces % _PIECES_AT_ONCE == 0:
                    await asyncio.sleep(0)
