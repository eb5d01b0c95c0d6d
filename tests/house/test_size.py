"""The firmware fits its memory (design 4), and tools/size.py says so when it does not."""

import importlib.util
import subprocess
import sys

import pytest
from rooms import ROOT

TOOL = ROOT / "tools" / "size.py"


@pytest.fixture(scope="module")
def size():
    sys.path.append(str(TOOL.parent))  # for what size.py imports; `schemas` there must not come first
    spec = importlib.util.spec_from_file_location("size_tool", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(TOOL.parent))
    return module


def stages(heap):
    return [{"stage": "charging", "busy": heap, "resident": heap, "free": 0, "modules": []}]


def test_firmware_fits_its_budget():
    done = subprocess.run([sys.executable, TOOL], capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "  * hal/evse.mpy" in done.stdout and "    config/loader.mpy" in done.stdout


def test_a_broken_budget_is_a_failure(size, capsys):
    assert size.verdict(size.CODE_BUDGET, stages(100)) == 0
    assert size.verdict(size.CODE_BUDGET + 1, stages(100)) == 1
    assert size.verdict(0, stages(2 * size.HEAP_BUDGET)) == 0
    assert size.verdict(0, stages(2 * size.HEAP_BUDGET + 4)) == 1
    assert "over the budget" in capsys.readouterr().err


def test_the_estimate_gives_back_what_it_was_taken_from(size):
    assert abs(size.on_the_board(30900, 12700) - 19000) <= 1


def test_resident_is_what_is_imported_and_all_of_the_hardware_that_stays(size):
    sizes = {"ocpp/__init__.mpy": 1, "ocpp/log.mpy": 2, "config/loader.mpy": 3, "hal/sim/__init__.mpy": 4}
    sizes.update({"hal/esp32/wifi.mpy": 5, "hal/esp32/wires.mpy": 6})
    modules = ["ocpp", "ocpp.log", "asyncio", "hal.sim"]
    assert size.resident_files(modules, sizes) == {"ocpp/__init__.mpy", "ocpp/log.mpy", "hal/esp32/wifi.mpy"}
