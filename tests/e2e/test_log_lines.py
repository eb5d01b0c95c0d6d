"""The log of the process: no peer can forge a line of it, make one endless, or write on the owner's terminal."""

import json
import re

import pytest
from answers import CallError
from raw_server import RawServer

# As the harness keeps it: seconds, then what the firmware has printed.
LINE = re.compile(r" *\d+\.\d{3} (\d+|\d{4}-\d\d-\d\dT\S+Z) (DEBUG|INFO|WARNING|ERROR) .{0,640}")
FORGED = "x\n2026-01-01T00:00:00.000Z ERROR forged\r\x1b[2J\u2028\u202e"


def check_lines(firmware):
    """Fail for a line that is not one of the log, is too long, or holds a control character."""
    for line in firmware.lines:
        assert LINE.fullmatch(line) and line.isprintable(), repr(line)


@pytest.mark.parametrize(
    "frame",
    [
        [2, FORGED, "GetConfiguration", {}],
        [3, FORGED, {}],
        [4, FORGED, "GenericError", FORGED, {}],
        [FORGED, "q", {}],
        [2, "q", FORGED, {}],
        [2, "q", "GetConfiguration", {FORGED: 1}],
        [2, "q", "ChangeConfiguration", {"key": FORGED, "value": FORGED}],
        [2, "q", "DataTransfer", {"vendorId": FORGED, "data": FORGED}],
        [2, "q", "RemoteStartTransaction", {"idTag": FORGED}],
    ],
    ids=["id", "result", "error", "type", "action", "field", "key", "vendor", "idTag"],
)
def test_a_frame_cannot_forge_a_line(csms, station, frame):
    firmware = station()
    text = json.dumps(frame)
    if frame[0] == 2:
        try:
            csms.exchange(text, frame[1][:36], None if len(frame[1]) > 36 else "GetConfiguration")
        except (CallError, AssertionError):
            csms.forgive()
    else:
        csms.send(text)
    assert csms.call("GetConfiguration", {"key": ["x"]})
    check_lines(firmware)


def test_an_answer_cannot_forge_a_line(csms, station):
    """The error code and description of a CALLERROR."""
    firmware = station()
    csms.once("Authorize", CallError(FORGED, 50 * FORGED))
    firmware.rfid("CARD1")
    csms.expect("Authorize")
    assert csms.call("GetConfiguration", {"key": ["x"]})
    check_lines(firmware)


def test_the_reason_of_a_close_cannot_forge_a_line(csms, station):
    firmware = station()
    csms.server.run(csms.server.socket.close(1001, FORGED))
    csms.wait_connected(2)
    assert any("disconnected: 1001 x\\n2026" in line for line in firmware.lines)
    check_lines(firmware)


def test_the_status_line_of_a_refusal_cannot_forge_a_line(make_firmware):
    """Escape sequences, Latin-1 and a line that does not end, in the place of the reason phrase."""
    server = RawServer(b"HTTP/1.1 500 x\x1b[2J\xff\xe4 2026 ERROR forged" + 3000 * b"x" + b"\r\n\r\n")
    firmware = make_firmware()
    firmware.start(csms={"url": server.url})
    firmware.wait("refusal", lambda: any("no connection" in line for line in firmware.lines))
    server.close()
    check_lines(firmware)


def test_a_card_cannot_forge_a_line(csms, station):
    firmware = station()
    csms.once("Authorize", CallError("GenericError", "x"))
    firmware.rfid("x\nERROR forged"[:20])
    csms.expect("Authorize")
    assert csms.call("GetConfiguration", {"key": ["x"]})
    check_lines(firmware)
