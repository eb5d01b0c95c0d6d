"""What names take of the board's memory, for size.py."""

import re

import mpy_index
import name_numbers
from archive import read_member
from processes import ROOT
from rom_names import SIMULATION, rom

MODULES = ROOT / "build" / "modules" / "esp32"
_BOARD = ROOT / "build" / "esp32"


def put_names(folder, tree):
    """Put into `folder` what numbers the names, which the probe does before all else."""
    first = ROOT / "build" / "modules" / tree.name / name_numbers.FIRST
    folder.joinpath(name_numbers.FIRST).write_bytes(first.read_bytes())
    folder.joinpath(name_numbers.MEMBER).write_bytes(_pool_of(tree))


def _pool_of(tree):
    return read_member((tree / "firmware.a").read_bytes(), name_numbers.MEMBER)


def pooled():
    """The list of the names that name_pool.py numbers on the board."""
    return name_numbers.texts(_pool_of(_BOARD))


def bytes_of_names(output):
    """What all names take where this was measured, as the last qstr_info() in `output` tells."""
    return int(re.findall(r"n_total_bytes=(\d+)", output)[-1])


def firmware_names(output, tree):
    """The names that the firmware has left in memory: those in `output` that its modules in the folder `tree` bring
    along, not in the image, and not of the simulation alone, on which the stand-in for the chip stands."""
    told = set(re.findall(r"^Q\((.*)\)\r?$", output, re.M)) - rom()
    archive = (tree / "firmware.a").read_bytes()
    paths = [path.relative_to(MODULES).as_posix() for path in MODULES.rglob("*.mpy")]
    modules = [read_member(archive, path) for path in paths if not path.startswith(SIMULATION)]
    modules += [path.read_bytes() for path in tree.glob("*.mpy")]
    return told & set().union(*(mpy_index.names(module) for module in modules))


def names_take(names, known=()):
    """Bytes that `names` take on the board. Those that name_pool.py has, `known`: an address each, used or not. Of
    others: their texts, and tables of 7 bytes an entry, each as large again as the last one (20, 40, 80 ...)."""
    others = [name for name in names if name not in known]
    total, entries, free = sum(len(name) + 1 for name in others), 10, 0
    if known:
        total += -(-(24 + 4 * len(known)) // 16) * 16
    for _ in others:
        if not free:
            entries = free = entries * 2
            total += -(-(24 + 7 * entries) // 16) * 16
        free -= 1
    return total
