"""After an update and after diagnostics their code is in memory no more, on a heap as small as a board's
(architecture.md, Memory).

tests/e2e/module_watch.py shows which modules are there."""

import subprocess
import time
from pathlib import Path

import pytest
from charge_point import Firmware
from limits import patient
from new_versions import tool
from scenarios import charging
from updating import DIAGNOSTICS, Updating

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of the files a process has open")
RESIDENT = "profiles/firmware/__init__.mpy"


class Watched(Firmware):
    """A charge point that shows which modules of updates/, transfers/ and profiles/firmware/ are in memory."""

    stdin = subprocess.PIPE

    def launch(self, config):
        rom_names = tool("rom_names")
        program = Path(__file__).with_name("module_watch.py").read_text()
        self.main = str(self.directory / "module_watch.py")
        Path(self.main).write_text(rom_names.replaced(program, rom_names.names_of(self.build)))
        self.files = self.directory / str(len(list(self.directory.iterdir())))
        self.files.mkdir()
        self.arguments = (str(self.files),)
        super().launch(config)

    def imported(self):
        """The paths in the archive of all that have been imported since the start."""
        return {_path(file) for file in self.files.iterdir()}

    def in_memory(self, command=""):
        """The paths of those that are in memory after this command, but for what is resident."""
        count = len(self._collected())
        self._process.stdin.write(b"%s\n" % command.encode())
        self._process.stdin.flush()
        self.wait("collection", lambda: len(self._collected()) > count)
        files = [descriptor.resolve() for descriptor in Path(f"/proc/{self.pid}/fd").iterdir()]
        return {_path(file) for file in files if file.parent == self.files.resolve()} - {RESIDENT}

    def _collected(self):
        return [line for line in self.lines if line.endswith("@ collected")]

    def left(self, *rooms, command=""):
        """The modules of these rooms that are in memory after all of them have had time to go."""
        deadline = time.monotonic() + patient(1)
        while True:
            self.status()  # what a finished call has left on the stack of C stays until another one overwrites it
            found = {path for path in self.in_memory(command) if path.startswith(rooms)}
            if not found or time.monotonic() > deadline:
                return found


def _path(file):
    return "/".join(file.name.split()[1:])


class Lived(Updating):
    """One life of a charge point, with a car that charges or without; `left`: modules that were in memory too long."""

    def __init__(self, csms, firmware, folder):
        super().__init__(csms, firmware, folder)
        self.left = set()
        firmware.start()
        csms.expect_boot()

    def look(self, *rooms, command=""):
        self.left |= self.firmware.left(*rooms, command=command)


@pytest.fixture
def stays(make_csms, make_firmware, tmp_path):
    """stays(story): the modules that stay in memory though story(site), site a Lived, is over.

    A module whose table of constants is empty and fills its blocks has the address behind it, and with that MicroPython
    keeps what lies there, by chance: so where a module has stayed, it must be seen to stay in a second life, too."""

    def life(story):
        csms = make_csms()
        firmware = make_firmware(csms, Watched)
        site = Lived(csms, firmware, firmware.directory)
        story(site)
        return site.left

    def both(story):
        left = life(story)
        return left and left & life(story)

    return both


def test_after_diagnostics(stays, server):
    """They go by themselves, while a car charges."""

    def story(site):
        charging(site.csms, site.firmware)
        site.csms.call("GetDiagnostics", {"location": server.url + "/", "retries": 0})
        site.expect("Uploading", "Uploaded", action=DIAGNOSTICS)
        site.look("updates/", "transfers/", "profiles/firmware/")
        assert {"transfers/http_upload.mpy", "profiles/firmware/uploading.mpy"} <= site.firmware.imported()

    assert not stays(story)


def test_after_an_upload_that_failed(stays, server):
    server.refusals["/logs"] = (403, {}, b"no")

    def story(site):
        site.csms.call("GetDiagnostics", {"location": server.url + "/logs", "retries": 0})
        site.expect("Uploading", "UploadFailed", action=DIAGNOSTICS)
        site.look("updates/", "transfers/", "profiles/firmware/")

    assert not stays(story)


def test_after_a_download_that_failed(stays, server):
    def story(site):
        site.ask(server.url + "/missing.bin")
        site.expect("Downloading", "DownloadFailed")
        site.look("updates/", "transfers/", "profiles/firmware/")
        assert "updates/receiver.mpy" in site.firmware.imported()

    assert not stays(story)


def test_during_and_after_an_update(stays, server):
    """What receives is gone while the installation waits for the end of a session. Once the new version is confirmed
    and Installed has been reported, all the rest goes when memory is short."""

    def story(site):
        firmware = site.firmware
        charging(site.csms, firmware)
        site.ask(server.url + "/upoint.bin")
        site.expect("Downloading", "Downloaded")
        site.says("waits for the end of all sessions")
        site.look("transfers/", "updates/receiver.mpy", "updates/package.mpy", "profiles/firmware/downloading.mpy")
        assert {"transfers/http_download.mpy", "updates/package.mpy"} <= firmware.imported()
        firmware.expect_exit()
        firmware.rfid("CARD1", 1)
        site.csms.expect("StopTransaction")
        site.expect("Installing", timeout=20)
        site.restarts()
        site.csms.expect_boot(timeout=15)
        site.expect("Installed")
        firmware.wait("the end", lambda: firmware.status()["update"] is None)
        assert "updates/trial.mpy" in firmware.imported()
        site.look("updates/", "transfers/", "profiles/firmware/", command="unload")

    assert not stays(story)
