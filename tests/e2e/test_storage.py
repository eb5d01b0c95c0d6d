"""Storage that cannot be written, seen from outside: the kernel refuses each write of the process to a file, which
is what a full disk does (architecture.md, Power cuts)."""

import resource
import shutil

import pytest
from charge_point import Firmware
from scenarios import charging

UNLIMITED = resource.RLIM_INFINITY


class Full(Firmware):
    """Started without any room; `room` may be given and taken away while it runs."""

    full = True

    @property
    def wrapper(self):
        """Without the signal that would end the process (25), a write that is refused fails."""
        return ("sh", "-c", 'trap "" 25; %s exec "$@"' % ("ulimit -S -f 0;" if self.full else ""), "sh")

    def room(self, there_is):
        limit = UNLIMITED if there_is else 0
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (limit, UNLIMITED))

    def told(self, text):
        return [line for line in self.lines if text in line]


def errors(csms, connector):
    return [(s["errorCode"], s.get("info")) for s in csms.received("StatusNotification", connectorId=connector)]


@pytest.fixture
def full(make_firmware, csms):
    return make_firmware(csms, Full)


def a_session(csms, firmware, card):
    charging(csms, firmware, card=card)
    csms.expect("MeterValues")
    firmware.rfid(card)
    stop = csms.expect("StopTransaction")
    csms.expect("StatusNotification", status="Finishing")
    firmware.unplug()
    firmware.wait_status(1, "Available")
    return stop


def test_it_starts_charges_and_shows_the_error_and_is_whole_again(csms, full):
    full.start(ocpp={"MeterValueSampleInterval": "1"})
    csms.expect("BootNotification")
    for connector in (0, 1):
        csms.wait("the error", lambda c=connector: ("OtherError", "storage") in errors(csms, c))
    for number, card in enumerate(("CARD1", "CARD2")):
        assert a_session(csms, full, card)["transactionId"] == number + 1
    assert len(full.told("storage cannot be written")) == 1
    full.room(True)
    csms.wait("the end of the error", lambda: errors(csms, 1)[-1] == ("NoError", None), timeout=20)
    assert len(full.told("storage can be written again")) == 1
    starts, stops = len(csms.received("StartTransaction")), len(csms.received("StopTransaction"))
    full.full = False
    full.restart()
    csms.expect("BootNotification", lambda boot: boot.connection == 2)
    assert a_session(csms, full, "CARD3")["transactionId"] == 3
    assert len(csms.received("StartTransaction")) == starts + 1
    assert len(csms.received("StopTransaction")) == stops + 1


def test_it_becomes_full_while_a_car_charges(csms, full):
    """The stop leaves, the next car charges, and a stop without a connection waits for it."""
    full.full = False
    full.start(ocpp={"MeterValueSampleInterval": "1"})
    csms.expect_boot()  # before, the card is not accepted
    charging(csms, full)
    full.room(False)
    csms.wait("the error", lambda: errors(csms, 1)[-1] == ("OtherError", "storage"))
    csms.server.stop_listening()
    csms.drop()
    full.wait("the end of the connection", lambda: not full.status()["csms"]["connected"])
    full.rfid("CARD1")
    full.wait_status(1, "Finishing")
    full.unplug()
    full.wait_status(1, "Available")
    csms.server.listen()
    assert csms.expect("StopTransaction")["transactionId"] == 1
    assert a_session(csms, full, "CARD2")["transactionId"] == 2
    assert len(full.told("storage cannot be written")) == 1


def test_a_store_whose_folder_is_gone(csms, full):
    """Someone removes it while a car charges, and puts a file in its place."""
    full.full = False
    full.start(ocpp={"MeterValueSampleInterval": "1"})
    csms.expect_boot()  # before, the card is not accepted
    charging(csms, full)
    folder = full.directory / "data"
    shutil.rmtree(folder)
    folder.write_text("not a folder")
    full.rfid("CARD1")
    assert csms.expect("StopTransaction")["transactionId"] == 1
    csms.expect("StatusNotification", status="Finishing")
    full.unplug()
    full.wait_status(1, "Available")
    assert a_session(csms, full, "CARD2")["transactionId"] == 2
    folder.unlink()
    folder.mkdir()
    csms.wait("the end of the error", lambda: errors(csms, 1)[-1] == ("NoError", None), timeout=20)


def test_a_running_transaction_whose_record_is_damaged_is_ended(csms, station):
    """After a restart its StopTransaction leaves with what is known, reason Other."""
    firmware = charging(csms, station(MeterValueSampleInterval="1"))
    for _ in range(2):
        value = csms.expect("MeterValues")
    firmware.kill()
    slots = sorted((firmware.directory / "data").glob("tx1.*"))
    assert slots
    newest = max(slots, key=lambda path: int(path.read_bytes().split()[1]))
    newest.write_bytes(newest.read_bytes()[:-9])
    firmware.start()
    stop = csms.expect("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (1, "Other")
    register = next(v for v in value["meterValue"][0]["sampledValue"]
                    if v.get("measurand", "Energy.Active.Import.Register") == "Energy.Active.Import.Register")
    assert stop["meterStop"] >= int(register["value"])
    assert [line for line in firmware.lines if "transaction 1 is missing or damaged" in line]


def test_a_queue_whose_file_was_deleted_is_logged(csms, station):
    firmware = charging(csms, station(MeterValueSampleInterval="1"))
    csms.server.stop_listening()
    csms.drop()
    firmware.wait("queued values", lambda: firmware.status()["csms"]["queued"] >= 3)
    firmware.kill()
    for path in (firmware.directory / "data").glob("queue.*"):
        path.unlink()
    csms.server.listen()
    firmware.start()
    assert csms.expect("StopTransaction", timeout=30)["transactionId"] == 1
    assert [line for line in firmware.lines if "is missing, empty or damaged" in line]


def test_foreign_files_and_folders_are_logged_and_ignored(csms, make_firmware):
    firmware = make_firmware(csms)
    data = firmware.directory / "data"
    data.mkdir()
    for name in ("queue.abc", "charging_profile.abc"):
        (data / name).write_text("not ours")
    for name in ("queue.7", "tmp", "keys.0"):
        (data / name).mkdir()
    firmware.start(ocpp={"MeterValueSampleInterval": "1"})
    csms.expect_boot(1)
    for number in (1, 2, 3):
        assert a_session(csms, firmware, "CARD1")["transactionId"] == number
    for name in ("queue.abc", "charging_profile.abc", "queue.7", "tmp", "keys.0"):
        assert len([line for line in firmware.lines if "/" + name + " is foreign" in line]) == 1, name
    firmware.restart()
    csms.expect("BootNotification", lambda boot: boot.connection == 2)
    assert a_session(csms, firmware, "CARD1")["transactionId"] == 4
    assert (data / "queue.7").is_dir() and (data / "queue.abc").read_text() == "not ours"
