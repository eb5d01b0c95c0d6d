# micropython only: it has littlefs
"""flash_map.py and file_blocks.py: where on flash a file is, and how flash is shown."""

import random
from array import array

import vfs
from flash import Flash
from hal.esp32 import _flash_map_py, file_blocks

try:
    from hal.esp32 import _flash_map
except ImportError:
    _flash_map = _flash_map_py  # no machine code for this machine


def seen(flash, path):
    """What the places of the file `path` show."""
    begins, places = file_blocks.places(flash, path)
    assert len(begins) == len(places) + 1
    pieces = [flash.data[places[at] : places[at] + begins[at + 1] - begins[at]] for at in range(len(places))]
    return b"".join([bytes(piece) for piece in pieces])


def test_the_places_of_a_file_show_its_bytes_whatever_its_size():
    random.seed(7)
    for size in (5000, 4096 * 2 - 4, 4096 * 2 - 3, 4096 * 8, 70001, 330000):
        flash = Flash(120)
        vfs.VfsLfs2.mkfs(flash)
        system = vfs.VfsLfs2(flash)
        data = bytes([random.getrandbits(8) for _ in range(997)]) * (size // 997 + 1)
        with system.open("f", "wb") as file, system.open("other", "wb") as other:
            for at in range(0, size, 3000):  # in turns, so that blocks of both lie between each other
                file.write(data[at : min(at + 3000, size)])
                if size < 200000:
                    other.write(data[:3000])
        assert seen(flash, "f") == data[:size], size


def test_the_places_of_a_file_are_asked_for_without_a_write():
    flash = Flash(40)
    vfs.VfsLfs2.mkfs(flash)
    with vfs.VfsLfs2(flash).open("f", "wb") as file:
        file.write(b"x" * 30000)
    before = bytes(flash.data)
    file_blocks.places(flash, "f")
    assert bytes(flash.data) == before


def mapped(function, state=1 << 7):
    table, control, states = array("I", [256] * 8), array("I", [0x28, 0x15]), array("I", [state])
    result = function(table, 32, 6, control, states)
    return result, list(table), list(control), list(states)


def test_pages_are_mapped_and_the_cache_is_on_afterwards():
    for function in (_flash_map.map_pages, _flash_map_py.map_pages):
        assert mapped(function) == (0, [32, 33, 34, 35, 36, 37, 256, 256], [0x28, 0x15], [0x80])


def test_nothing_is_mapped_while_the_cache_is_busy():
    for function in (_flash_map.map_pages, _flash_map_py.map_pages):
        assert mapped(function, 2 << 7) == (1, [256] * 8, [0x28, 0x15], [0x100])
