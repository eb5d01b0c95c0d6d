"""One transfer in a process of its own under MicroPython, and what came of it."""

import json
import os
import subprocess
from pathlib import Path

import charge_point
from limits import patient

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


class Outcome:
    """`error`: (reason, text, again) or None; `data`: what the sink has; the rest as transfer_driver.py prints it."""

    def __init__(self, printed, data):
        self.__dict__.update(json.loads(printed))
        self.data = data
        assert self.sockets == 0, "open sockets after the transfer"
        assert self.modules == ["transfers"], "code in memory after the transfer"

    @property
    def reason(self):
        return self.error and self.error[0]

    @property
    def text(self):
        return self.error and self.error[1]

    @property
    def again(self):
        return self.error and self.error[2]


def run(job, folder, heap="2M", code=ROOT):
    """The output of transfer_driver.py with this `job`, run with `code` as the firmware's folder."""
    (folder / "job.json").write_text(json.dumps(job))  # MicroPython takes no argument of more than 255 bytes
    command = [charge_point.Firmware.interpreter, "-X", "heapsize=" + heap, HERE / "transfer_driver.py", "job.json"]
    environment = {**os.environ, "MICROPYPATH": "%s:.frozen" % code}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patient(20))
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.splitlines()[-1]


def download(folder, url, held=b"", validator="", options=None, **job):
    """The Outcome of a download by somebody who has `held` already."""
    out = folder / "received"
    out.write_bytes(held)
    job |= {"do": "download", "url": url, "out": str(out), "validator": validator, "options": options or {}}
    printed = run(job, folder)
    return Outcome(printed, out.read_bytes())


def upload(folder, url, content, name="diagnostics.txt", options=None, **job):
    """The Outcome of an upload of `content` from a file of this `name`."""
    source = folder / name
    source.write_bytes(content)
    job |= {"do": "upload", "url": url, "source": str(source), "options": options or {}}
    return Outcome(run(job, folder), None)
