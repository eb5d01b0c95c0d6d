"""An emulated ESP32-DevKitC as a process: power, console, page. It runs from a flash image and writes to it.

Time is counted in instructions, 125 million a second. ADC, PWM, SPI devices, PSRAM and radio conditions are not there.
"""

import base64
import ctypes
import http.client
import json
import os
import pty
import re
import signal
import socket
import subprocess
import threading
import time
import tty
import urllib.error
import urllib.request
from pathlib import Path

from chip_clock import BASE, CAPTURED, ChipClock

SSID = "PICSimLabWifi"  # the emulated network; it is open
ADDRESS, HERE, BROADCAST = "192.168.4.15", "192.168.4.2", "192.168.4.255"  # the board, this machine, all
PAGE_PORT, PAGE_PASSWORD = 8080, "of the emulated board"
_BASIC = "Basic " + base64.b64encode(("admin:" + PAGE_PASSWORD).encode()).decode()
_START_S = 60
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None, use_errno=True)


def missing():
    """What is not in the environment, in a line; None if all is there."""
    for name in ("QEMU_XTENSA", "ESP32_FIRMWARE"):
        if not os.environ.get(name):
            return "%s is not set" % name
        if not Path(os.environ[name]).is_file():
            return "%s is no file: %s" % (name, os.environ[name])
    return None


def micropython():
    """The stock image, as it is downloaded."""
    return Path(os.environ["ESP32_FIRMWARE"]).read_bytes()


def _command(flash, capture, clock, console_port, page_port):
    emulator = Path(os.environ["QEMU_XTENSA"])
    roms = os.environ.get("QEMU_ROMS") or emulator.parents[1] / "pc-bios"
    network = "user,id=air,model=esp32_wifi,net=192.168.4.0/24"
    network += ",hostfwd=tcp:127.0.0.1:%d-%s:%d" % (page_port, ADDRESS, PAGE_PORT)
    network += ",hostfwd=udp:127.0.0.1:%d-%s:9" % (clock.poke_port, BROADCAST)
    network += ",hostfwd=udp:127.0.0.1:%d-%s:10" % (clock.board_port, BROADCAST)
    return [emulator, "-nographic", "-machine", "esp32", "-monitor", "none", "-L", roms,
            "-drive", "file=%s,if=mtd,format=raw" % flash, "-icount", "shift=3", "-rtc", "base=%s,clock=vm" % BASE,
            "-serial", "tcp:127.0.0.1:%d" % console_port, "-nic", network,
            "-object", "filter-dump,id=capture,netdev=air,file=%s,maxlen=%d" % (capture, CAPTURED)]


def _before_start():
    """In the new process: others go first, and it ends with this tool however that ends."""
    os.nice(10)
    _LIBC.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


class Board:
    """Powered until power_cut(); start it in the main thread, for it does not outlive its thread.

    `lines`: the console so far, `clock`: the chip's time, `typed`: bytes that came by the serial port; on_line(text) is
    called from a thread for each line."""

    def __init__(self, flash, page_port, on_line=None):
        self.lines, self.page_port, self.typed = [], page_port, 0
        self._on_line, self._rest, self._news, self._listener = on_line, b"", threading.Condition(), None
        capture = flash.with_suffix(".air")
        capture.unlink(missing_ok=True)
        self.clock = ChipClock(capture, ADDRESS)
        with socket.create_server(("127.0.0.1", 0)) as server, open(flash.with_suffix(".log"), "wb") as log:
            server.settimeout(_START_S)
            port = server.getsockname()[1]
            command = _command(flash, capture, self.clock, port, page_port)
            # TZ: the capture file begins at the local time.
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             start_new_session=True, preexec_fn=_before_start,
                                             env={**os.environ, "TZ": "UTC"})
            try:
                self._console = server.accept()[0]
            except BaseException:
                self._kill()
                raise
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                data = self._console.recv(4096)
            except OSError:
                data = b""
            if not data:
                return
            listener = self._listener
            if listener is not None:
                os.write(listener, data)
            with self._news:
                *whole, self._rest = (self._rest + data).split(b"\n")
                texts = [line.decode("utf-8", "replace").strip("\r") for line in whole]
                self.lines += texts
                self._news.notify_all()
            for text in texts:
                if self._on_line:
                    self._on_line(text)

    @property
    def running(self):
        return self._process.poll() is None

    def wait(self, pattern, timeout_s, since=0):
        """The first console line from the index `since` on that matches; None after `timeout_s`, or when the emulator
        has ended."""
        return self._wait_for(lambda: next((text for text in self.lines[since:] if re.search(pattern, text)), None),
                              timeout_s)

    def wait_prompt(self, timeout_s):
        """Whether the REPL is ready for a line."""
        return self._wait_for(lambda: self._rest.endswith(b">>> "), timeout_s)

    def _wait_for(self, find, timeout_s):
        """What find() gives, when it is true; None in the end."""
        ends = time.monotonic() + timeout_s
        with self._news:
            while True:
                found = find()
                if found:
                    return found
                if time.monotonic() > ends or not self.running:
                    return None
                self._news.wait(0.5)

    def type(self, text):
        """Keys at the console, as "\\x03"."""
        self._console.sendall(text.encode())

    def ask(self, expression, timeout_s=120):
        """The repr of an expression at the REPL, as text; None if it does not answer."""
        since = len(self.lines)
        self.type("print('=' + repr(%s))\r\n" % expression)
        answer = self.wait("^=|Error", timeout_s, since)
        return answer and (answer[1:] if answer.startswith("=") else answer)

    def serial_port(self):
        """The name of a terminal that is the board's console from now on, as a tool opens it."""
        listener, end = pty.openpty()  # the other end stays open, or nobody could open it a second time
        tty.setraw(end)
        self._listener = listener
        threading.Thread(target=self._type_on, daemon=True).start()
        return os.ttyname(end)

    def _type_on(self):
        while True:
            try:
                data = os.read(self._listener, 4096)
                self._console.sendall(data)
                self.typed += len(data)
            except OSError:
                return

    def page(self, path, body=None, timeout_s=60):
        """(HTTP status, value) of a request to the board's web server; status 0 when there is no answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.page_port, path), data)
        request.add_header("Authorization", _BASIC)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
        except (OSError, ValueError, http.client.HTTPException) as error:
            return 0, repr(error)

    def power_cut(self):
        """At once; the flash image stays as it is at this moment. Safe to call again."""
        self._kill()
        self._console.close()
        self.clock.close()

    def _kill(self):
        if self._process.returncode is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait()
