"""How late the safety loop ticks while a car charges, the owner's page is open and the central system asks 100 times a
second: the benchmark's part on the tick (architecture.md, Decisions)."""

import json
import subprocess
import threading
import time
import urllib.request

from processes import PATIENCE_S, ROOT, free_port, micropython, no_signal, start_firmware, write_config

_RATE = 100  # CALLs a second
_POLL_S = 0.5
_KEYS = {"MeterValueSampleInterval": "1"}
# What the central system asks for, in turn: most of it short, one that is written to flash, one that is long.
_CALLS = [("GetConfiguration", {"key": ["HeartbeatInterval"]})] * 8 + [
    ("ChangeConfiguration", {"key": "ConnectionTimeOut", "value": "60"}),
    ("GetConfiguration", {}),
]


class TooSlow(Exception):
    """The scene could not be set; args[0] says what did not happen."""


class Page:
    """The owner's page, open in a browser: /api/status again and again."""

    def __init__(self, port):
        self._url = "http://127.0.0.1:%d/api/" % port
        self._ended = threading.Event()
        self.polls = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def status(self):
        with urllib.request.urlopen(self._url + "status", timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def post(self, path, **fields):
        request = urllib.request.Request(self._url + "sim/" + path, json.dumps(fields).encode(),
                                         {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=PATIENCE_S).close()

    def open(self):
        self._thread.start()

    def _run(self):
        while not self._ended.wait(_POLL_S):
            self.status()
            self.polls += 1

    def close(self):
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_S)


class Idle:
    """bench_idle.py, whose ticks this machine makes late, too."""

    def __init__(self):
        command = [micropython(), ROOT / "tools" / "bench_idle.py"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def end(self):
        """Its worst lateness in ms."""
        return int(self._process.communicate(timeout=PATIENCE_S)[0] or 0)


def measure(central, folder, seconds):
    """{"tick_max_ms", "idle_max_ms", "calls", "polls", "seconds"}: the worst lateness from the start on, that of a
    process that does nothing at the same time, and the load; `central`: a bench_central.Central; TooSlow, Silent."""
    idle = Idle()
    try:
        found = _measure(central, folder, seconds)
    finally:
        late = idle.end()
    return {**found, "idle_max_ms": late}


def _measure(central, folder, seconds):
    port = free_port()
    config = write_config(folder, central.port, port, _KEYS)
    page = Page(port)
    child = peer = None
    try:
        with no_signal():
            child = start_firmware(config)
        peer = central.accept(child)
        page.post("connectors/1/plug", state="plugged")
        page.post("rfid", idTag="BENCH", connector=1)
        page.post("connectors/1/ev", state="C")
        until = time.monotonic() + PATIENCE_S
        while not page.status()["connectors"][0]["contactor"]:
            peer.settle(0.05)
            if time.monotonic() > until:
                raise TooSlow("the car does not charge: %s" % page.status())
        page.open()
        began = time.monotonic()
        calls = _load(peer, began, seconds)
        lasted = time.monotonic() - began
        page.close()
        return {"tick_max_ms": page.status()["tick_max_ms"], "calls": calls,
                "polls": page.polls, "seconds": lasted}
    finally:
        page.close()
        if peer:
            peer.close()
        if child:
            child.stop()


def _load(peer, began, seconds):
    count = 0
    while time.monotonic() - began < seconds:
        action, payload = _CALLS[count % len(_CALLS)]
        peer.calls(action, [payload])
        count += 1
        time.sleep(max(0, began + count / _RATE - time.monotonic()))
    return count
