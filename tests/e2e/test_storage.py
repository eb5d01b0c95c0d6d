"""Storage that cannot be written, seen from outside: the kernel refuses each write of the process to a file, which
is what a full disk does (design 2)."""

import resource
import shutil

import pytest
from charge_point import Firmware
from stories import charging

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
