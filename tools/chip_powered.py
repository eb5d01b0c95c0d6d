"""An emulated board with its flash and its power, and the verdict over all that its console said."""

import re
import tempfile
from pathlib import Path

from chip_board import Board, micropython
from chip_heaps import TELLS, Heaps, heap_of_line
from chip_image import built_files, equip, read_files, write_image
from processes import free_port

_RESET = re.compile(r"rst:0x")
_FATAL = re.compile(r"Guru Meditation|abort\(\) was called|Traceback \(most|MemoryError|memory allocation failed|"
                    r"phy_init: failed|task_wdt|CORRUPT HEAP")
_EXCERPT = 12  # lines
_SHOWN = 200  # signs of a line


def is_fatal(text):
    """Whether this console line must not be there."""
    return bool(_FATAL.search(text))


def excerpt(lines, at=None):
    """Console lines around the index `at`, or the last ones, in one text."""
    shown = [text for text in lines[max(0, at - 3) if at else 0 :] if not text.startswith(TELLS)]
    return "".join("\n      " + text for text in (shown[-_EXCERPT:] if at is None else shown[:_EXCERPT]))


class PoweredBoard:
    """Use with `with`: no emulator outlives it. `board`: None while the power is off; `failures`: what went wrong, in
    lines; `heaps`: what was reported of them."""

    def __init__(self, name, options):
        self.name, self.options = name, options
        self.failures, self.heaps = [], Heaps()
        self.board = None
        self._resets = 0
        self._folder = tempfile.TemporaryDirectory(prefix="chip-")
        self.folder = Path(self._folder.name)
        self.flash = self.folder / "flash.bin"
        self._page_port = free_port()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.power_cut()
        self._folder.cleanup()

    def say(self, text, *values):
        print("  " + (text % values if values else text), flush=True)

    def fail(self, text, *values):
        self.failures.append(text % values if values else text)

    def write_flash(self, config, files=None):
        """The firmware of the build with this configuration, and `files` beside it."""
        found = built_files(self.options.build, config, self.options.tell_heaps)
        write_image(self.flash, micropython(), {**found, **(files or {})})

    def equip(self):
        """Add what the chip lacks to the files that are on flash."""
        files = read_files(self.flash)
        equip(files, self.options.build)
        write_image(self.flash, micropython(), files)

    def write_blank_flash(self):
        write_image(self.flash, micropython())

    def power_on(self):
        self._resets = 1
        self.board = Board(self.flash, self._page_port, self._heard)

    def _heard(self, text):
        self.heaps.add(heap_of_line(text))
        if self.options.verbose:
            shown = "".join(sign if sign.isprintable() else "." for sign in text[:_SHOWN])
            print("    | " + shown, flush=True)

    def want_reset(self):
        """One more start of the chip than so far is no failure."""
        self._resets += 1

    def healthy(self):
        """Whether the board has gone on so far without what must not be."""
        return self.board.running and not self._faults(self.board.lines)

    def _faults(self, lines):
        """The indices of the console lines that must not be there."""
        resets = [at for at, text in enumerate(lines) if _RESET.search(text)]
        return sorted([at for at, text in enumerate(lines) if is_fatal(text)] + resets[self._resets :])

    def power_cut(self):
        """Cut the power, if it is on, and judge what the console said."""
        if self.board is None:
            return
        board, self.board = self.board, None
        board.power_cut()
        faults = self._faults(board.lines)
        if faults:
            self.fail("the console says: %s", excerpt(board.lines, faults[0]))
        elif self.failures:
            self.fail("the console's last lines: %s", excerpt(board.lines))
