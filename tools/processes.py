"""Processes that the tools start, with what they print; and the firmware as one of them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST_BUILD = ROOT / "build" / "host"
MODULES = ROOT / "build" / "modules" / "host"  # what is in its archive, as files
# After so long something hangs; a machine with other work may be slow.
PATIENCE_S = 150


class NotBuilt(Exception):
    """The firmware cannot be started; args[0] says what to do."""


class Child:
    """A process in a session of its own, so that Ctrl-C reaches only the tool, which then stops it."""

    def __init__(self, name, command, on_line=None, cwd=None):
        """on_line(text) is called from a thread for every line of stdout and stderr."""
        self.name = name
        self.lines = deque(maxlen=400)
        self._on_line = on_line
        self._process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self.lines.append(line.rstrip())
            if self._on_line:
                self._on_line(line.rstrip())

    @property
    def running(self):
        return self._process.poll() is None

    def ending(self):
        """How the process ended, in words."""
        return "%s has ended with exit status %s" % (self.name, self._process.wait())

    def tail(self, count=15):
        """The last lines it printed."""
        return list(self.lines)[-count:]

    def stop(self):
        """End the process, with SIGKILL if it does not go; safe to call again."""
        if self.running:
            self._process.terminate()
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait()
        self._reader.join(2)


@contextmanager
def no_signal():
    """The signals that end a tool wait for the end of the block: before a Child that is made in it can be ended. Of the
    main thread only."""
    waiting = []
    handlers = {number: signal.signal(number, lambda number, frame: waiting.append(number))
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in waiting:
            signal.raise_signal(number)


def free_port():
    """A port on 127.0.0.1 that was free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def micropython():
    """The interpreter beside this Python's, or else the one on the PATH; NotBuilt."""
    beside = Path(sys.executable).parent / "micropython"
    found = str(beside) if beside.exists() else shutil.which("micropython")
    if not found:
        raise NotBuilt("there is no micropython beside %s" % sys.executable)
    return found


def write_config(folder, csms_port, web_port, ocpp, host_build=HOST_BUILD, **sections):
    """Write config.json and an empty store into a new `folder`; returns the path of the config. `sections` replace
    those that are written usually.

    The store is named from the firmware's working directory, as config.json takes short paths only.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "charge_point": {"id": "upoint-01"},
        "csms": {"url": "ws://127.0.0.1:%d" % csms_port, "backoff_s": [1, 2]},
        "board": {"type": "sim"},
        "connectors": [{"phases": 3}],
        "web": {"host": "127.0.0.1", "port": web_port},
        "storage": {"path": os.path.relpath(folder / "data", host_build)},
        "ocpp": ocpp,
        **sections,
    }
    path = folder / "config.json"
    path.write_text(json.dumps(config, indent=1))
    return path


def start_firmware(config, on_line=None, host_build=HOST_BUILD, heap=("-X", "heapsize=162wK")):
    """The firmware as a Child, by default with the heap of the end-to-end tests: that of a board, and what the
    simulation takes (tests/support/e2e/charge_point.py); NotBuilt."""
    if not (host_build / "main.py").exists():
        raise NotBuilt("%s is missing: run `make build` first" % (host_build / "main.py"))
    command = [micropython(), *heap, "main.py", config]
    return Child("the charge point", command, on_line, host_build)
