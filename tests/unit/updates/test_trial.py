# micropython only: it has littlefs
"""slots.py, slot_trial.py and updates/installation.py: the starts of a version on trial are counted before it is
loaded, the old one returns, and the outcome is reported."""

import json
import os
import sys

from helpers import raises
from packages import NEW, Board, Machine, installed, package, receive, write

import slot_trial
import slots
from ocpp import log
from updates import UpdateError, installation

OLD = package({"answer.py": b"VALUE = 42\n"}, version="1.0.0")
log.configure("error")


def pointer():
    with open("firmware.slot") as file:
        return file.read()


def answer():
    sys.modules.pop("answer", None)
    import answer

    return answer.VALUE


def test_an_installed_version_starts_on_trial_and_stays_when_confirmed():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        assert installation.PART not in os.listdir()
        assert installation.result() == {"outcome": "Installing", "version": "99.0.0", "reason": ""}
        assert board.start() == ("firmware.b", ["slots: firmware.b is on trial, start 1 of 2"]) and answer() == 43
        installation.forget()
        assert installation.result()["outcome"] == "Installing"
        installation.confirm()
        assert installation.result() == {"outcome": "Installed", "version": "99.0.0", "reason": ""}
        for _ in range(3):
            assert board.start() == ("firmware.b", [])
            assert installation.result()["outcome"] == "Installed"
        installation.forget()
        assert pointer() == "firmware.b" and installation.result() is None
        assert board.start() == ("firmware.b", [])
        installation.forget()
        installation.confirm()
        installation.note("nothing")
        assert pointer() == "firmware.b"


def test_without_a_confirmation_the_old_version_returns_after_two_starts():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        assert [board.start()[0], board.start()[0]] == ["firmware.b"] * 2
        slot, lines = board.start()
        assert slot == "firmware.a" and answer() == 42
        assert lines == ["slots: the trial of version 99.0.0 has failed: not confirmed in 2 starts"]
        failed = {"outcome": "InstallationFailed", "version": "99.0.0", "reason": "not confirmed in 2 starts"}
        for _ in range(3):
            assert installation.result() == failed and board.start() == ("firmware.a", [])
        installation.confirm()
        assert installation.result() == failed
        installation.forget()
        assert installation.result() is None and board.start() == ("firmware.a", [])
        installation.install(receive())
        assert board.start()[0] == "firmware.b"


def test_the_reason_is_the_last_that_the_version_could_say():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        board.start()
        installation.note("x" * 500)
        board.start()
        assert installation.result()["reason"] == "x" * 100
        installation.note("not accepted by the central system in 1200 s")
        assert board.start()[0] == "firmware.a"
        assert installation.result()["reason"] == "not accepted by the central system in 1200 s"


def test_a_reset_by_the_watchdog_ends_the_trial_at_once():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        with Machine(cause=3) as machine:  # the hang was that of the old version
            assert board.start()[0] == "firmware.b" and machine.watchdogs == [60000]
        with Machine(cause=3):
            slot, lines = board.start()
        assert slot == "firmware.a" and "hung" in lines[0]
        assert installation.result()["reason"] == "it hung, the watchdog has reset it"


def test_other_resets_do_not():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        for cause in (1, 2):
            with Machine(cause):
                assert board.start()[0] == "firmware.b"


def test_a_trial_is_guarded_and_nothing_else_is():
    with Board({"firmware.a": OLD}) as board:
        with Machine(1) as machine:
            board.start()
            assert machine.watchdogs == [] and machine.Timer.made == []
        installed(board)
        with Machine(1) as machine:
            board.start()
            (timer,) = machine.Timer.made
            assert machine.watchdogs == [60000]
            assert (timer.number, timer.mode, timer.period) == (2, Machine.Timer.PERIODIC, 60000)
            for _ in range(60):
                timer.callback(timer)
                assert machine.resets == []
            timer.callback(timer)
            assert machine.resets == [True]
        board.start()
        with Machine(1) as machine:
            assert board.start()[0] == "firmware.a"
            assert machine.watchdogs == [] and machine.Timer.made == []


def test_no_flash_is_written_by_a_start_without_a_trial():
    with Board({"firmware.a": OLD}) as board:
        for story in (lambda: None, lambda: slots.select("firmware.a"),
                      lambda: slots.select("firmware.a", {"outcome": "Installed", "version": "1", "reason": ""})):
            story()
            before = board.flash.programs
            board.start()
            assert board.flash.programs == before


def test_a_start_that_cannot_be_counted_is_one_of_the_old_version():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        board.flash.each = lambda address, data: False
        slot, lines = board.start()
        board.flash.each = None
        assert slot == "firmware.a" and "cannot be counted" in lines[0]
    with Board(flash=board.flash) as board:
        assert board.start()[0] == "firmware.b"


def test_a_version_that_is_damaged_meanwhile_has_failed():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        write("firmware.b", NEW[:-1] + b"#")
        slot, lines = board.start()
        assert slot == "firmware.a" and "damaged" in lines[1], lines
        failed = {"outcome": "InstallationFailed", "version": "99.0.0", "reason": "it is damaged"}
        assert installation.result() == failed
        assert board.start() == ("firmware.a", [])


def test_when_the_old_version_is_damaged_the_new_one_runs_on():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        write("firmware.a", OLD[:-1] + b"#")
        for _ in range(4):
            assert board.start()[0] == "firmware.b"
        assert installation.result()["outcome"] == "InstallationFailed"


def test_the_slot_that_runs_instead_of_a_damaged_one_is_not_replaced():
    with Board({"firmware.a": OLD[:-1] + b"#", "firmware.b": OLD}) as board:
        assert board.start()[0] == "firmware.b" and pointer() == "firmware.b"
        installed(board)
        assert board.start()[0] == "firmware.a" and answer() == 43
        with open("firmware.b", "rb") as file:
            assert file.read() == OLD


def test_strange_second_lines_start_something():
    good = {"trial": 0, "version": "99.0.0", "reason": ""}
    lines = ["", "{", "[]", "null", "\xff", "x" * 600] + [json.dumps(dict(good, trial=value)) for value in
                                                           (-1, 2, 9, "0", None, [], 1.5, True)]
    lines += ['{"trial": 0}', '{"trial": 1, "version": null, "reason": null}', '{"outcome": 5}']
    for line in lines:
        with Board({"firmware.a": OLD, "firmware.b": NEW, "firmware.slot": ("firmware.b\n" + line).encode()}) as board:
            for _ in range(4):
                assert board.start()[0] in ("firmware.a", "firmware.b"), line
            assert installation.result() is None or installation.result()["outcome"] != "Installing", line
            installation.forget()
            installation.note("x")
            installation.confirm()


def test_what_does_not_run_is_not_confirmed():
    """Its start could not be counted, so the old version runs, though the file names the other."""
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        board.flash.each = lambda address, data: False
        assert board.start()[0] == "firmware.a"
        board.flash.each = None
        before = pointer()
        assert installation.running() == "firmware.a" and not installation.on_trial()
        installation.confirm()
        installation.note("of another one")
        assert pointer() == before and installation.result()["outcome"] == "Installing"
        assert board.start()[0] == "firmware.b" and installation.on_trial()


def test_the_longest_second_line_is_read():
    """What cannot be read would be no trial."""
    version = ".".join(["1"] * 10) + "9"
    for letter in ("x", '"', "\\", "\n", "\x00", "\x7f", "\u20ac", "\U0001f50c"):
        with Board({"firmware.a": OLD}) as board:
            installation.install(receive(package({}, version=version)))
            board.start()
            installation.note(letter * 500)
            assert len(installation.result()["reason"]) == 100
            assert slots.pointer() == installation.read() and slots.pointer()[1]["trial"] == 1
            raises(SystemExit, slots.end, ValueError(letter * 500))
            assert slots.pointer() == installation.read() and slots.pointer()[1]["trial"] == 1
            board.start()
            assert board.start()[0] == "firmware.a" and installation.result()["version"] == version


def test_both_sides_write_the_same_pointer():
    about = {"trial": 0, "version": "1", "reason": ""}
    with Board():
        for second in (None, {}, about):
            slots.select("firmware.b", second)
            first = pointer()
            assert installation.read() == slots.pointer() == ("firmware.b", second or {})
            installation.write("", "firmware.b", second)
            assert pointer() == first


def test_installing_once_more_changes_nothing():
    """After a power cut nobody knows whether it was done."""
    with Board({"firmware.a": OLD}) as board:
        head = installed(board)
        board.start()
        before = pointer()
        installation.install({"version": head["version"], "sha256": head["sha256"]})
        assert pointer() == before
        error = raises(UpdateError, installation.install, {"version": "99.0.0", "sha256": "0" * 64})
        assert error.reason == "OnTrial"


def test_what_is_not_there_is_not_installed():
    with Board({"firmware.a": OLD, "firmware.b": OLD}):
        for head in ({"version": "99.0.0", "sha256": "0" * 64}, {"version": "99.0.0", "sha256": None}):
            assert raises(UpdateError, installation.install, head).reason == "NothingReceived"
        write(installation.PART, b"something")
        assert raises(UpdateError, installation.install, head).reason == "NothingReceived"
        assert installation.result() is None


def test_an_error_at_the_import_restarts_a_version_on_trial():
    """main.py; on a PC the process ends with status 75."""
    with Board({"firmware.a": OLD}) as board:
        slot_trial.end(ValueError("not on trial"), *slots.pointer(), slots.select)
        installed(board)
        board.start()
        quiet = slots.end
        error = raises(SystemExit, quiet, MemoryError("of the new version"))
        assert error.args[0] == 75
        assert "of the new version" in installation.result()["reason"]
        with Machine(1) as machine:
            quiet(MemoryError("again"))
            assert machine.resets == [True]
