"""`cp`, the charge point at the console of a board that was stopped with Ctrl-C."""

import builtins
import sys


class Console:
    """`cp.log()` shows the newest 32 kB of the log, `cp.diagnostics()` what a central system gets by GetDiagnostics;
    `cp.status()` is what GET /api/status answers."""

    def __init__(self, point):
        self._point = point

    def log(self):
        from ocpp import log
        from ocpp.log import read

        _show(read.newest(log.kept))

    def diagnostics(self):
        from app import diagnostics

        source = diagnostics.source(self._point)
        _show(source)
        source.close()

    def status(self):
        from app import snapshot

        return snapshot.snapshot(self._point)


def _show(source):
    for piece in source.pieces():
        sys.stdout.buffer.write(piece)


def open(point):
    """Make the name `cp` available at the console."""
    builtins.cp = Console(point)
