"""A run that ends though nobody wanted that is followed by another one, which says why the last one ended."""

import shutil

import pytest
from charge_point import HOST_BUILD

# Where the error is -> the file of the firmware that is replaced, its text, and what the log says of the error.
ERRORS = {
    "at the start": ("app/hardware.py", "def assemble(point, config):\n    return bytearray(1 << 30)\n",
                        "MemoryError"),
    "of the event loop": ("app/web_server.py", "def WebServer(point):\n    raise OSError(5)\n", "OSError(5,)"),
}


def told(firmware, text, since=0):
    return [line for line in firmware.lines[since:] if text in line]


def break_it(firmware, folder, where):
    """Let `firmware` start with an error; the text that the log will have."""
    path, text, cause = ERRORS[where]
    firmware.crashes = lambda: []  # what is looked for at the end of each test is meant here
    firmware.build = shutil.copytree(HOST_BUILD, folder / "build")
    (firmware.build / "app").mkdir()
    (firmware.build / path).write_text(text)
    firmware.expect_exit()
    firmware.start(wait=False)
    return cause


@pytest.mark.parametrize("where", ERRORS)
def test_the_next_run_tells_the_cause(csms, firmware, tmp_path, where):
    cause = break_it(firmware, tmp_path, where)
    assert firmware.wait_exit() == 75
    assert told(firmware, "restart: " + cause), firmware.report()
    shutil.rmtree(firmware.build / "app")
    firmware.start()
    csms.expect_boot(1)
    assert told(firmware, "the last run ended: " + cause), firmware.report()
    firmware.kill()
    seen = len(firmware.lines)
    firmware.start()
    assert not told(firmware, "the last run ended", seen)


@pytest.mark.parametrize("where", ERRORS)
def test_ctrl_c_before_the_restart_ends_it(csms, firmware, tmp_path, where):
    """On a board it brings the console."""
    cause = break_it(firmware, tmp_path, where)
    firmware.wait("the error", lambda: told(firmware, "restart: " + cause))
    firmware.interrupt()
    assert firmware.wait_exit() == 0, firmware.report()
    assert told(firmware, "stopped, contactors open")
