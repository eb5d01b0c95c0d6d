"""How a session goes on while the real package of an update is downloaded (1.6 5.19): tick, meter values, bill and
heap. The benchmark's part on transfers."""

import shutil
import tempfile
import time
from pathlib import Path

from archive import sign
from bench_tick import Idle, Page, TooSlow
from file_server import FileServer
from keys import PUBLIC, make, signer
from processes import HOST_BUILD, PATIENCE_S, ROOT, free_port, no_signal, start_firmware, write_config

from build import KEPT, KEY, SLOT, build, host_architecture

_VERSION = "99.0.0"
_KEYS = {"MeterValueSampleInterval": "1", "MeterValuesSampledData": "Energy.Active.Import.Register"}
_CARD = "BENCH"
_QUIET_S = 0.05


def _package(folder):
    """(a signed package of this firmware for this PC, PEM of the public key)."""
    make(folder / "keys")
    (folder / "cache").symlink_to(ROOT / "build" / "cache")
    build("package", host_architecture(), "sim", folder, _VERSION)
    content = (folder / "package" / SLOT).read_bytes()
    return sign(content, signer(folder / "keys")), (folder / "keys" / PUBLIC).read_bytes()


class _Scene:
    """A charge point, the owner's page, and its central system, which notes what it gets and when."""

    def __init__(self, central, folder, seconds, public):
        home = Path(shutil.copytree(HOST_BUILD, folder / "home", ignore=shutil.ignore_patterns(KEPT)))
        (home / KEY).write_bytes(public)
        port = free_port()
        config = write_config(folder / "config", central.port, port, _KEYS, home, log={"flash_kb": 0})
        self.seconds, self.page = seconds, Page(port)
        self.peer = None
        with no_signal():
            self.child = start_firmware(config, host_build=home)
        try:
            self.peer = central.accept(self.child)
        except BaseException:
            self.close()
            raise

    def until(self, what, met):
        """Serve the charge point until met(); TooSlow."""
        ends = time.monotonic() + PATIENCE_S
        while not met():
            if time.monotonic() > ends:
                raise TooSlow("no %s: %s" % (what, self.page.status()))
            self.peer.settle(_QUIET_S)

    def got(self, action, **fields):
        """[(moment, payload)] of the messages with these fields."""
        return [(moment, payload) for moment, name, payload in self.peer.received
                if name == action and fields.items() <= payload.items()]

    def status_told(self, status):
        self.until(status, lambda: self.got("FirmwareStatusNotification", status=status))
        return self.got("FirmwareStatusNotification", status=status)[0][0]

    def wait(self, seconds):
        ends = time.monotonic() + seconds
        self.until("end of the wait", lambda: time.monotonic() >= ends)

    def close(self):
        self.page.close()
        if self.peer:
            self.peer.close()
        self.child.stop()


def measure(central, seconds):
    """What bench_figures.judge_transfer() takes, of a download that lasts about so many `seconds`; `central`: a
    bench_central.Central. TooSlow, Silent."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        content, public = _package(Path(folder))
        with FileServer(content, len(content) / seconds) as server:
            idle = Idle()
            try:
                scene = _Scene(central, Path(folder), seconds, public)
                try:
                    found = _play(scene, server.url())
                finally:
                    scene.close()
            finally:
                late = idle.end()
    return {**found, "bytes": len(content), "idle_max_ms": late}


def _play(scene, url):
    page = scene.page
    page.post("connectors/1/plug", state="plugged")
    page.post("rfid", idTag=_CARD, connector=1)
    page.post("connectors/1/ev", state="C")
    scene.until("current", lambda: page.status()["connectors"][0]["contactor"])
    page.open()
    scene.wait(scene.seconds)
    free = page.status()["heap_free"]
    payload = {"location": url, "retrieveDate": "2020-01-01T00:00:00Z", "retries": 0}
    scene.peer.calls("UpdateFirmware", [payload])
    begun, arrived = scene.status_told("Downloading"), scene.status_told("Downloaded")
    scene.wait(2)
    status = page.status()
    page.close()
    page.post("rfid", idTag=_CARD, connector=1)
    scene.until("StopTransaction", lambda: scene.got("StopTransaction"))
    return {"begun": begun, "arrived": arrived, "tick_max_ms": status["tick_max_ms"], "polls": page.polls,
            "free_before": free, "free_after": status["heap_free"], "least": status["heap"]["least"],
            "registers": [(moment, _register(payload)) for moment, payload in scene.got("MeterValues")],
            "starts": [payload["meterStart"] for _, payload in scene.got("StartTransaction")],
            "stops": [payload["meterStop"] for _, payload in scene.got("StopTransaction")]}


def _register(payload):
    """Wh of a MeterValues."""
    return float(payload["meterValue"][0]["sampledValue"][0]["value"])
