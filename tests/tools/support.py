"""What the tests of the tools share: load a tool's module, run a tool as a process."""

import importlib.util
import json
import subprocess
import sys
import threading
from pathlib import Path

from limits import patient

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def load(name):
    """A module of tools/ by its name; the folder stays off the path, as it has a `schemas` of its own."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, TOOLS / (name + ".py"))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class CentralSystem:
    """tools/csms.py as a process on a free port; use with `with`."""

    def __init__(self, *arguments):
        command = [sys.executable, str(TOOLS / "csms.py"), "--port", "0", "--json", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.events = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self):
        self.port = self.wait(lambda event: event["event"] == "listening")["port"]
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def _read(self):
        for line in self.process.stdout:
            with self._changed:
                self.events.append(json.loads(line))
                self._changed.notify_all()

    def wait(self, wanted):
        """The first event for which wanted(event) is true, if there is one."""
        with self._changed:
            self._changed.wait_for(lambda: any(map(wanted, self.events)), patient(2))
            return next(filter(wanted, self.events))

    def wait_text(self, text):
        """The first event whose text contains this."""
        return self.wait(lambda event: text in event["text"])

    def type(self, *lines):
        """Write lines to its standard input."""
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()

    def url(self, identity="cp1"):
        """Where a charge point connects to."""
        return "ws://127.0.0.1:%d/ocpp/%s" % (self.port, identity)
