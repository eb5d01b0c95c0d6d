"""tools/demo.py: what it demands of a session, and that it fails clearly and leaves nothing behind."""

import io
import signal
import subprocess
import sys
import time

import pytest
from limits import patient
from support import TOOLS, load

processes = load("processes")
record = load("demo_record")
screen = load("demo_screen")


def call(action, **payload):
    extra = {name: payload.pop(name) for name in ("answer", "transactionId_") if name in payload}
    if "transactionId_" in extra:
        extra["transactionId"] = extra.pop("transactionId_")
    return {"event": "call", "action": action, "payload": payload, **extra}


def status(name):
    return call("StatusNotification", connectorId=1, errorCode="NoError", status=name)


SESSION = [
    {"event": "listening", "port": 1},
    call("BootNotification"),
    call("StatusNotification", connectorId=0, status="Available"),
    status("Available"), status("Preparing"),
    call("Authorize", idTag="T", answer="Accepted"),
    call("StartTransaction", connectorId=1, idTag="T", meterStart=5, transactionId_=3),
    status("SuspendedEV"), status("Charging"),
    call("MeterValues", connectorId=1, transactionId=3),
    call("StopTransaction", transactionId=3, meterStop=45, answer="Accepted"),
    status("Finishing"), status("Available"),
]


def missing(events, energy_wh=45, queued=0):
    seen = record.Record()
    for event in events:
        seen.feed(event)
    return seen.missing(energy_wh, queued)


def changed(action, **payload):
    """The session with some fields of one message changed."""
    events = [event | {"payload": event.get("payload", {}).copy()} for event in SESSION]
    next(event for event in events if event.get("action") == action)["payload"].update(payload)
    return events


def without(index):
    return SESSION[:index] + SESSION[index + 1:]


def test_a_right_session_misses_nothing():
    assert missing(SESSION) == []


@pytest.mark.parametrize("events, energy_wh, queued, text", [
    (SESSION, 46, 0, "meterStop is 45 Wh, the meter shows 46 Wh"),
    (SESSION, 45, 2, "2 messages are still queued"),
    (changed("StopTransaction", meterStop=5), 5, 0, "no energy"),
    (changed("StopTransaction", transactionId=4), 45, 0, "transaction 4 was stopped, 3 was started"),
    (without(6), 45, 0, "no StartTransaction"),
    (without(10), 45, 0, "no StopTransaction"),
    (without(9), 45, 0, "no MeterValues"),
    (without(11), 45, 0, "the statuses went Available, Preparing, Charging, Available, not"),
    (SESSION + [{"event": "problem", "text": "odd"}], 45, 0, "odd"),
])
def test_what_is_missing_is_said(events, energy_wh, queued, text):
    wrong = missing(events, energy_wh, queued)
    assert len(wrong) == 1 and text in wrong[0]


def test_the_meter_line_shows_power_current_and_energy():
    connector = {"power_w": 5520, "current_a": [8.0, 8.0, 8.0], "energy_wh": 12}
    assert screen.meter_line(connector, 11040) == "[%s%s]  5520 W   8.0 A     12 Wh" % (15 * "#", 15 * ".")
    assert screen.meter_line(connector | {"power_w": 99999}, 11040).startswith("[" + 30 * "#" + "]")


def test_colours_are_for_terminals_only():
    stream = io.StringIO()
    plain = screen.Screen(stream)
    plain.line("car", "plugs in")
    plain.meter({"power_w": 0, "current_a": [0.0], "energy_wh": 0}, 1)
    assert "\033" not in stream.getvalue() and "\r" not in stream.getvalue()



def start(folder, firmware=None):
    """The demo with a firmware of this text in folder/host; its own files go to folder/demo."""
    host = folder / "host"
    host.mkdir()
    if firmware:
        (host / "main.py").write_text(firmware)
    command = [sys.executable, str(TOOLS / "demo.py"), "--host-build", str(host)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=heed)


def heed():
    """Tests that a shell runs in the background ignore Ctrl-C, and so would what they start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_a_firmware_that_is_not_built_is_said_clearly(tmp_path):
    demo = start(tmp_path)
    output = demo.communicate(timeout=patient(2))[0]
    assert demo.returncode == 1
    assert "demo failed: %s is missing: run `make build` first" % (tmp_path / "host" / "main.py") in output
    assert "Traceback" not in output


def test_a_firmware_that_dies_at_the_start_is_said_clearly(tmp_path):
    demo = start(tmp_path, "import sys\nprint('no contactor')\nsys.exit(78)\n")
    output = demo.communicate(timeout=patient(2))[0]
    assert demo.returncode == 1
    assert "demo failed: the charge point has ended with exit status 78" in output
    assert "last lines of the charge point:\n  no contactor" in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_no_process(tmp_path, number):
    demo = start(tmp_path, "import time\nwhile True:\n    time.sleep(1)\n")
    deadline = time.monotonic() + patient(2)
    pids = ()
    while len(pids) < 2 and time.monotonic() < deadline:
        command = ["ps", "--ppid", str(demo.pid), "-o", "pid="]
        pids = subprocess.run(command, capture_output=True, text=True).stdout.split()
        time.sleep(0.02)
    assert len(pids) == 2
    demo.send_signal(number)
    output = demo.communicate(timeout=patient(2))[0]
    assert demo.returncode == 128 + number and "Traceback" not in output
    assert subprocess.run(["ps", "-p", ",".join(pids), "-o", "pid="], capture_output=True).stdout == b""


def test_a_signal_waits_until_a_process_that_starts_is_known():
    """Nobody would end that process otherwise."""
    seen = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: seen.append("ended"))
    try:
        with processes.no_signal():
            signal.raise_signal(signal.SIGTERM)
            seen.append("known")
        assert seen == ["known", "ended"]
        signal.raise_signal(signal.SIGTERM)
        assert seen == ["known", "ended", "ended"]
    finally:
        signal.signal(signal.SIGTERM, before)
