"""The benchmark's arithmetic, its peers and its harness."""

import json
import subprocess
import sys

import pytest
from limits import patient
from support import TOOLS, load

figures = load("bench_figures")
processes = load("processes")  # bench_central imports it
central = load("bench_central")

KEYS = [{"key": "MeterValueSampleInterval", "readonly": False, "value": "60"},
        {"key": "NumberOfConnectors", "readonly": True, "value": "1"}]


def batches(*trips, cpu=None):
    return [figures.Batch([trip, trip], cpu) for trip in trips]


def test_the_harness_share_is_taken_off_before_the_ratio():
    met, lines = figures.compare("x", batches(0.75), batches(2.75), batches(0.25), 5)
    assert met and lines[0] == "x: wanted 5 times as fast: met"
    assert lines[1].split() == ["answer,", "ms", "500.000", "2500.000", "5.0", "(5.0..5.0)"]
    assert lines[2].split()[-4:-2] == ["750.000", "2750.000"]


def test_a_ratio_is_the_median_of_the_rounds_and_can_be_missed():
    met, lines = figures.compare("x", batches(0.002, 0.002, 0.002), batches(0.006, 0.009, 0.099),
                                 batches(0, 0, 0), 5)
    assert not met and lines[0].endswith("missed")
    assert "4.5   (3.0..49.5)" in lines[1]


def test_cpu_time_is_shown_where_it_is_known():
    with_cpu = figures.compare("x", batches(1, cpu=0.3), batches(1, cpu=0.7), batches(0, cpu=0.1), 5)[1]
    assert with_cpu[-1].split() == ["CPU", "per", "answer,", "ms", "100.000", "300.000", "3.0", "(3.0..3.0)"]
    assert len(figures.compare("x", batches(1), batches(1), batches(0), 5)[1]) == len(with_cpu) - 1


def test_cpu_time_decides_where_it_is_known():
    """Another process takes the processor away for a while: the round trip tells of that, the CPU time does not."""
    assert figures.compare("x", batches(9, cpu=0.4), batches(9, cpu=1.2), batches(1, cpu=0.2), 5)[0]
    assert not figures.compare("x", batches(1, cpu=0.4), batches(9, cpu=1.0), batches(0, cpu=0.2), 5)[0]


def test_masking_is_compared_round_by_round():
    met, lines = figures.compare_loop("x", {"plain_us": [300, 200], "viper_us": [3, 4]}, 50)
    assert met and "75.0   (50.0..100.0)" in lines[1]


def test_the_slowest_look_up_decides():
    for slowest, met in ((1999, True), (2000, False)):
        shown = {"entries": 1000, "us": [900] * 9 + [slowest], "loop_us": [45] * 9 + [20], "bytes": 4608}
        found, lines = figures.judge_list(shown, 100)
        assert found is met and lines[0].endswith("met" if met else "missed")
        assert lines[1].split()[:3] == ["median,", "loops", "20.0"]


def test_the_usual_composite_schedule_decides():
    for usual, met in ((3999, True), (4000, False)):
        shown = {"profiles": 16, "periods": 40, "us": [1, usual, 90000], "loop_us": [1, 40, 40], "kept": 2000}
        found, lines = figures.judge_composite(shown, 100)
        assert found is met and lines[0].endswith("met" if met else "missed")
        assert lines[1].split()[:2] == ["median,", "loops"]


def test_a_tick_is_late_by_what_an_idle_process_is_not():
    for idle, met in ((21, True), (20, False)):
        run = {"tick_max_ms": 40, "idle_max_ms": idle, "calls": 500, "polls": 10, "seconds": 5}
        found, lines = figures.judge_ticks([run, {**run, "tick_max_ms": 90}], 20)
        assert found is met and lines[0].endswith("met" if met else "missed")
        assert lines[1].split()[:4] == ["worst,", "ms", "40,", "90"]


# A reading each second, 6 Wh a second; the download is from 10 to 20 s.
TRANSFER = {"begun": 10, "arrived": 20, "tick_max_ms": 15, "idle_max_ms": 5, "polls": 40, "bytes": 300000,
            "free_before": 50000, "free_after": 50000, "least": 40000, "starts": [0], "stops": [132],
            "registers": [(second, 6 * second) for second in range(1, 22)]}


def test_a_session_goes_on_as_usual_during_a_transfer():
    met, lines = figures.judge_transfer(TRANSFER, 20)
    assert met and lines[0].endswith("met") and "10.0 s" in lines[0]
    assert lines[2].split()[3:5] == ["1.0", "(before"] and "started at [0], stopped at [132]" in lines[3]


@pytest.mark.parametrize("wrong", [
    {"tick_max_ms": 25}, {"starts": []}, {"stops": [132, 132]}, {"stops": [120]},
    {"registers": [pair for pair in TRANSFER["registers"] if not 12 <= pair[0] < 15]},
    {"registers": [(second, min(6 * second, 60)) for second in range(1, 22)]}, {"registers": []}])
def test_what_is_not_as_usual_during_a_transfer_is_missed(wrong):
    """A late tick, a bill without start, with two stops or less than the last reading, a gap, energy not counted."""
    met, lines = figures.judge_transfer({**TRANSFER, **wrong}, 20)
    assert not met and lines[0].endswith("missed")


@pytest.mark.parametrize("script, heap, names", [
    ("bench_list.py", "2M", "entries us loop_us bytes"),
    ("bench_composite.py", "96wK", "profiles us loop_us periods kept"),
    ("bench_loops.py", "96wK", "mask crc16 rms extremes")])
def test_what_runs_under_micropython_measures_the_firmware_of_now(script, heap, names, tmp_path):
    """With the names that its modules have now."""
    arguments = {"bench_composite.py": (str(tmp_path),), "bench_loops.py": ("1", str(TOOLS.parent))}.get(script, ())
    program = "import bench, json; print(json.dumps(bench.figures(%r, %r, *%r)))" % (script, heap, arguments)
    done = subprocess.run([sys.executable, "-c", program], cwd=TOOLS, capture_output=True, text=True,
                          timeout=patient(20))
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == set(names.split())


@pytest.mark.parametrize("script", ["reference_cp.py", "bench_floor.py"])
def test_a_peer_answers_every_call(script, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    system = central.Central()
    where = str(system.port) if script == "bench_floor.py" else "ws://127.0.0.1:%d/reference" % system.port
    child = processes.Child(script, [sys.executable, TOOLS / script, where, tmp_path / "keys.json"])
    try:
        peer = system.accept(child)
        times, answers = peer.calls("ChangeConfiguration", 3 * [{"key": KEYS[0]["key"], "value": "60"}])
        assert len(times) == 3 and min(times) > 0
        assert [json.loads(text)[2] for text in answers] == 3 * [{"status": "Accepted"}]
        assert json.loads(peer.calls("GetConfiguration", [{}])[1][0])[2] == {"configurationKey": KEYS}
        assert peer.cpu_seconds() > 0
        peer.close()
        assert child.ending().endswith("exit status 0") and child.tail() == []
    finally:
        child.stop()
        system.close()


def test_a_peer_that_dies_is_named_at_once():
    system = central.Central()
    child = processes.Child("the peer", [sys.executable, "-c", "import sys; sys.exit('gone')"])
    try:
        with pytest.raises(central.Silent, match="the peer has ended with exit status 1"):
            system.accept(child)
    finally:
        child.stop()
        system.close()
    assert child.tail() == ["gone"]
