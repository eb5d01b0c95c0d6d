"""A plain .py that an owner puts beside the archive goes before the firmware's own, and is understood by it."""

import shutil
from pathlib import Path

import pytest
from central import CallError
from charge_point import HOST_BUILD

ROOT = Path(__file__).parents[2]
PATCHED = ("hal/evse/machine.py", "hal/evse/faults.py", "ocpp/outbox/__init__.py", "ocpp/rpc/__init__.py",
           "profiles/core/__init__.py", "profiles/core/session.py", "app/compose.py", "config/loader.py", "memory.py",
           # of these the classes of one are the parents, of the other the children, of what stays in the archive
           "hal/meter/__init__.py", "ocpp/websocket/__init__.py")
BROKEN = """class Evse:
    def set_operative(self):
        return self.current_limit


async def handle(profile, payload):
    return Evse().set_operative()
"""


def patched(firmware, folder, **files):
    """Give `firmware` a build of its own with these plain files, and start it."""
    firmware.build = shutil.copytree(HOST_BUILD, folder / "build")
    for name, text in files.items():
        (firmware.build / name).parent.mkdir(parents=True, exist_ok=True)
        (firmware.build / name).write_text(text)
    firmware.start()


def test_the_sources_themselves_work_as_patches(csms, firmware, tmp_path):
    patched(firmware, tmp_path, **{name: (ROOT / name).read_text() for name in PATCHED})
    csms.expect_boot()
    assert len([line for line in firmware.lines if "goes before the firmware's own" in line]) == len(PATCHED)
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("CARD1")
    csms.expect("StatusNotification", status="Charging")
    assert csms.call("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})["status"] == "Scheduled"


def test_the_log_shows_the_names_of_the_sources(csms, firmware, tmp_path):
    firmware.crashes = lambda: []  # what is looked for at the end of each test is meant here
    patched(firmware, tmp_path, **{"profiles/core/calls/clear_cache.py": BROKEN})
    csms.expect_boot()
    with pytest.raises(CallError):
        csms.call("ClearCache")
    for text in ("in set_operative", "'Evse' object has no attribute 'current_limit'"):
        firmware.wait(text, lambda text=text: [line for line in firmware.lines if text in line])
