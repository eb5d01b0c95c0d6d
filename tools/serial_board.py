"""A board with MicroPython at a serial port, for the tools: its raw REPL, its files, and a long file, compressed, in
lines that it confirms."""

import ast
import base64
import contextlib
import hashlib
import struct
import zlib

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

_CHUNK = 1024
_LINE = 180  # bytes in a line: with base64 and line end below the 260 that a board buffers
_PIECE, _WINDOW = 4096, 12  # bytes of a file that are compressed together, and two to which power they are
NEW = ".new"  # behind the name of a file that is not whole yet
_SILENT_S = 30
_LOST = (TransportError, OSError, struct.error)  # what the serial port and mpremote raise

# What the board does itself. A watchdog that runs already would reset the board meanwhile: it gets ten minutes.
_ON_BOARD = """
import binascii, deflate, hashlib, io, json, os, sys
try:
    import machine
    machine.WDT(timeout=600000)
except (ImportError, AttributeError, OSError, ValueError):
    pass
def digest(path):
    hash, part = hashlib.sha256(), bytearray(2048)
    with open(path, 'rb') as file:
        while True:
            size = file.readinto(part)
            if not size:
                return ''.join('%02x' % byte for byte in hash.digest())
            hash.update(memoryview(part)[:size])
def kind(path):
    try:
        return os.stat(path)[0] & 0x4000
    except OSError:
        return None
def store():
    try:
        with open('config/config.json') as file:
            return json.load(file)['storage']['path'].strip('./')
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 'data'
def walk(path, kept):
    if path == kept:
        return
    if kind(path) == 0x4000:
        for name in sorted(os.listdir(path)):
            walk(path + '/' + name, kept)
    elif kind(path) == 0:
        print(repr((path, digest(path))))
def receive(path, left):
    held = bytearray()
    with open(path, 'ab') as file:
        while left > 0:
            held.extend(binascii.a2b_base64(sys.stdin.readline()))
            if len(held) > 2 and len(held) == 2 + int.from_bytes(held[:2], 'little'):
                part = deflate.DeflateIO(io.BytesIO(memoryview(held)[2:]), deflate.RAW, 12).read()
                file.write(part)
                file.flush()
                left -= len(part)
                held = bytearray()
            print('.', end='')
"""


class Failed(Exception):
    """The text for the owner, in one line."""


def _packed(piece):
    """The bytes `piece` compressed (RFC 1951), with their number, 16 bits, in front."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -_WINDOW)
    packed = compressor.compress(piece) + compressor.flush()
    return struct.pack("<H", len(packed)) + packed


class Board:
    """The board at a serial port, in the raw REPL after a soft reset: its main.py does not run. Failed."""

    def __init__(self, port):
        try:
            with contextlib.redirect_stdout(None):  # mpremote prints what it did not expect
                self._link = SerialTransport(port, timeout=_SILENT_S)
                self._link.enter_raw_repl()
        except _LOST as error:
            raise Failed("%s: no MicroPython answers (%s)" % (port, error)) from error
        self.run(_ON_BOARD)

    def run(self, code):
        """What the code prints, as text."""
        try:
            return self._link.exec(code).decode()
        except _LOST as error:
            lines = (getattr(error, "error_output", "") or str(error)).strip().split("\n")
            raise Failed("the board says: " + lines[-1].strip()) from error

    def files(self, names):
        """Path -> SHA-256 of these files and of all below these folders but the store."""
        told = "".join(self.run("walk(%r, store())" % name) for name in names)
        return dict(ast.literal_eval(line) for line in told.split("\n") if line.strip())

    def write(self, path, content):
        """Make the file whole under another name, then put it in its place."""
        self._make_folders(path)
        new = path + NEW
        try:
            self._link.fs_writefile(new, content, _CHUNK)
        except _LOST as error:
            raise Failed("%s: cannot be copied (%s)" % (path, error)) from error
        if self.digest(new) != hashlib.sha256(content).hexdigest():
            raise Failed("%s: arrived damaged" % path)
        self.run("os.rename(%r, %r)" % (new, path))

    def digest(self, path):
        """SHA-256 of a file, in hexadecimal digits."""
        return self.run("print(digest(%r))" % path).strip()

    def append(self, path, content, progress):
        """Append `content` to the file, in pieces; the board confirms each line; progress(bytes so far)."""
        serial = self._link.serial
        try:
            self._link.exec_raw_no_follow("receive(%r, %d)" % (path, len(content)))
            for begin in range(0, len(content), _PIECE):
                packed = _packed(content[begin : begin + _PIECE])
                for at in range(0, len(packed), _LINE):
                    serial.write(base64.b64encode(packed[at : at + _LINE]) + b"\n")
                    if not serial.read_until(b".").endswith(b"."):
                        raise Failed("%s: the board does not answer" % path)
                progress(min(len(content), begin + _PIECE))
            self._link.follow(_SILENT_S)
        except _LOST as error:
            raise Failed("%s: cannot be copied (%s)" % (path, error)) from error

    def size(self, path):
        """Of a file in bytes; 0 if there is none."""
        return int(self.run("print(os.stat(%r)[6] if kind(%r) == 0 else 0)" % (path, path)))

    def _make_folders(self, path):
        parts = path.split("/")[:-1]
        for count in range(1, len(parts) + 1):
            folder = "/".join(parts[:count])
            self.run("if kind(%r) is None: os.mkdir(%r)" % (folder, folder))

    def remove(self, path):
        self.run("os.remove(%r)" % path)

    def rename(self, old, new):
        self.run("os.rename(%r, %r)" % (old, new))

    def reset(self):
        """Start the board again; nothing can be asked of it afterwards."""
        self._link.exec_raw_no_follow("import machine\nmachine.reset()")
        self._link.close()

    def give_up(self):
        """Start the board again if it can be: with what it had, or with boot.py alone."""
        with contextlib.suppress(*_LOST):
            self.reset()
