# without coverage: the names are many
"""Foreign files and folders in the store are logged once and left alone; nothing fails because of them."""

import os

from charging import play
from helpers import folder, replaced
import charging

from ocpp import log
from ocpp.store import Store
from profiles.smart_charging import SmartCharging

FILES = ("queue.abc", "queue.", "queue.07", "queue.-1", "queue.1.bak", "charging_profile.abc", "charging_profile.1.2",
         "charging_profile.1.1.0.x.0", "other", "tmp", "list.new", "cache.new")
FOLDERS = ("queue.7", "queue.1", "tmp", "tmp_", "keys.0", "keys.1", "outbox.1", "tx1.0", "td1.0", "meter.0", "clock.1",
           "charging_profile", "charging_profile.0.1.0.1.0", "cache", "list", "reservations.0", "availability.1")
PROFILE = {"chargingProfileId": 5, "stackLevel": 1, "chargingProfilePurpose": "TxDefaultProfile",
           "chargingProfileKind": "Relative",
           "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}]}}


class ForeignWarnings:
    """Stands in for log.warning, and keeps the lines that name what is foreign."""

    def __init__(self):
        self.lines = []

    def __call__(self, text, *args):
        if "foreign" in text:
            self.lines.append(text % args)


def beside(path, files=(), folders=()):
    """Put them in the folder `path`, each file with something in it."""
    for name in files:
        with open(path + "/" + name, "wb") as file:
            file.write(b"not ours\n")
    for name in folders:
        os.mkdir(path + "/" + name)
        with open(path + "/" + name + "/inside", "wb") as file:
            file.write(b"x")


def sessions(files=(), folders=()):
    """Two sessions with a restart between them over a store with these; the lines about what is foreign."""
    warnings = ForeignWarnings()
    made = []

    def foreign(name):
        path = folder(name)
        if not made:
            made.append(path)
            beside(path, files, folders)
        return path

    async def story(site):
        for identity, id_tag in ((101, "A"), (102, "B")):
            await site.charge(id_tag)
            await site.wait(61)
            await site.card(id_tag, 1)
            await site.run(2000)
            site.board.plug(1, False)
            await site.run(1000)
            stops = site.central.of("StopTransaction")
            assert (len(stops), stops[-1]["transactionId"]) == (identity - 100, identity), stops
            answer = await site.central.ask("SetChargingProfile", connectorId=0, csChargingProfiles=PROFILE)
            assert answer["status"] in ("Accepted", "Rejected"), answer
            if identity == 101:
                await site.change(ResetRetries="2")
                await site.restart()
                assert site.engine.keys["ResetRetries"] == 2 or "keys.0" in folders, "it is kept"
                assert site.engine.outbox.queued == 0

    with replaced(charging, folder=foreign), replaced(log, warning=warnings):
        play(story, profiles=(SmartCharging,))
    names = os.listdir(made[0])
    assert all([name in names for name in folders]), names
    return warnings.lines


def test_each_foreign_name_alone():
    for name in FILES:
        lines = sessions(files=(name,))
        assert len(lines) <= 2 and (name[:5] not in ("queue", "charg") or lines and name in lines[0]), (name, lines)
    for name in FOLDERS:
        lines = sessions(folders=(name,))
        assert lines and name in lines[0], (name, lines)


def test_all_foreign_names_together():
    lines = sessions(files=[name for name in FILES if name not in FOLDERS], folders=FOLDERS)
    assert len(lines) < 30, "in two starts, and bounded"


def test_many_foreign_names_are_few_lines():
    path = folder("foreign")
    beside(path, folders=["folder%d" % number for number in range(40)])
    warnings = ForeignWarnings()
    with replaced(log, warning=warnings):
        Store(path)
    assert len(warnings.lines) == 6 and "35 more" in warnings.lines[-1], warnings.lines


def test_a_folder_with_the_name_of_the_next_segment():
    """The segment gets another name; all that it holds is found after a restart, and nothing else."""
    path = folder("foreign")
    beside(path, folders=["queue.%d" % number for number in (1, 2, 9, 10, 20)])
    from journal_records import taken

    from ocpp.outbox import Journal

    journal = Journal(Store(path), 1)
    for index in range(40):
        journal.append([0, "%d" % index + "x" * 400])
    again = Journal(Store(path), 1)
    assert again.count == 40 and again.next == 41
    assert [int(body.split("x")[0]) for body in taken(again)] == list(range(40))


def test_a_file_without_line_ends_does_not_take_all_memory():
    path = folder("foreign")
    with open(path + "/queue.3", "wb") as file:
        for _ in range(100):
            file.write(b"x" * 1000)
    from ocpp.outbox import Journal

    journal = Journal(Store(path), 1)
    assert journal.count == 0
    journal.append([0, "a"])
    assert Journal(Store(path), 1).count == 1


def test_both_slots_of_a_record_are_folders():
    path = folder("foreign")
    beside(path, folders=("n.0", "n.1"))
    for value in range(4):
        store = Store(path)
        assert store.load("n", value - 1) == value - 1
        store.save("n", value)
        assert not store.waiting
    store.remove("n")
    assert not store.exists("n") and sorted(os.listdir(path)) == ["n.0", "n.1"]
