"""A board's flash with firmware archives on it, from which slots.py starts."""

import binascii
import hashlib
import json
import os
import struct
import sys
import vfs

from flash import Flash

import firmware_files
import slots

WORKING = {"answer.py": b"VALUE = 42\n", "rooms/__init__.py": b"", "rooms/a.py": b"from rooms import b\n",
           "rooms/b.py": b"TEXT = 'of the archive'\n", "tables/words.txt": b"one\ntwo\nthree\n"}


def archive(files, signature=b"-", **head):
    """The bytes of an archive, written from the description in slots.py."""
    members = dict(files)
    for path in files:
        for at in range(len(path)):
            if path[at] == "/":
                members[path[: at + 1]] = b""
    names = places = body = b""
    for path in sorted(members):
        names += struct.pack("<I", binascii.crc32(path.encode()))
        places += struct.pack("<I", len(body))
        body += members[path]
    body = names + places + struct.pack("<I", len(body)) + body
    digest = binascii.hexlify(hashlib.sha256(body).digest()).decode()
    about = {"arch": None, "mpy": sys.implementation._mpy & 0xFF, "members": len(members), "size": len(body)}
    about.update({"sha256": digest, "version": "1.0.0"}, **head)
    return b"upoint firmware 1\n" + json.dumps(about).encode() + b"\n" + signature + b"\n" + body


class Site:
    """A board's flash as the working folder, with these files; use with `with`."""

    def __init__(self, flash=None, blocks=32, **files):
        self.flash = flash or Flash(blocks)
        if flash is None:
            self.flash.format()
        self.files = {name.replace("_dot_", "."): content for name, content in files.items()}

    def __enter__(self):
        self.flash.mount()
        self.home, self.path = os.getcwd(), list(sys.path)
        self.modules = set(sys.modules)
        os.chdir("/flash")
        for name, content in self.files.items():
            write(name, content)
        return self

    def __exit__(self, *error):
        os.chdir(self.home)
        sys.path[:] = self.path
        for name in set(sys.modules) - self.modules:
            del sys.modules[name]
        try:
            vfs.umount(slots.MOUNTED_AT)
        except OSError:
            pass
        vfs.umount("/flash")


def write(name, content):
    at = name.rfind("/")
    if at > 0:
        try:
            os.mkdir(name[:at])
        except OSError:
            pass
    with open(name, "wb") as file:
        file.write(content)


def start():
    """(slot that started or None, lines that were printed)."""
    lines = []
    slots.print = firmware_files.print = lambda *words: lines.append(" ".join([str(word) for word in words]))
    try:
        return slots.start(), lines
    finally:
        del slots.print, firmware_files.print
