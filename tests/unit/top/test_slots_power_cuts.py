# micropython only: it has littlefs
"""slots.py: a working firmware starts, whenever the power goes while the pointer or an archive is written."""

import os

from flash import BLOCK, Flash
from slots_flash import WORKING, Site, archive, start

import slots


def recorded(flash, story):
    """(what was on `flash`, all its block operations while `story()` ran)."""
    first, operations = bytes(flash.data), []
    flash.each = lambda address, data: operations.append((address, data and bytes(data)))
    story()
    flash.each = None
    return first, operations


def cut_anywhere(first, operations):
    """The flash after a power cut at each block operation, clean and with half of it done; at last without one."""
    landed = bytearray(first)
    for address, data in operations:
        for part in (0, 2, 1):
            flash = Flash()
            flash.data[:] = landed
            size = (BLOCK if data is None else len(data)) // part if part else 0
            if data is None:
                flash.erase(address, size)
            else:
                flash.program(address, data[:size])
            if part == 1:
                landed[:] = flash.data
            else:
                yield flash
    yield flash


def test_power_cut_at_every_write_of_the_pointer():
    with Site(firmware_dot_a=archive(WORKING), firmware_dot_b=archive(WORKING)) as site:
        slots.select("firmware.b")
        recording = recorded(site.flash, lambda: slots.select("firmware.a"))
    started = []
    for flash in cut_anywhere(*recording):
        with Site(flash):
            slot, lines = start()
            assert slot and not lines
            started.append(slot)
    assert started[0] == "firmware.b" and started[-1] == "firmware.a"
    print("cuts: %d" % len(started))


def test_power_cut_at_every_write_of_flashing():
    """tools/flash.py appends to firmware.part, renames it, and lets it start: what ran goes on until then."""
    new = archive({"big.py": b"#" * 9000, "answer.py": b"VALUE = 43\n"})

    def flashing():
        with open("firmware.part", "ab") as file:
            for at in range(0, len(new), 4096):
                file.write(new[at : at + 4096])
                file.flush()
        os.rename("firmware.part", "firmware.b")
        slots.select("firmware.b")

    with Site(firmware_dot_a=archive(WORKING)) as site:
        recording = recorded(site.flash, flashing)
    started = []
    for flash in cut_anywhere(*recording):
        with Site(flash):
            slot, lines = start()
            import answer

            assert answer.VALUE == {"firmware.a": 42, "firmware.b": 43}[slot] and not lines
            started.append(slot)
    assert started[0] == "firmware.a" and started[-1] == "firmware.b"
    print("cuts: %d" % len(started))
