"""The head of a package, which is an archive as slots.py describes it, and whether this board may run what follows.

It is three lines: "upoint firmware 1"; JSON with arch, boards (each a board.type), layout, members, micropython (the
oldest, as "1.25"), mpy, sha256 and size of what follows, and version; the signature of both in base64, or "-".
"""

import binascii
import json
import sys

from micropython import const

from updates import UpdateError

MAX_HEAD = const(2048)  # bytes of the three lines
MAX_SIZE = const(600000)  # bytes of a package: three of them and the store are on a flash of 2 MB
_MAX_VERSION = const(20)  # characters; it stands in firmware.slot, too
KEY = "config/update.pub"
_MAGIC = b"upoint firmware 1\n"
_UNSIGNED = b"-"
_FIELDS = {
    "boards": list,
    "layout": int,
    "members": int,
    "micropython": str,
    "mpy": int,
    "sha256": str,
    "size": int,
    "version": str,
}


def end_of_head(data):
    """The number of bytes of `data`, the beginning of a package, that are its head; 0 while it is not complete.
    UpdateError as soon as it cannot be one."""
    if not _MAGIC.startswith(data[: len(_MAGIC)]):
        raise UpdateError("NotFirmware", "it does not begin like firmware of upoint")
    end = -1
    for _ in range(3):
        end = data.find(b"\n", end + 1, MAX_HEAD)
        if end < 0:
            break
    if end < 0 and len(data) >= MAX_HEAD:
        raise UpdateError("NotFirmware", "its head is longer than %d bytes" % MAX_HEAD)
    return end + 1


def check_head(data, settings, board, version, root):
    """The fields of the head with which `data` (bytes) begins, which is complete, if this board may run the package;
    UpdateError. `settings` are the section updates of config.json, `board` its board.type, `version` is that of the
    running firmware. Of `data` there are no copies: over wss a board has no room for them."""
    view, end = memoryview(data), end_of_head(data)
    signed = data.rfind(b"\n", 0, end - 1) + 1
    _check_signature(view[:signed], view[signed : end - 1], settings["unsigned"], root)
    fields = _fields(view[len(_MAGIC) : signed])
    _check_interpreter(fields)
    if board not in fields["boards"]:
        raise UpdateError("WrongBoard", "it is for %s, this board is %s" % (", ".join(fields["boards"]), board))
    if not settings["downgrade"] and numbers(fields["version"]) < numbers(version):
        raise UpdateError(
            "Downgrade",
            "its version %s is older than %s, and config.json does not have updates.downgrade"
            % (fields["version"], version),
        )
    if fields["size"] + end > MAX_SIZE:
        raise UpdateError("TooLarge", "it has %d bytes, at most %d" % (fields["size"] + end, MAX_SIZE))
    return fields


def _check_signature(signed, signature, unsigned_allowed, root):
    if bytes(signature).rstrip() == _UNSIGNED:
        if not unsigned_allowed:
            raise UpdateError("Unsigned", "it is not signed, and config.json does not have updates.unsigned")
        return
    from updates import signature as rsa

    try:
        modulus = rsa.public_key(root + KEY)
    except OSError:
        if unsigned_allowed:
            return
        raise UpdateError("NoPublicKey", "there is no %s to check its signature with" % KEY)
    except ValueError as error:
        raise UpdateError("NoPublicKey", "%s: %s" % (KEY, error))
    try:
        good = rsa.is_valid(modulus, signed, binascii.a2b_base64(signature))
    except ValueError:
        good = False
    if not good:
        raise UpdateError("InvalidSignature", "its signature is not by the key in %s" % KEY)


def _fields(line):
    """The head as dict, of the right types."""
    try:
        fields = json.loads(line)
        good = isinstance(fields, dict) and all([type(fields.get(name)) is _FIELDS[name] for name in _FIELDS])
    except ValueError:
        good = False
    if not good or fields["size"] <= 0 or not all([type(name) is str for name in fields["boards"]]):
        raise UpdateError("NotFirmware", "its head does not say what it is for")
    return fields


def _check_interpreter(fields):
    here = sys.implementation
    if fields["mpy"] not in (here._mpy, here._mpy & 0xFF):
        raise UpdateError(
            "WrongArchitecture",
            "it is for the processor %s, with another .mpy format than this MicroPython's" % fields.get("arch"),
        )
    if numbers(fields["micropython"]) > tuple(here.version[:3]):
        raise UpdateError(
            "WrongMicroPython",
            "it needs MicroPython %s, here is %s"
            % (fields["micropython"], ".".join([str(number) for number in here.version[:3]])),
        )


def numbers(version):
    """A version, such as "1.2.3", as tuple of numbers to compare. UpdateError."""
    parts = version.split(".")
    if len(version) > _MAX_VERSION or not all([part.isdigit() for part in parts]):
        raise UpdateError("NotFirmware", "%r is no version" % version[:20])
    return tuple([int(part) for part in parts])
