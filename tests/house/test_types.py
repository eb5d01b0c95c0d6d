"""hal/esp32 against the API of the ESP32, as the stubs of its MicroPython have it."""

import importlib.metadata
import os
import subprocess
import sys

import pytest
from limits import patient
from rooms import ROOT

STUBS = "micropython-esp32-esp32-generic-stubs"


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    """check(folder): what mypy says of the package hal below this folder, line by line."""
    scratch = tmp_path_factory.mktemp("types")
    stubs = scratch / "stubs"
    stubs.mkdir()
    # Of all that is installed, the checker is to see these: a folder of links.
    for name in (STUBS, "micropython-stdlib-stubs"):
        distribution = importlib.metadata.distribution(name)
        for top in {path.parts[0] for path in distribution.files if path.suffix == ".pyi"}:
            (stubs / top).symlink_to(distribution.locate_file(top))

    def run(folder):
        command = [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", "--platform", "linux",
                   "--custom-typeshed-dir", stubs, "--cache-dir", scratch / "cache", "hal/esp32"]
        environment = {**os.environ, "MYPYPATH": str(stubs)}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patient(20))
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.stdout.strip().split("\n")[:-1]

    return run


def test_hal_esp32_uses_what_the_board_has(check):
    assert check(ROOT) == []


# Each of these is wrong in its own way.
WRONG = {
    "an attribute": "from machine import ADC, Pin\ndef f():\n    return ADC(Pin(36)).read_millivolts()\n",
    "a keyword": "from machine import PWM, Pin\ndef f():\n    PWM(Pin(27), frequency=1000)\n",
    "a type": "from machine import PWM, Pin\ndef f():\n    PWM(Pin(27), freq='1 kHz')\n",
    "a constant": "import network\ndef f():\n    return network.WLAN(network.STATION)\n",
    "of self": "from machine import WDT\nclass A:\n    def __init__(self):\n        self.timer = WDT(timeout=1)\n"
    "    def stop(self):\n        self.timer.stop()\n",
    "a module": "import machinery\n",
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_found(check, mistake, tmp_path):
    (tmp_path / "hal" / "esp32").mkdir(parents=True)
    for name, text in (("hal/__init__.py", ""), ("hal/esp32/__init__.py", ""), ("hal/esp32/x.py", WRONG[mistake])):
        (tmp_path / name).write_text(text)
    found = check(tmp_path)
    assert len(found) >= 1 and found[0].startswith("hal/esp32/x.py:"), found
