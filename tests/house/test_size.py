"""The firmware fits its memory (design 4), and tools/size.py says so when it does not."""

import importlib.util
import subprocess
import sys

import pytest
from limits import patient
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


def stages(heap, names=1):
    return [{"stage": "charging", "busy": heap, "resident": heap, "free": 0, "modules": [], "names": names}]


def test_firmware_fits_its_budget():
    done = subprocess.run([sys.executable, TOOL], capture_output=True, text=True, timeout=patient(20))
    assert done.returncode == 0, done.stdout + done.stderr
    for line in ("  * hal/evse.mpy", "  * hal/contactor.mpy", "  * hal/card/mfrc522.mpy", "    hal/devices.mpy",
                 "    hal/esp32/wires.mpy", "    hal/sim/connector.mpy", "    config/loader.mpy"):
        assert line in done.stdout


def test_a_broken_budget_is_a_failure(size, capsys):
    assert size.verdict(size.CODE_BUDGET, stages(100)) == 0
    assert size.verdict(size.CODE_BUDGET + 1, stages(100)) == 1
    assert size.verdict(0, stages(2 * size.HEAP_BUDGET)) == 0
    assert size.verdict(0, stages(2 * size.HEAP_BUDGET + 4)) == 1
    assert size.verdict(0, stages(100, size.NAMES_BUDGET)) == 0
    assert size.verdict(0, stages(100, size.NAMES_BUDGET + 1)) == 1
    assert "over the budget" in capsys.readouterr().err


def test_the_estimate_gives_back_what_it_was_taken_from(size):
    assert abs(size.on_the_board(30900, 12700) - 19000) <= 1


def test_resident_is_what_is_imported_but_for_the_simulation(size):
    sizes = {"ocpp/__init__.mpy": 1, "ocpp/log.mpy": 2, "config/loader.mpy": 3, "hal/sim/__init__.mpy": 4}
    modules = ["ocpp", "ocpp.log", "asyncio", "hal.sim"]
    assert size.resident_files(modules, sizes) == {"ocpp/__init__.mpy", "ocpp/log.mpy"}
