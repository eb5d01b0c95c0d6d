# micropython only: it has littlefs
"""updates/trial.py: a version on trial is confirmed when it has shown that it works, or restarts."""

import asyncio

from helpers import finish, replaced
from packages import Board, Machine, installed, package, receive

from ocpp import log
from updates import installation, trial

OLD = package({"answer.py": b"VALUE = 42\n"}, version="1.0.0")
log.configure("error")


class Watched:
    """trial.watch() with a clock of its own."""

    def __init__(self, accepted=lambda s: True, ticking=lambda s: True, idle=lambda s: True):
        self.seconds, self.restarts = 0, []
        arguments = [lambda state=state: state(self.seconds) for state in (accepted, ticking, idle)]
        with replaced(trial, asyncio=self):
            asyncio.run(finish(trial.watch(*arguments, lambda: self.restarts.append(self.seconds))))

    async def sleep(self, seconds):
        self.seconds += seconds


def watched(**states):
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        board.start()
        watched = Watched(**states)
        return watched.seconds, watched.restarts, installation.result()


def test_it_is_confirmed_after_five_minutes():
    seconds, restarts, result = watched()
    assert (seconds, restarts, result["outcome"]) == (300, [], "Installed")


def test_it_is_confirmed_when_the_central_system_has_accepted_it():
    seconds, restarts, result = watched(accepted=lambda s: s >= 1000)
    assert (seconds, restarts, result["outcome"]) == (1000, [], "Installed")


def test_it_has_to_tick_for_five_minutes():
    seconds, restarts, result = watched(ticking=lambda s: s != 200)
    assert (seconds, restarts, result["outcome"]) == (500, [], "Installed")


def test_without_the_central_system_it_restarts_when_no_energy_flows():
    seconds, restarts, result = watched(accepted=lambda s: False, idle=lambda s: s > 2000)
    assert restarts == [2005] and result["outcome"] == "Installing"
    assert result["reason"] == "not accepted by the central system in 2005 s"


def test_without_ticks_it_restarts():
    seconds, restarts, result = watched(ticking=lambda s: False)
    assert restarts == [1200] and result["reason"] == "the safety loop failed in 1200 s"


def test_the_confirmation_stops_the_timer():
    with Machine(1) as machine:
        assert watched()[2]["outcome"] == "Installed"
        assert [timer.period for timer in machine.Timer.made if timer.number == 2][-1:] == [None]


def test_a_confirmation_that_cannot_be_written_is_tried_again():
    with Board({"firmware.a": OLD}) as board:
        installed(board)
        board.start()
        confirm_now = installation.confirm
        tries = []

        def confirm(root):
            tries.append(root)
            if len(tries) < 4:
                raise OSError(5)
            confirm_now(root)

        with replaced(installation, confirm=confirm):
            Watched()
        assert len(tries) == 4 and installation.result()["outcome"] == "Installed"


def test_the_log_says_what_became_of_it():
    lines = []
    log.configure("info")
    with replaced(log, print=lambda *words: lines.append(words[-1])):
        with Board({"firmware.a": OLD}) as board:
            assert trial.log_outcome() is False and lines == []
            installed(board)
            assert trial.log_outcome() is True
            for _ in range(3):
                board.start()
            assert trial.log_outcome() is False
            installation.install(receive())
            board.start()
            installation.confirm()
            assert trial.log_outcome() is False
    log.configure("error")
    assert len(lines) == 3
    assert "version 99.0.0: Installing" in lines[0] and "version 99.0.0: Installed" in lines[2]
    assert "the update to version 99.0.0 failed: not confirmed in 2 starts" in lines[1]
