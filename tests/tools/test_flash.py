"""tools/flash.py against the real interpreter behind a pseudo-terminal: what it copies, and what it never touches."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from limits import patient
from pty_board import Board
from support import TOOLS

ROOT = TOOLS.parent
BUILD = ROOT / "build" / "host"  # what the interpreter of this PC runs
CONFIG = {"charge_point": {"id": "a"}, "csms": {"url": "ws://127.0.0.1:1"}, "web": {"port": 0}}


# Enough for what is not about the whole; its main.py leaves a mark in place of a charge point.
FEW = ("boot.py", "config/config.json", "hal/evse.mpy", "ocpp/link.mpy", "profiles/core/session.mpy",
       "schemas/ocpp16.tbl", "version.mpy", "web/api.mpy", "web/simulation.mpy")
MARK = b"open('started', 'a').write('x')\n"


def copy_of_build(folder, names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BUILD / name, folder / name)


@pytest.fixture
def build(tmp_path):
    """A small build that a test may change."""
    manifest = json.loads((BUILD / "manifest.json").read_text())
    manifest["files"] = {name: manifest["files"][name] for name in FEW}
    copy_of_build(tmp_path / "build", FEW)
    (tmp_path / "build" / "manifest.json").write_text(json.dumps(manifest))
    change(tmp_path / "build", "main.py", MARK)
    return tmp_path / "build"


@pytest.fixture
def whole_build(tmp_path):
    names = [*json.loads((BUILD / "manifest.json").read_text())["files"], "manifest.json"]
    copy_of_build(tmp_path / "build", names)
    return tmp_path / "build"


@pytest.fixture
def board(tmp_path):
    (tmp_path / "board").mkdir()
    with Board(tmp_path / "board") as board:
        yield board


def command(board, build, *arguments):
    return [sys.executable, TOOLS / "flash.py", board.port, "--build", build, *arguments]


def flash(board, build, *arguments):
    """(paths copied, paths removed, last line); the board has started again."""
    before = board.starts.count("hard")
    done = subprocess.run(command(board, build, *arguments), capture_output=True, text=True, timeout=patient(10))
    assert (done.returncode, done.stderr) == (0, "")
    board.wait_starts(before + 1)
    *lines, last = done.stdout.split("\n")[:-1]
    told = {"copying": [], "removed": []}
    for line in lines:
        verb, path = line.split(" ", 1)
        told[verb].append(path)
    return told["copying"], told["removed"], last


def refused(board, build, *arguments):
    """The one line of a flash that fails."""
    done = subprocess.run(command(board, build, *arguments), capture_output=True, text=True, timeout=patient(10))
    assert done.returncode == 1 and done.stderr.startswith("flash: ") and done.stderr.count("\n") == 1, done
    return done.stderr[7:-1]


def change(build, name, content):
    """Another content of one file, in its place and in the manifest; None takes the file out."""
    path = build / "manifest.json"
    manifest = json.loads(path.read_text())
    if content is None:
        (build / name).unlink()
        del manifest["files"][name]
    else:
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).write_bytes(content)
        manifest["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path.write_text(json.dumps(manifest))


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def of_board(board):
    """What is on the board without what the stand-in and the firmware itself put there."""
    own = ("machine.py", "wdt.log", "data/", "reset.mark", "started")
    return {name: content for name, content in contents(board.root).items() if not name.startswith(own)}


def test_the_whole_firmware_once_and_the_second_time_nothing(board, whole_build, tmp_path):
    (tmp_path / "mine.json").write_text(json.dumps(CONFIG))
    copied, removed, last = flash(board, whole_build, "--config", tmp_path / "mine.json")
    expected = {**contents(whole_build), "config/config.json": (tmp_path / "mine.json").read_bytes()}
    assert of_board(board) == expected
    assert sorted(copied) == sorted(expected) and not removed
    assert copied[0] == "boot.py" and copied[-1] == "main.py"
    assert last == "%d files copied, 0 removed, 0 as they were; the board starts again" % len(expected)
    deadline = time.monotonic() + patient(2)
    while not (board.root / "data" / "outbox.0").exists():
        assert time.monotonic() < deadline, "the charge point does not run on the board"
        time.sleep(0.02)
    # The second time the tool has to interrupt the charge point first.
    copied, removed, last = flash(board, whole_build)
    assert (copied, removed) == ([], []) and of_board(board) == expected
    assert last == ("0 files copied, 0 removed, %d as they were; its config.json stays; the board starts again"
                    % len(expected))


def test_a_changed_file_is_copied_and_no_other(board, build):
    flash(board, build)
    change(build, "hal/evse.mpy", b"another")
    assert flash(board, build)[:2] == (["hal/evse.mpy", "manifest.json"], [])
    change(build, "hal/esp32/new/driver.mpy", bytes(range(256)) * 20)
    assert flash(board, build)[:2] == (["hal/esp32/new/driver.mpy", "manifest.json"], [])
    change(build, "main.py", (build / "main.py").read_bytes() + b"#\n")
    assert flash(board, build)[:2] == (["manifest.json", "main.py"], [])
    assert of_board(board) == contents(build)


def test_what_was_changed_on_the_board_is_put_right(board, build):
    flash(board, build)
    (board.root / "web" / "api.mpy").write_bytes(b"")
    (board.root / "schemas" / "ocpp16.tbl").unlink()
    assert flash(board, build)[:2] == (["schemas/ocpp16.tbl", "web/api.mpy"], [])


def test_config_and_store_and_what_is_the_owners_stay(board, build, tmp_path):
    kept = {
        "config/config.json": json.dumps({**CONFIG, "storage": {"path": "./web/state/"}}).encode(),
        "web/state/keys.py": b"no program",
        "web/state/deep/old.mpy": b"nor this",
        "vendors/acme.py": b"VENDOR = 1",
        "web/page.html": b"<p>",
        "notes.py": b"",
    }
    for name, content in kept.items():
        (board.root / name).parent.mkdir(parents=True, exist_ok=True)
        (board.root / name).write_bytes(content)
    (tmp_path / "mine.json").write_text("{}")
    copied, removed, last = flash(board, build, "--config", tmp_path / "mine.json")
    assert "config/config.json" not in copied and removed == [] and "its config.json stays" in last
    on_board = of_board(board)
    assert {name: on_board[name] for name in kept} == kept


def test_a_board_whose_config_is_broken_keeps_it(board, build):
    (board.root / "config").mkdir()
    (board.root / "config" / "config.json").write_text('{"storage": 1,')
    assert "config/config.json" not in flash(board, build)[0]
    assert (board.root / "config" / "config.json").read_text() == '{"storage": 1,'


def test_what_is_left_of_older_firmware_goes(board, build):
    flash(board, build)
    for name in ("hal/evse.py", "ocpp/old.mpy", "ocpp/link.mpy.new"):
        (board.root / name).write_text("import nothing")
    change(build, "web/simulation.mpy", None)
    copied, removed, _ = flash(board, build)
    assert copied == ["manifest.json"]
    assert sorted(removed) == ["hal/evse.py", "ocpp/link.mpy.new", "ocpp/old.mpy", "web/simulation.mpy"]
    assert of_board(board) == contents(build)


def stopped_at(board, build, name):
    """Flash until it copies the file of this name, and pull the cable."""
    process = subprocess.Popen(command(board, build), stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line == "copying %s\n" % name:
            break
    process.kill()
    process.communicate()


def test_a_cable_that_is_pulled_leaves_no_main_py(board, build):
    change(build, "schemas/ocpp16.tbl", bytes(range(256)) * 200)
    whole = contents(build)
    stopped_at(board, build, "schemas/ocpp16.tbl")
    assert "ocpp/link.mpy" in of_board(board) and "main.py" not in of_board(board)
    flash(board, build)
    assert of_board(board) == whole
    for name in ("ocpp/link.mpy", "schemas/ocpp16.tbl", "web/api.mpy"):
        change(build, name, whole[name] + b"2")
    stopped_at(board, build, "schemas/ocpp16.tbl")
    on_board = of_board(board)
    assert on_board["ocpp/link.mpy"] == whole["ocpp/link.mpy"] + b"2" and "main.py" not in on_board
    assert (on_board["boot.py"], on_board["web/api.mpy"]) == (whole["boot.py"], whole["web/api.mpy"])
    flash(board, build)
    assert of_board(board) == contents(build)


def test_a_file_that_arrives_damaged_is_not_taken(board, build):
    flash(board, build)
    change(build, "web/api.mpy", b"good ~ content")
    before = of_board(board)["web/api.mpy"]
    board.damage = (b"~", b"!")
    starts = board.starts.count("hard")
    assert refused(board, build) == "web/api.mpy: arrived damaged"
    board.wait_starts(starts + 1)
    assert of_board(board)["web/api.mpy"] == before and "main.py" not in of_board(board)
    board.damage = (b"~", b"~")
    assert flash(board, build)[0] == ["web/api.mpy", "manifest.json", "main.py"]


def test_a_watchdog_that_runs_gets_time(board, build):
    flash(board, build)
    assert (board.root / "wdt.log").read_text() == "600000\n"


def test_a_build_for_another_processor_is_refused_before_anything_changes(board, build):
    manifest = json.loads((build / "manifest.json").read_text())
    manifest["arch"], runs = "armv6m", manifest["arch"]
    (build / "manifest.json").write_text(json.dumps(manifest))
    starts = board.starts.count("hard")
    told = refused(board, build)
    assert told.startswith("the build is for armv6m, the board runs ") and (runs or "None") in told
    board.wait_starts(starts + 1)  # a charge point that ran goes on
    assert of_board(board) == {}


def test_what_is_missing_is_told(board, build, tmp_path):
    board.port = str(tmp_path / "no port")
    assert refused(board, build).startswith("%s: no MicroPython answers" % board.port)
    assert "run `make build` first" in refused(board, tmp_path)
    assert "no.json" in refused(board, build, "--config", tmp_path / "no.json")


def test_make_flash_passes_a_config_only_if_it_is_given():
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    outside.pop("CONFIG", None)

    def recipe(*arguments):
        told = subprocess.check_output(["make", "-n", "flash", *arguments], cwd=ROOT, env=outside, text=True)
        return told.strip().split("\n")[-1].split("flash.py ")[1].split()

    assert recipe("PORT=COM3") == ["COM3"]
    assert recipe("PORT=COM3", "CONFIG=mine.json") == ["COM3", "--config", "mine.json"]
