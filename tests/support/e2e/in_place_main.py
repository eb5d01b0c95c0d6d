"""Runs under a MicroPython with words of 32 bits in the place of main.py: the same, with the functions of the firmware
in place, as on the board, where flash can be seen; here that is a copy of the archive beside the heap."""

import sys
from array import array

from process_memory import Words, copy_of

sys.path.insert(0, "")
import slots  # noqa: E402

slots.start()
del slots, sys.modules["slots"]


class Machine:
    mem32 = Words()


import name_pool  # noqa: E402

with open("/fw/names.pool", "rb") as file:
    name_pool.install(file, Machine.mem32)

import app  # noqa: E402
import memory  # noqa: E402
import modules  # noqa: E402

_manage = memory.manage


def manage():
    _manage()
    slot = modules.archive and modules.archive.mounted.slot
    if slot and memory.managed():
        address, size = copy_of(slot)
        sys.modules["machine"] = Machine
        from hal.esp32 import flash_map

        modules.run_in_place(array("I", [0, size]), array("I", [address]), (app.main, manage), flash_map.is_whole)
        del sys.modules["machine"]


memory.manage = manage
try:
    app.main(sys.argv[1:])
except Exception as error:
    sys.path.append("")
    import slots

    slots.end(error)
    raise
