"""The numbers by which MicroPython knows names, fixed, so that what it has to keep of names can lie in flash.

In a .mpy file names are texts. MicroPython gives each new one the next free number, keeps its text for ever, and makes
a table of numbers for each module. name_pool.py, on the board, gives all names of an archive the numbers that follow
BASE before any module is loaded; so the build knows them, and their texts and the modules' tables are in the archive.
This is worth 14 kB of the board's heap, 10 % (`make size`).

The numbers of MicroPython's own names are those of the image ESP32_GENERIC v1.25.0: rom_names.json has its names in
their order, read from its three tables. With another image the tables do not fit, so they stay on the heap.
"""

import io
import json
import re
import struct
import subprocess
import tokenize
from functools import lru_cache
from pathlib import Path
from tokenize import NAME, STRING

import mpy_index

MEMBER = "names.pool"
FIRST = "name_pool.mpy"  # gives them, before the rest of the archive is loaded
BASE = 4096  # as in name_pool.py; more than any MicroPython has of its own
_NAMES = Path(__file__).with_name("rom_names.json")
_ASK = """
import json, micropython, sys
class Holder: pass
for name in json.loads(sys.stdin.readline()): setattr(Holder, name, None)
setattr(Holder, "the last name of all", None)
print(json.dumps([[id(name) >> 3, name] for name in Holder.__dict__]))
micropython.qstr_info()
"""


@lru_cache(None)
def of_image():
    """Name -> number of the names of the image."""
    return {name: number for number, name in enumerate(json.loads(_NAMES.read_text())) if number}


def of_interpreter(interpreter, names):
    """Name -> number of those of `names` that the 32-bit MicroPython `interpreter` has of its own."""
    asked = json.dumps(sorted(names)) + "\n"
    output = subprocess.run([interpreter, "-c", _ASK], input=asked, capture_output=True, text=True, check=True).stdout
    known = {name: number for number, name in json.loads(output.split("\n")[0])}
    own = max(known.values()) + 1 - int(re.search(r"n_qstr=(\d+)", output)[1])
    return {name: number for name, number in known.items() if number < own}


def pool(names):
    """The bytes of the member MEMBER for the sorted list `names`, in UTF-8: how many, 16 bits, and the same again; the
    hash of each, 16 bits, their lengths, a byte each, and a zero if they are odd; that once more, for one of both lies
    within a block of flash; the texts with a zero behind each. All little-endian."""
    texts = [name.encode() for name in names]
    about = b"".join(struct.pack("<H", _hash(text)) for text in texts) + bytes(len(text) for text in texts)
    about += b"\0" * (len(about) % 2)
    body = struct.pack("<HH", len(texts), len(texts)) + about + about + b"".join(text + b"\0" for text in texts)
    return body + b"\0" * (len(body) % 2)


def texts(member):
    """The list of the names in the member MEMBER."""
    count, _ = struct.unpack_from("<HH", member)
    return [text.decode() for text in member[4 + 2 * (3 * count + count % 2) :].split(b"\0")[:count]]


def _hash(text):
    """As MicroPython's qstr_compute_hash() has it."""
    value = 5381
    for byte in text:
        value = (value * 33 ^ byte) & 0xFFFFFFFF
    return value & 0xFFFF or 1


def order(names):
    """The list of `names` in the order in which MicroPython looks them up."""
    return sorted(names, key=str.encode)


def numbered(names, known):
    """Name -> number: those of MicroPython's own, `known`, and of the list `names` from BASE on."""
    return {**known, **{name: BASE + at for at, name in enumerate(names)}}


def early(beside):
    """The names that are there before name_pool.py runs: those of the files `beside` the archive (path -> bytes)."""
    found = set()
    for path, content in beside.items():
        if path.endswith(".mpy"):
            found |= mpy_index.names(content)
        elif path.endswith(".py"):
            tokens = tokenize.generate_tokens(io.StringIO(content.decode()).readline)
            words = [token.string for token in tokens if token.type in (NAME, STRING)]
            found.update(word.strip("\"'") for word in words if word[0] != "b" or word[-1] not in "\"'")
    return found
