# micropython only: it has littlefs
"""firmware_files.Flash: the tick runs between the reads of littlefs, of which one call in C makes many."""

import micropython
import vfs

from flash import Flash
from ticked_evse import Counted

import firmware_files
from hal.evse.safety_loop import Safety


def ticks_while_a_file_is_read(between):
    """How many of those that are always due come within one read of 16 blocks."""
    flash = Flash()
    vfs.VfsLfs2.mkfs(flash)
    device = firmware_files.Flash(flash)
    system = vfs.VfsLfs2(device)
    with system.open("file", "wb") as file:
        file.write(bytes(65536))
    count, ended = [0], []

    def tick(_):
        count[0] += 1
        if not ended:
            micropython.schedule(tick, None)

    with system.open("file", "rb") as file:
        if between:
            device.between = between
        micropython.schedule(tick, None)
        before = count[0]
        file.read()
        after = count[0]
        ended.append(True)
    return after - before


def test_ticks_come_between_the_reads():
    safety = Safety([Counted(0, None)])
    assert ticks_while_a_file_is_read(safety.let_in) >= 16
    assert ticks_while_a_file_is_read(None) <= 1, "so nobody else lets them in"
