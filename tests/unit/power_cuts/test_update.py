# micropython only: it has littlefs
"""A power cut at every write of download, installation, trial and confirmation, clean and torn, on littlefs: the board
always starts a working version, and whatever was done before the cut goes on or is done again."""

import asyncio
import json

from packages import SETTINGS, Board, cut_anywhere, package, recorded

from updates import installation
from updates.receiver import Receiver

OLD = package({"answer.py": b"VALUE = 42\n"}, version="1.0.0")
OLDER = package({"answer.py": b"VALUE = 41\n"}, version="0.9.0")
NEW = package({"answer.py": b"VALUE = 43\n", "big.py": bytes(range(1, 256)) * 100})
SITE = {"firmware.a": OLD, "firmware.b": OLDER, "firmware.slot": b"firmware.a"}
PIECE = 1024
ALL = {}  # what was cut -> cut points


def working():
    """VALUE of the firmware that has been started: its whole content was checked, and it can be imported."""
    import answer

    return answer.VALUE


def download(receiver=None):
    receiver = receiver or Receiver(SETTINGS, "sim")
    receiver.begin(receiver.position)
    for at in range(receiver.position, len(NEW), PIECE):
        receiver.write(NEW[at : at + PIECE])
    return asyncio.run(receiver.finish())


def film(story, *before):
    """All that is written while `story(site)` runs; what happened `before` was not cut."""
    with Board(SITE) as site:
        for step in before:
            step(site)
        site.end()
        return recorded(site.flash, lambda: story(site))


def cuts(what, record, check):
    """Cut the power at each operation of the film `record`; check(board, slot) after the start that follows."""
    points = {False: 0, True: 0, None: 0}
    for flash, torn in cut_anywhere(*record):
        with Board(flash=flash) as board:
            slot, lines = board.start()
            assert working() == {"firmware.a": 42, "firmware.b": 43}[slot], (torn, slot, lines)
            check(board, slot)
        points[torn] += 1
    assert points[False] == points[True] > 2
    ALL[what] = points[False] + points[True]
    print("power cuts at the writes of %s: %d clean, %d torn; of updates so far: %d"
          % (what, points[False], points[True], sum(ALL.values())))


def updated(site):
    installation.install(download())


def started(site):
    site.start()


def confirmed(site):
    installation.confirm()


def finished(board):
    """From here the update can be brought to its end."""
    if installation.result() is None:
        updated(board)
        board.start()
    if installation.result()["outcome"] == "Installing":
        installation.confirm()
    assert installation.result()["outcome"] == "Installed"
    assert board.start() == ("firmware.b", []) and working() == 43


def test_the_download():
    """The old version starts, and the download goes on where it was on flash."""
    seen = []

    def check(board, slot):
        assert slot == "firmware.a" and installation.result() is None
        receiver = Receiver(SETTINGS, "sim")
        seen.append(receiver.position)
        installation.install(download(receiver))
        assert board.start()[0] == "firmware.b" and working() == 43

    cuts("the download", film(lambda site: download()), check)
    assert seen[0] == 0 and seen[-1] == len(NEW) and sorted(seen) == seen and len(set(seen)) > 3, seen
    assert ALL["the download"] > 300


def test_the_installation():
    """It is the old version without a trial, or the new one on its first start."""
    head, slots_seen = {}, []

    def check(board, slot):
        slots_seen.append(slot)
        result = installation.result()
        assert (result is None) == (slot == "firmware.a"), (slot, result)
        installation.install(head)  # once more, as nobody knows whether it was done
        if slot == "firmware.a":
            assert board.start()[0] == "firmware.b"
        finished(board)

    cuts("the installation", film(lambda site: installation.install(head), lambda site: head.update(download())), check)
    assert slots_seen[0] == "firmware.a" and slots_seen[-1] == "firmware.b"


def starts_counted():
    with open("firmware.slot") as file:
        return json.loads(file.read().split("\n")[1]).get("trial", 3)


def test_the_count_of_a_start():
    """A cut before it is on flash is no start, and it may be confirmed after a cut."""
    for before in (0, 1):
        counted = []

        def check(board, slot, counted=counted):
            counted.append(starts_counted())
            if slot == "firmware.b":
                finished(board)
            else:
                assert installation.result()["reason"] == "not confirmed in 2 starts"
                assert board.start() == ("firmware.a", []) and working() == 42

        cuts("start %d of a trial" % (before + 1), film(started, updated, *[started] * before), check)
        assert (counted[0], counted[-1]) == (before + 1, before + 2) and counted == sorted(counted), counted


def test_the_confirmation():
    """One that was cut off is pending, and comes after the next start."""
    outcomes = []

    def check(board, slot):
        assert slot == "firmware.b"
        outcomes.append(installation.result()["outcome"])
        finished(board)

    cuts("the confirmation", film(confirmed, updated, started), check)
    assert outcomes[0] == "Installing" and outcomes[-1] == "Installed" and len(set(outcomes)) == 2


def test_the_return_to_the_old_version():
    """It is the old version from now on, and the outcome is known."""

    def check(board, slot):
        assert slot == "firmware.a" and installation.result()["outcome"] == "InstallationFailed"
        assert board.start() == ("firmware.a", []) and installation.result()["version"] == "99.0.0"

    cuts("the return to the old version", film(started, updated, started, started), check)


def test_the_reason_of_a_restart():
    def check(board, slot):
        assert slot == "firmware.b" and installation.result()["reason"] in ("", "out of memory")
        finished(board)

    cuts("a reason", film(lambda site: installation.note("out of memory"), updated, started), check)


def test_the_end_of_an_outcome():
    def check(board, slot):
        assert slot == "firmware.b" and installation.result() in (None, {"outcome": "Installed", "version": "99.0.0",
                                                                         "reason": ""})

    cuts("the end of an outcome", film(lambda site: installation.forget(), updated, started, confirmed), check)


def test_a_pending_confirmation_survives_one_power_cut():
    """With two, nobody has seen the new version work: the old one returns."""
    for more, slot in ((1, "firmware.b"), (2, "firmware.a")):
        with Board(SITE) as site:
            updated(site)
            for _ in range(1 + more):
                last = site.start()[0]
            assert last == slot

