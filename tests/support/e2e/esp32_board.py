"""The firmware as it runs on an ESP32 with electronics: its modules are those of tests/board, around them a world."""

import json
import os
import subprocess
import sys
from pathlib import Path

from charge_point import HOST_BUILD, Firmware

TESTS = Path(__file__).parents[2]
sys.path.insert(0, str(TESTS.parent / "tools"))
from rom_names import translated  # noqa: E402

CONNECTOR = {
    "phases": 3,
    "max_current": 32,
    "meter": {"type": "modbus", "model": "sdm630"},
    "temperature": "ntc",
}
BOARD = {
    "type": "esp32-devkitc-v4",
    "reader": "mfrc522",
    "indicator": {"type": "pixels", "brightness": 10},
    "buzzer": "active",
    "button": True,
    # Pin 35 is the sensor's, so the lock tells at 14, which no pulse meter needs.
    "pins": {"lock_feedback": 14, "buzzer": 22},
}


class Esp32(Firmware):
    """A charge point whose pins end in tests/board/world.py; the world's memory, 73 kB in words of 32 bits, comes on
    top of the firmware's."""

    heap = "220wK"
    stand_in = (TESTS / "board", TESTS / "support" / "unit")  # modules of both
    stdin = subprocess.PIPE

    def __init__(self, directory, csms=None):
        super().__init__(directory, csms)
        modules = translated(self.build.with_name("stand_in_" + self.build.name), self.stand_in, self.build)
        self.environment = {**os.environ, "MICROPYPATH": "%s:.frozen" % modules}
        self.config["board"] = BOARD
        self.config["connectors"] = [CONNECTOR]
        self.config["network"] = {"wifi": [{"ssid": "home", "password": "secret12"}], "hostname": "carport"}

    def do(self, **commands):
        """Commands for the world: lever=[name, values], card=UID, reader=bool, wifi=bool, level=[GPIO, 0 or 1]."""
        self._process.stdin.write(json.dumps(commands).encode() + b"\n")
        self._process.stdin.flush()

    def seen(self):
        """What the world has seen so far, in order."""
        return [line[11:] for line in self.lines if line[9:11] == "@ "]

    def wait_seen(self, text, since=0, timeout=6):
        """Until the world has seen this, not counting the first `since`."""
        return self.wait("@ " + text, lambda: text in self.seen()[since:], timeout)

    def drive(self, state, **values):
        self.do(lever=["ev", {"state": state, **values}])

    def break_down(self, code):
        self.do(lever=["fault", {"errorCode": code}])


class InterruptedEsp32(Esp32):
    """Its safety loop interrupts the program between two bytecodes, as on a board: MicroPython of 32 bits takes
    signals, see tests/board/machine.py. Objects take half of the memory there, code does not."""

    heap = "256wK"
    interpreter = str(Path(sys.executable).parent / "micropython32")
    build = HOST_BUILD.with_name("host32")
    missing = not Path(interpreter).exists()
