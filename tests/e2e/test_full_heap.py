"""Short of memory, an answer still leaves: a CALL is never without one, whatever else fills the heap, and is refused
for what is really wrong (OCPP-J 4.1.1, 4.2.3)."""

import subprocess
from pathlib import Path

import pytest
from answers import CallError
from charge_point import Firmware
from largest import LONGEST, padded
from scenarios import alive, charging

CHANGE = {"key": "HeartbeatInterval", "value": "600"}
CALLS = [
    ("GetConfiguration", {"key": ["HeartbeatInterval"]}),
    ("GetConfiguration", {}),
    ("ChangeConfiguration", CHANGE),
    ("ClearCache", {}),
    ("GetLocalListVersion", {}),
    ("ChangeAvailability", {"connectorId": 1, "type": "Sometimes"}),
    ("NoSuchAction", {}),
    ("DataTransfer", {"vendorId": "v", "data": 3500 * "W"}),
    ("GetCompositeSchedule", {"connectorId": 1, "duration": 60}),
]
# Bytes that are free, and in pieces of how many; for words of eight bytes, of which a board has half.
FREE = [(60000, 4096), (40000, 1024), (30000, 768), (30000, 512), (20000, 1024)]


class Crowded(Firmware):
    """A charge point in whose heap something else takes room, see full_heap.py."""

    main = str(Path(__file__).with_name("full_heap.py"))
    stdin = subprocess.PIPE

    def leave(self, count, piece=1):
        """Leave `count` bytes of the heap free, in pieces of `piece` bytes; 0 for all."""
        text = f"@ filled to {count}"
        seen = self._told(text)
        self._process.stdin.write(b"%07d %07d\n" % (count, piece))
        self._process.stdin.flush()
        self.wait(text, lambda: self._told(text) > seen)

    def _told(self, text):
        return sum(text in line for line in self.lines)

    def crashes(self):
        """A MemoryError here and there is what this is about."""
        return []


@pytest.fixture(params=["idle", "charging"])
def crowded(request, csms, make_firmware):
    firmware = make_firmware(csms, Crowded)
    firmware.start()
    csms.expect_boot()
    if request.param == "charging":
        charging(csms, firmware)
    return firmware


def answered(csms, data, message_id, action):
    """The error code of the answer to a CALL, None for a CALLRESULT."""
    try:
        csms.exchange(data, message_id, action)
    except CallError as error:
        assert error.code == "InternalError" or "memory" not in error.description, error
        return error.code
    return None


@pytest.mark.parametrize("left, piece", FREE)
def test_every_call_is_answered_in_a_full_heap(csms, crowded, left, piece):
    """And what is too long is called so, what is not, is not."""
    for number, (action, payload) in enumerate(CALLS):
        crowded.leave(left, piece)
        action_known = None if action == "NoSuchAction" else action
        text = padded(payload, LONGEST if number % 2 else 0, action)
        code = answered(csms, text, 36 * "i", action_known)
        assert code != "OccurenceConstraintViolation", action
    crowded.leave(left, piece)
    assert answered(csms, padded(CHANGE, LONGEST + 1), 36 * "i", None) == "OccurenceConstraintViolation"
    crowded.leave(0)
    alive(csms)
