"""The FirmwareManagement profile (1.6 5.9, 5.19): updates of the firmware, and diagnostics for the central system.

Resident is only who looks whether something is due and what has to be told. What is under way is a record on flash, see
schedule.py, so it goes on after a restart; all code for it is loaded for the moment.
"""

from profiles import Profile


class Firmware(Profile):
    """`settings`: the section updates of config.json, with `ca_cert` the file with the certificate of the authority
    for https, or "", and `board` the board.type; `source`: (name of a module, the first argument of its source(..,
    start, stop)), of diagnostics.

    `jobs`: what is under way, see schedule.py; `due`: when one of them is to go on, in the clock's seconds; `job`: the
    one that runs, `task`: the task in which it does; `news`: [(action, status)] that are not told yet; `root`: see
    updates/installation.py."""

    name = "FirmwareManagement"
    folder = "firmware"
    answering = "install"
    root = ""

    def __init__(self, core, settings, source):
        super().__init__(core)
        self.settings = settings
        self.source = source
        self.jobs = {}
        self.due = self.job = self.task = None
        self.news = []
        self.keys = ("profiles.firmware.configuration", settings["ca_cert"])

    def start(self, engine):
        if engine.store.exists("update") or engine.store.exists("diagnostics"):
            from profiles.firmware import wake

            wake.restore(self)
        engine.each_second.append(self.check_time)

    def check_time(self):
        """Once a second. A clock that is not set yet can only be late."""
        if self.due is not None and self.task is None and self.core.engine.clock.now() >= self.due:
            from profiles.firmware import run

            self.task = self.core.engine.spawn(run.run, self)
