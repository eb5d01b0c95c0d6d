"""The archive that the firmware is on flash: made from its files, and read again. slots.py says how it looks.

    python tools/archive.py FILE     what is in it
"""

import argparse
import base64
import binascii
import hashlib
import json
import struct
import sys
from pathlib import Path

MAGIC = b"upoint firmware 1\n"
UNSIGNED = b"- \n"  # of an odd length, as a signature in base64 and its newline


class Damaged(Exception):
    """No whole archive; args[0] says why."""


def pack(files, **head):
    """The archive of `files` (path -> bytes), not signed, always the same; `head` says what it is for: version, arch,
    mpy, boards, layout, micropython. What is of an even size begins at an even place, signed or not."""
    folders = {path[: at + 1] for path in files for at, letter in enumerate(path) if letter == "/"}
    members = {**files, **dict.fromkeys(folders, b"")}
    names, places, at = b"", b"", 0
    checksums = {binascii.crc32(path.encode()): path for path in members}
    if len(checksums) < len(members):
        raise ValueError("two paths with one CRC-32: rename one of %s" % sorted(set(members) - set(checksums.values())))
    members = dict(sorted(members.items(), key=lambda item: (len(item[1]) % 2, item[0])))
    for path, content in members.items():
        names += struct.pack("<I", binascii.crc32(path.encode()))
        places += struct.pack("<I", at)
        at += len(content)
    body = names + places + struct.pack("<I", at) + b"".join(members.values())
    head = {**head, "members": len(members), "size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    line = json.dumps(head, sort_keys=True).encode()
    line += b" " * (-len(MAGIC + line + b"\n" + UNSIGNED) % 2) + b"\n"
    return MAGIC + line + UNSIGNED + body


def sign(content, signature_of):
    """The archive `content` with the signature that signature_of(magic and head) returns, as bytes."""
    magic, head, _, body = content.split(b"\n", 3)
    signed = magic + b"\n" + head + b"\n"
    return signed + base64.b64encode(signature_of(signed)) + b"\n" + body


def read_head(content):
    """The head of an archive. Damaged."""
    try:
        magic, head, _, body = content.split(b"\n", 3)
        head = json.loads(head)
        if magic + b"\n" != MAGIC or len(body) != head["size"] or hashlib.sha256(body).hexdigest() != head["sha256"]:
            raise Damaged("its head and its content do not agree")
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("no firmware archive: %s" % error) from error
    return head


def read_member(content, path):
    """The bytes of the member `path` of an archive. Damaged; KeyError."""
    count = read_head(content)["members"]
    body = content.split(b"\n", 3)[3]
    checksums = struct.unpack_from("<%dI" % count, body)
    places = struct.unpack_from("<%dI" % (count + 1), body, 4 * count)
    if binascii.crc32(path.encode()) not in checksums:
        raise KeyError(path)
    at = checksums.index(binascii.crc32(path.encode()))
    return body[8 * count + 4 :][places[at] : places[at + 1]]


def main():
    parser = argparse.ArgumentParser(description="What an archive of the firmware is.")
    parser.add_argument("file", type=Path)
    try:
        print(json.dumps(read_head(parser.parse_args().file.read_bytes()), indent=1))
    except (OSError, Damaged) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
