# micropython only: what its asyncio does with a task that fails
"""Errors nobody expected, whose texts may come from a peer, are escaped like every other line of the log."""

import asyncio
import builtins
import sys

import app
from ocpp import log

_FORGED = "x\n2026 ERROR forged\x1b[2J"


def _printed(run):
    """The lines that `run()` prints by the log."""
    lines = []
    log.print = lambda *words: lines.append(" ".join([str(word) for word in words]))
    try:
        run()
    finally:
        log.print = builtins.print
    return lines


class _Safety:
    """A safety loop that ends the run after a while."""

    error = None

    async def live(self):
        pass


class _Engine:
    def spawn(self, function):
        asyncio.create_task(function())


def test_a_task_that_nobody_waits_for():
    async def fails():
        raise ValueError(_FORGED)

    class Running:
        @staticmethod
        async def start(point):
            asyncio.create_task(fails())
            await asyncio.sleep_ms(20)
            raise KeyboardInterrupt

    point = app.ChargePoint()
    point.engine, point.safety = _Engine(), _Safety()
    app.startup = sys.modules["app.startup"] = Running

    def run():
        try:
            asyncio.run(point.run())
        except KeyboardInterrupt:
            pass

    try:
        lines = _printed(run)
    finally:
        del app.startup, sys.modules["app.startup"]
    assert "task exception wasn't retrieved" in lines[0], lines
    assert lines[-1] == "    ValueError: x\\n2026 ERROR forged\\x1b[2J", lines
