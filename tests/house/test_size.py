"""The firmware fits its memory (architecture.md, Memory), and tools/size.py says so when it does not."""

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


def stages(resident, live):
    figures = {"busy": resident, "resident": resident, "most": live}
    return [{"stage": "charging", "names": {"a"}, "names_take": 2, **figures}]


def within_budget(*options):
    """What the tool prints when it finds the budget kept."""
    done = subprocess.run([sys.executable, TOOL, *options], capture_output=True, text=True, timeout=patient(180))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_firmware_keeps_the_budget():
    printed = within_budget()
    for line in ("  * hal/evse/machine.mpy", "  * hal/drivers/contactor.mpy", "  * hal/card/mfrc522.mpy",
                 "    hal/drivers/build_connector.mpy", "    hal/esp32/wires.mpy", "    hal/sim/connector.mpy",
                 "    config/loader.mpy"):
        assert line in printed


def test_an_image_with_the_firmware_in_it_keeps_the_budget():
    within_budget("--image")


def test_more_than_the_budget_is_a_failure(size, capsys):
    most = size.RESIDENT_BUDGET, size.LIVE_BUDGET
    assert size.verdict(stages(*most)) == 0
    assert size.verdict(stages(most[0] + 1, most[1])) == 1
    assert size.verdict(stages(most[0], most[1] + 1)) == 1
    assert "more than the budget" in capsys.readouterr().err


@pytest.mark.parametrize("over, status", [(2, 0), (3, 1)])
def test_chance_may_keep_a_run_from_the_budget_and_three_of_them_are_no_chance(size, monkeypatch, capsys, over, status):
    least = size.RESIDENT_BUDGET + 1
    runs = [stages(least, 0)] * over + [stages(least - 1, 0)]
    monkeypatch.setattr(size, "measure", lambda image: runs.pop(0))
    monkeypatch.setattr(sys, "argv", ["size.py", "--brief"])
    assert size.main() == status
    assert capsys.readouterr().out.count("run ") == over


def test_resident_is_what_is_imported_but_for_the_simulation(size):
    sizes = {"ocpp/__init__.mpy": 1, "ocpp/log/__init__.mpy": 2, "config/loader.mpy": 3, "hal/sim/__init__.mpy": 4}
    modules = ["ocpp", "ocpp.log", "asyncio", "hal.sim"]
    assert size.resident_files(modules, sizes) == {"ocpp/__init__.mpy", "ocpp/log/__init__.mpy"}


def test_names_take_their_texts_and_tables_that_double(size):
    tables = 24 + 7 * 20 + 12, 24 + 7 * 40, 24 + 7 * 80  # in blocks of 16 bytes
    assert size.names_take([]) == 0
    assert size.names_take(["a", "beta"]) == tables[0] + 2 + 5
    assert size.names_take("a" * 20) == tables[0] + 2 * 20
    assert size.names_take("a" * 61) == sum(tables) + 2 * 61 + 8
    assert size.names_take(["a", "beta"], ["a", "beta", "gamma"]) == 48  # of which two addresses more fit in
    assert size.names_take(["a", "beta"], ["gamma"]) == tables[0] + 2 + 5 + 32
