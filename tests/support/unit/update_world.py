"""What the tests of the profile FirmwareManagement share: servers that do as a test says, and the time of the clock."""

import asyncio
import os
import sys

from central_system import TIME, stamp
from charging import play, until
from helpers import folder
from packages import NEW

import transfers
from profiles.firmware import Firmware
from profiles.remote_trigger import RemoteTrigger
from transfers.failure import failed
from updates import installation

STATUS, DIAGNOSTICS = "FirmwareStatusNotification", "DiagnosticsStatusNotification"
LEFT = 10
URL = "http://files/upoint.bin"


class Files:
    """In the place of transfers/files.py. `scripts`: coroutine functions (sink or source, options), one for each
    transfer, of which the last one stays; `times`: when each began, in seconds; `urls` of them."""

    def __init__(self):
        self.begin_anew()

    def begin_anew(self):
        self.scripts, self.times, self.urls = [deliver], [], []

    async def download(self, url, sink, options=None):
        self.times.append(TIME.ms // 1000)
        self.urls.append(url)
        script = self.scripts[0]
        if len(self.scripts) > 1:
            self.scripts.pop(0)
        await script(sink, options)

    upload = download

    def needs(self, url):
        return 6000


async def deliver(sink, options):
    """All of the package NEW, or the rest of it."""
    sink.validator = "tag"
    sink.begin(sink.position)
    for at in range(sink.position, len(NEW), 100):
        sink.write(NEW[at : at + 100])


async def half(sink, options):
    """All but the last bytes, and then silence."""
    sink.validator = "tag"
    sink.begin(0)
    sink.write(NEW[:-LEFT])
    await asyncio.Event().wait()


async def broken(sink, options):
    raise failed("connection", "no")


async def nonsense(sink, options):
    raise failed("bad url", "no")


FILES = transfers.files = sys.modules["transfers.files"] = Files()  # once: the profile keeps the module


class Source:
    def __init__(self, bounds):
        self.name, self.size, self.bounds, self.is_open = "log.txt", 3, bounds, True

    def close(self):
        self.is_open = False


class Diagnostics:
    """In the place of app/diagnostics.py; `empty`: there is nothing."""

    empty = False

    def __init__(self):
        self.made = []

    def name(self, point, start, stop, of_security):
        assert point == "point" and not [one for one in self.made if one.is_open]
        return None if self.empty else "security.txt" if of_security else "log.txt"

    def security(self, point, *bounds):
        made = self.source(point, *bounds)
        if made:
            made.name = "security.txt"
        return made

    def source(self, point, *bounds):
        assert point == "point" and not [one for one in self.made if one.is_open]
        if self.empty:
            return None
        self.made.append(Source(bounds))
        return self.made[-1]


class World:
    """A site with the profile; `files` and `log` are in the places of the network and of the log."""

    def __init__(self, authority=""):
        self.files, self.log = FILES, Diagnostics()
        FILES.begin_anew()
        self.root = folder("root") + "/"
        self.settings = {"ca_cert": authority, "downgrade": False, "unsigned": True, "board": "sim"}
        sys.modules["made_up_diagnostics"] = self.log

    def profile(self, core):
        made = Firmware(core, self.settings, ("made_up_diagnostics", "point"))
        made.root = self.root
        return made

    def play(self, story, others=(RemoteTrigger,), **options):
        """Run `story(self)`, with self.site; `others`: profiles besides."""

        async def told(site):
            self.site = site
            await story(self)

        try:
            play(told, profiles=(self.profile,) + tuple(others), **options)
        finally:
            del sys.modules["made_up_diagnostics"]

    @property
    def profile_now(self):
        """The profile, also where it is switched off."""
        engine = self.site.engine
        return [one for one in engine.profiles + engine.switched_off if one.folder == "firmware"][0]

    @property
    def phase(self):
        record = self.profile_now.jobs.get("update")
        return record and record["status"]

    async def ask(self, location=URL, seconds=-1, **more):
        """UpdateFirmware with a retrieveDate in `seconds`."""
        date = stamp(TIME.ms // 1000 + seconds)
        assert await self.site.central.ask("UpdateFirmware", location=location, retrieveDate=date, **more) == {}

    async def wait(self, seconds=1):
        """Let time pass, and what is due be done."""
        for _ in range(seconds):
            await self.site.wait(1)
            await self.quiet()

    async def quiet(self):
        """Until the task of the profile waits for something outside, and all that can be reported is."""
        profile = self.profile_now
        for _ in range(20):
            await asyncio.sleep_ms(1)
        if self.site.engine.online:
            await until(lambda: not profile.news)
        for _ in range(150 if profile.task else 1):  # telling.settle() looks each 100 ms
            await asyncio.sleep_ms(1)

    async def tell_until(self, status):
        await until(lambda: status in self.told())

    def told(self, action=STATUS):
        return [payload["status"] for payload in self.site.central.of(action)]

    def tried(self, outcome, reason=""):
        """slot_trial.py, or trial.py, has found out what comes of the version."""
        slot = installation.read(self.root)[0]
        installation.write(self.root, slot, {"outcome": outcome, "version": "99.0.0", "reason": reason})

    def on_flash(self):
        return sorted(os.listdir(self.root[:-1]))
