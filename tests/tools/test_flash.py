"""tools/flash.py against the real interpreter behind a pseudo-terminal: what it copies, and what it never touches."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from limits import patient
from pty_board import INTERPRETER, Board
from support import TOOLS, load

ROOT = TOOLS.parent
BUILD = ROOT / "build" / "host"  # what the interpreter of this PC runs
CONFIG = {"charge_point": {"id": "a"}, "csms": {"url": "ws://127.0.0.1:1"}, "web": {"port": 0}}
ALL = ["the firmware", "config/config.json", "boot.py", "firmware_files.mpy", "slot_trial.mpy", "slots.mpy", "main.py"]
# An update as the firmware does it, from its start on.
UPDATE = """
import asyncio
from updates import installation
from updates.receiver import Receiver
receiver = Receiver({"unsigned": True, "downgrade": False}, "sim")
receiver.begin(0)
with open("package.bin", "rb") as file:
    receiver.write(file.read())
installation.install(asyncio.run(receiver.finish()))
installation.confirm()
installation.forget()
"""
MARK = b"open('started', 'a').write('x')\n"  # a main.py in place of a charge point


@pytest.fixture
def build(tmp_path):
    """A small build that a test may change."""
    folder = shutil.copytree(BUILD, tmp_path / "build", ignore=shutil.ignore_patterns("data"))
    (folder / "main.py").write_bytes(MARK)
    pack_into(folder, {"answer.mpy": bytes(range(256)) * 20})
    return folder


def pack_into(folder, files, arch=None):
    about = {"version": "1.0.0", "arch": arch, "mpy": 6, "boards": ["sim"], "layout": 1, "micropython": "1.25"}
    (folder / "firmware.a").write_bytes(load("archive").pack(files, **about))


@pytest.fixture
def board(tmp_path):
    (tmp_path / "board").mkdir()
    with Board(tmp_path / "board") as board:
        yield board


def command(board, build, *arguments):
    return [sys.executable, TOOLS / "flash.py", board.port, "--build", build, *arguments]


def flash(board, build, *arguments):
    """(what was copied, paths removed, last line); the board has started again."""
    before = board.starts.count("hard")
    done = subprocess.run(command(board, build, *arguments), capture_output=True, text=True, timeout=patient(10))
    assert (done.returncode, done.stderr) == (0, "")
    board.wait_starts(before + 1)
    *lines, last = done.stdout.split("\n")[:-1]
    copied = ["the firmware"] if any(line.startswith("copying the firmware: ") for line in lines) else []
    copied += [line[8:] for line in lines if line.startswith("copying ") and ": " not in line]
    return copied, [line[8:] for line in lines if line.startswith("removed ")], last


def refused(board, build, *arguments):
    """The one line of a flash that fails."""
    done = subprocess.run(command(board, build, *arguments), capture_output=True, text=True, timeout=patient(10))
    assert done.returncode == 1 and done.stderr.startswith("flash: ") and done.stderr.count("\n") == 1, done
    return done.stderr[7:-1]


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def of_board(board):
    """What is on the board without what the stand-in and the firmware itself put there."""
    own = ("machine.py", "wdt.log", "data/", "reset.mark", "started")
    return {name: content for name, content in contents(board.root).items() if not name.startswith(own)}


def slots_of(board):
    """(the slot that starts, {slot: its content})."""
    there = of_board(board)
    slots = {name: content for name, content in there.items() if name in ("firmware.a", "firmware.b")}
    return there.get("firmware.slot", b"firmware.a").decode(), slots


def test_the_whole_firmware_once_and_the_second_time_nothing(board, tmp_path):
    """The owner's secrets.json goes with config.json; as that, one that is on the board stays."""
    (tmp_path / "mine.json").write_text(json.dumps(CONFIG))
    (tmp_path / "secrets.json").write_text("{}")
    copied, removed, last = flash(board, BUILD, "--config", tmp_path / "mine.json")
    expected = {name: (BUILD / name).read_bytes() for name in (*ALL[2:], "firmware.a")}
    expected["config/config.json"] = (tmp_path / "mine.json").read_bytes()
    expected["config/secrets.json"] = b"{}"
    assert of_board(board) == expected and (copied, removed) == ([ALL[0], "config/secrets.json", *ALL[1:]], [])
    assert last == "copied %s; 0 old files removed; the board starts again" % ", ".join(copied)
    deadline = time.monotonic() + patient(5)
    while not (board.root / "data" / "outbox.0").exists():
        assert time.monotonic() < deadline, "the charge point does not run on the board"
        time.sleep(0.02)
    # The second time the tool has to interrupt the charge point first.
    (tmp_path / "secrets.json").write_text('{"web": {"password": "another"}}')
    copied, removed, last = flash(board, BUILD, "--config", tmp_path / "mine.json")
    assert (copied, removed) == ([], []) and of_board(board) == expected
    assert last == "nothing to copy; 0 old files removed; its config.json stays; the board starts again"


def test_another_firmware_goes_into_the_other_slot(board, build):
    flash(board, build)
    first = (build / "firmware.a").read_bytes()
    for count, slot in enumerate(("firmware.b", "firmware.a", "firmware.b")):
        pack_into(build, {"answer.mpy": b"%d" % count})
        assert flash(board, build)[0] == ["the firmware"]
        running, contents = slots_of(board)
        assert running == slot and contents[slot] == (build / "firmware.a").read_bytes() != first
    assert flash(board, build)[0] == []


def test_a_changed_file_beside_the_firmware_is_copied_and_no_other(board, build):
    flash(board, build)
    (build / "main.py").write_bytes(MARK + b"#\n")
    assert flash(board, build)[0] == ["main.py"]
    (board.root / "slots.mpy").write_bytes(b"")
    assert flash(board, build)[0] == ["slots.mpy"]
    assert of_board(board) == contents(build)


def test_a_slot_that_was_changed_on_the_board_is_put_right(board, build):
    flash(board, build)
    (board.root / "firmware.a").write_bytes(b"damaged")
    assert flash(board, build)[0] == ["the firmware"]
    running, contents = slots_of(board)
    assert contents[running] == (build / "firmware.a").read_bytes()


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
    old = ("assembly/__init__.mpy", "config/loader.mpy", "hal/evse.py", "manifest.json", "ocpp/link/__init__.mpy.new",
           "schemas/ocpp16.tbl", "version.mpy")
    for name in old:
        (board.root / name).parent.mkdir(parents=True, exist_ok=True)
        (board.root / name).write_text("import nothing")
    copied, removed, _ = flash(board, build)
    assert copied == ALL and sorted(removed) == list(old)
    assert of_board(board) == contents(build)


def test_a_copy_that_was_interrupted_goes_on_where_it_stopped(board, build):
    flash(board, build)
    pack_into(build, {"answer.mpy": os.urandom(60000)})
    whole = (build / "firmware.a").read_bytes()
    process = subprocess.Popen(command(board, build), stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line.startswith("copying the firmware: 3"):
            break
    process.kill()
    process.communicate()
    board.power_cycle()
    part = (board.root / "firmware.part").read_bytes()
    assert 8192 <= len(part) < len(whole) and whole.startswith(part)
    assert slots_of(board)[0] == "firmware.a"
    told = subprocess.check_output(command(board, build), text=True, timeout=patient(10)).split("\n")
    shown = [line for line in told if line.startswith("copying the firmware: ")]
    assert int(shown[0].split()[3]) >= len(part) * 100 // len(whole) - 1
    running, contents = slots_of(board)
    assert running == "firmware.b" and contents["firmware.b"] == whole and not (board.root / "firmware.part").exists()


def test_a_part_of_another_firmware_is_not_gone_on_with(board, build):
    flash(board, build)
    pack_into(build, {"answer.mpy": b"2" * 9000})
    (board.root / "firmware.part").write_bytes(b"something else")
    assert flash(board, build)[0] == ["the firmware"]
    running, contents = slots_of(board)
    assert contents[running] == (build / "firmware.a").read_bytes()


def test_a_trial_of_an_update_is_over_when_the_owner_copies_a_firmware(board, build):
    """Also when it is the one on trial: nobody returns to another one."""
    flash(board, build)
    (board.root / "firmware.slot").write_text('firmware.a\n{"trial": 1, "version": "1.0.0", "reason": ""}')
    assert flash(board, build)[0] == [] and (board.root / "firmware.slot").read_text() == "firmware.a"
    (board.root / "firmware.slot").write_text('firmware.a\n{"trial": 1, "version": "1.0.0", "reason": ""}')
    pack_into(build, {"answer.mpy": b"1"})
    assert flash(board, build)[0] == ["the firmware"] and (board.root / "firmware.slot").read_text() == "firmware.b"


def test_an_outcome_of_an_update_stays_until_it_was_reported(board, build):
    flash(board, build)
    text = 'firmware.a\n{"outcome": "InstallationFailed", "version": "9", "reason": "it is damaged"}'
    (board.root / "firmware.slot").write_text(text)
    assert flash(board, build)[0] == [] and (board.root / "firmware.slot").read_text() == text


def test_the_public_key_goes_along(board, build):
    (build / "config" / "update.pub").write_text("a key")
    assert "config/update.pub" in flash(board, build)[0]
    assert (board.root / "config" / "update.pub").read_text() == "a key"
    assert flash(board, build)[0] == []
    (build / "config" / "update.pub").unlink()
    assert flash(board, build)[0] == [] and (board.root / "config" / "update.pub").exists()


def test_an_update_leaves_what_make_flash_leaves(board, build, tmp_path):
    """Both begin with the same board and bring the same archive; the trial is confirmed, the outcome reported."""
    flash(board, build)
    pack_into(build, {"answer.mpy": b"1"})
    package = (build / "firmware.a").read_bytes()
    other = tmp_path / "other"
    shutil.copytree(board.root, other)
    assert flash(board, build)[0] == ["the firmware"]
    (other / "package.bin").write_bytes(package)
    done = subprocess.run([INTERPRETER, "-c", UPDATE], cwd=other, capture_output=True, text=True, timeout=patient(5),
                          env={**os.environ, "MICROPYPATH": ":%s:.frozen" % TOOLS.parent})
    assert done.returncode == 0, done.stdout + done.stderr
    (other / "package.bin").unlink()
    assert {name: content for name, content in contents(other).items() if name in of_board(board)} == of_board(board)
    assert not [name for name in contents(other) if name.endswith((".new", ".part"))]


def test_a_firmware_that_arrives_damaged_does_not_start(board, build):
    flash(board, build)
    pack_into(build, {"answer.mpy": os.urandom(9000)})  # which cannot be compressed and is sent as it is
    line = load("serial_board")._packed((build / "firmware.a").read_bytes()[4096:8192])[180:360]
    board.damage = base64.b64encode(line)[40:48], b"AAAAAAAA"
    starts = board.starts.count("hard")
    assert refused(board, build) == "the firmware arrived damaged"
    board.wait_starts(starts + 1)
    assert slots_of(board)[0] == "firmware.a" and "firmware.b" not in of_board(board)
    board.damage = (b"~", b"~")
    assert flash(board, build)[0] == ["the firmware"]


def test_a_watchdog_that_runs_gets_time(board, build):
    flash(board, build)
    assert (board.root / "wdt.log").read_text() == "600000\n"


def test_a_build_for_another_processor_is_refused_before_anything_changes(board, build):
    pack_into(build, {}, arch="armv6m")
    starts = board.starts.count("hard")
    assert refused(board, build).startswith("the build is for armv6m, the board runs ")
    board.wait_starts(starts + 1)  # a charge point that ran goes on
    assert of_board(board) == {}


def test_what_is_missing_is_named(board, build, tmp_path):
    board.port = str(tmp_path / "no port")
    assert refused(board, build).startswith("%s: no MicroPython answers" % board.port)
    assert "run `make build` first" in refused(board, tmp_path)
    assert "no.json" in refused(board, build, "--config", tmp_path / "no.json")


def test_make_flash_passes_a_config_only_if_it_is_given():
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    outside.pop("CONFIG", None)

    def recipe(*given):
        told = subprocess.check_output(["make", "-n", "flash", "PORT=COM3", *given], cwd=ROOT, env=outside, text=True)
        return told.strip().split("\n")[-1].split("flash.py ")[1].split()

    assert recipe() == ["COM3"]
    assert recipe("CONFIG=mine.json") == ["COM3", "--config", "mine.json"]
