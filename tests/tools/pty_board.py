"""A board for the tests: MicroPython in a folder of its own, behind a pseudo-terminal in place of the serial port."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import threading
import tty
from pathlib import Path

from limits import patient

INTERPRETER = Path(sys.executable).with_name("micropython")
# What an ESP32 has and a PC has not.
MACHINE = """
import sys
class Pin:
    OUT = 3
    def __init__(self, number, mode, value=None):
        pass
class WDT:
    def __init__(self, timeout):
        with open("wdt.log", "a") as file:
            file.write("%d\\n" % timeout)
def reset():
    open("reset.mark", "w").close()
    sys.exit()
"""
START = """
for name in %r:
    try:
        file = open(name)
    except OSError:
        continue
    with file:
        exec(file.read())
"""


class Board:
    """Use with `with`. `port`: what a tool opens; `root`: the file system; `starts`: "hard" or "soft" a start.

    `damage`: (bytes, bytes), what arrives in place of what was sent.
    """

    damage = (b"~", b"~")

    def __init__(self, root):
        self.root = root
        self.starts = []
        (root / "machine.py").write_text(MACHINE)
        self._tool, self._tool_end = pty.openpty()
        tty.setraw(self._tool_end)
        self.port = os.ttyname(self._tool_end)
        self._changed = threading.Condition()
        self._stop, self._stopper = os.pipe()

    def __enter__(self):
        self._spawn("hard")
        self._thread = threading.Thread(target=self._pump)
        self._thread.start()
        return self

    def __exit__(self, *exception):
        os.write(self._stopper, b"x")
        self._thread.join()
        self._process.kill()
        self._process.wait()
        for end in (self._console, self._tool, self._tool_end, self._stop, self._stopper):
            os.close(end)

    def wait_starts(self, count):
        """Until the board has started again after a reset `count` times."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.starts.count("hard") >= count, patient(2)), self.starts

    def power_cycle(self):
        """Without power for a moment, and started again."""
        starts = self.starts.count("hard")
        (self.root / "reset.mark").touch()
        self._process.kill()
        self.wait_starts(starts + 1)

    def _spawn(self, kind):
        self._console, end = pty.openpty()
        attributes = termios.tcgetattr(end)
        attributes[1] &= ~termios.OPOST  # a board's line ends are its own
        termios.tcsetattr(end, termios.TCSANOW, attributes)
        program = START % (("boot.py", "main.py") if kind == "hard" else ("boot.py",),)
        command = [INTERPRETER, "-i", "-c", program]
        self._process = subprocess.Popen(command, cwd=self.root, stdin=end, stdout=end, stderr=end,
                                         start_new_session=True, env={**os.environ, "MICROPYPATH": ":.frozen"})
        os.close(end)
        self._tail = b""
        self._running = kind == "hard"
        with self._changed:
            self.starts.append(kind)
            self._changed.notify_all()

    def _pump(self):
        while True:
            ready = select.select([self._console, self._tool, self._stop], [], [])[0]
            if self._stop in ready:
                return
            if self._tool in ready:
                self._to_board(os.read(self._tool, 4096))
            if self._console in ready:
                output = self._read()
                if not output:
                    self._restart()
                else:
                    self._follow(output)
                    os.write(self._tool, output)

    def _read(self):
        try:
            return os.read(self._console, 4096)
        except OSError:  # the process has gone
            return b""

    def _to_board(self, typed):
        # The terminal controls no process here: Ctrl-C has to be sent to a program that runs.
        if b"\x03" in typed and self._running:
            os.kill(self._process.pid, signal.SIGINT)
            while self._running:
                self._follow(self._read())
        os.write(self._console, typed.replace(*self.damage))

    def _follow(self, output):
        self._tail = (self._tail + output)[-4:]
        self._running = self._running and self._tail != b">>> " and output != b""

    def _restart(self):
        self._process.wait()
        os.close(self._console)
        mark = self.root / "reset.mark"
        if mark.exists():
            mark.unlink()
            return self._spawn("hard")
        os.write(self._tool, b"MPY: soft reboot\r\n")
        self._spawn("soft")
        banner = b""
        while not banner.endswith(b">>> "):
            banner += self._read()
        os.write(self._console, b"\x01")
