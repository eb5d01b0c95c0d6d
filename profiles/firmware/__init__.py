"""The FirmwareManagement profile (1.6 5.9, 5.19): updates of the firmware, and diagnostics for the central system. The
uploads of GetLog are its jobs too (profiles/security).

Resident is only the check for a job that is due. A job is a record on flash (schedule.py), so it continues after a
restart; its code is loaded when it runs and unloaded afterwards.
"""

from profiles import Profile


class Firmware(Profile):
    """`settings`: the section updates of config.json, with `ca_cert` the file with the certificate of the authority
    for https, or "", and `board` the board.type; `source`: (name of a module, the first argument of its source(..,
    start, stop)), of diagnostics, and of its security(..), of the security log.

    `jobs`: the update and the upload, see schedule.py; `due`: when the next of them is to continue, in the clock's
    seconds; `job`: the one that runs, `task`: its task; `news`: [(action, status)] that are not sent yet; `root`: see
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
        if any([engine.store.exists(name) for name in ("update", "diagnostics", "log")]):
            from profiles.firmware import after_restart

            after_restart.restore(self)
        engine.each_second.append(self.check_time)

    def check_time(self):
        """Once a second, start the job that is due. A clock that is not set yet can only be late."""
        if self.due is not None and self.task is None and self.core.engine.clock.now() >= self.due:
            from profiles.firmware import job_task

            self.task = self.core.engine.spawn(job_task.run, self)
