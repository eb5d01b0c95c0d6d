"""The firmware that tests feed with scenarios (feeder.py): the built files under MicroPython, the sources under
CPython."""

import json
import os
import subprocess
import sys
from pathlib import Path

from limits import patient

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class ScenarioRunner:
    """play(scenario) -> what each of its steps gave."""

    def __init__(self, interpreter, folder):
        environment = dict(os.environ)
        if interpreter == "micropython":
            command = [Path(sys.executable).with_name("micropython"), "-X", "heapsize=96wK"]
            environment["MICROPYPATH"] = "%s:.frozen" % (ROOT / "build" / "modules" / "host")
        else:
            command = [sys.executable, "-u"]
            environment["PYTHONPATH"] = "%s:%s" % (ROOT / "tests" / "support" / "unit" / "shim", ROOT)
        command += [HERE / "feeder.py", str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
        )

    def play(self, scenario):
        self._process.stdin.write(json.dumps(scenario) + "\n")
        self._process.stdin.flush()
        answer = log = ""
        while not answer.startswith("\x1e"):
            log += answer
            answer = self._process.stdout.readline()
            assert answer, "the firmware has ended: " + log
        found = json.loads(answer[1:])
        assert isinstance(found, list), (found, scenario)
        return found

    def end(self):
        self._process.stdin.close()
        self._process.stdout.close()
        assert self._process.wait(patient(1)) == 0
