"""The clock of an ESP32, by which TLS checks the dates of certificates: set before it connects and after."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from answers import utc
from charge_point import HOST_BUILD
from esp32_board import Esp32


def built():
    """The time that the firmware of build/host takes for that of its making."""
    program = "import sys; sys.path.insert(0, %r); import version; print(version.BUILT)"
    modules = HOST_BUILD.parent / "modules" / "host"
    command = [Path(sys.executable).with_name("micropython"), "-c", program % str(modules)]
    return subprocess.check_output(command, text=True).strip()


def clocks(firmware):
    """What its clock was set to so far, one text for each time."""
    return [text.split()[1] for text in firmware.seen() if text.startswith("clock ")]


def seconds_between(early, late):
    return (datetime.fromisoformat(late) - datetime.fromisoformat(early)).total_seconds()


def test_first_the_time_of_the_build_then_that_of_the_central_system_then_the_stored_one(make_firmware, csms):
    csms.ahead = timedelta(days=400)
    board = make_firmware(csms, Esp32)
    board.start()
    csms.expect_boot()
    board.wait("the central system's time", lambda: len(clocks(board)) == 2)
    first, told = clocks(board)
    assert first == built()
    connecting = next(at for at, line in enumerate(board.lines) if "connecting to" in line)
    assert any("@ clock " in line for line in board.lines[:connecting])
    assert abs(seconds_between(told, utc(csms.now()))) < 60
    csms.ahead = timedelta(days=300)
    board.restart()
    csms.expect_boot()
    board.wait("the central system's time", lambda: len(clocks(board)) == 4)
    stored, again = clocks(board)[2:]
    assert 0 <= seconds_between(told, stored) < 60
    assert abs(seconds_between(again, utc(csms.now()))) < 60
