"""The firmware as a process under MicroPython with the simulated board (owner.md; testing.md, The simulated board)."""

import base64
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from limits import patient
from output import Output

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))
from rom_names import names_of, replaced  # noqa: E402

# TEST_WORDS=32 runs the firmware in a MicroPython with the words of a board.
WORDS = os.environ.get("TEST_WORDS", "64")
HOST_BUILD = Path(__file__).parents[3] / "build" / ("host32" if WORDS == "32" else "host")
_IN_PLACE = Path(__file__).with_name("in_place_main.py"), Path(__file__).parents[3] / "tools" / "process_memory.py"
_CRASHES = ("Traceback (most recent call last)", "exception wasn't retrieved", "MemoryError")


def free_port():
    """A port outside the range that the system hands out by itself, so that nobody gets it between two
    starts."""
    while True:
        port = 10000 + int.from_bytes(os.urandom(2), "big") % 20000
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def _merge(target, changes):
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            _merge(target[name], value)
        else:
            target[name] = value


def _interpreter():
    name = "micropython32" if WORDS == "32" else "micropython"
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name) or name


def basic(user, password):
    """The field Authorization (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class Firmware:
    """One charge point: its config, its state on disk, and the process that may be started and killed over and
    over. `lines` is all it has printed. Its heap is the 140 kB that a board has with ws, see memory.claim(), and 22
    that hal/sim takes, which no board with electronics has in memory. With the words of a board its functions run in
    place, too, as on a board."""

    main = "main.py"  # what the interpreter runs
    arguments = ()  # beside the path of config.json
    interpreter = _interpreter()
    build = HOST_BUILD
    heap = "162wK"
    environment = None  # that of the tests
    wrapper = ()  # the command that runs it, if any
    stdin = subprocess.DEVNULL

    def __init__(self, directory, csms=None):
        self.directory, self.csms = directory, csms
        self.port = free_port()
        if WORDS == "32" and self.main == "main.py":
            self.main = str(directory / _IN_PLACE[0].name)
            for program in _IN_PLACE:
                (directory / program.name).write_text(replaced(program.read_text(), names_of(self.build)))
        self.config = {
            "charge_point": {"id": "upoint-e2e", "vendor": "upoint", "model": "e2e"},
            "csms": {"url": "ws://127.0.0.1:9", "backoff_s": [1, 2]},
            "board": {"type": "sim"},
            "connectors": [{"phases": 3, "max_current": 32}],
            "web": {"host": "127.0.0.1", "port": self.port},
            "storage": {"path": str(directory / "data")},
            "ocpp": {},
        }
        if csms is not None:
            self.config["charge_point"]["id"] = csms.identity
            self.config["csms"]["url"] = csms.url
            csms.guards.append(self.check)
        self._output = Output()
        self._process = None
        self._may_end = False

    # The process

    def start(self, connectors=None, wait=True, **sections):
        """Start with the config changed by `sections`, e.g. ocpp={"HeartbeatInterval": "1"}, and this number of
        `connectors`. Returns when the HTTP API answers, or at once."""
        if connectors is not None:
            self.config["connectors"] = [{"phases": 3, "max_current": 32} for _ in range(connectors)]
        _merge(self.config, sections)
        if self.csms is not None:
            self.csms.strict.connectors = len(self.config.get("connectors", [{}]))
            self.csms.rebooted()
        self.launch(json.dumps(self.config))
        if wait:
            self.wait("HTTP API", self._answers)
        return self

    def launch(self, config):
        """Start the process with this text as its config.json (None: without one); waits for nothing."""
        assert (HOST_BUILD / "main.py").exists(), "no build/host/main.py: run `make build` first"
        path = self.directory / "config.json"
        path.unlink(missing_ok=True)
        if config is not None:
            path.write_text(config, encoding="utf-8", newline="")
        self._may_end = False
        command = [*self.wrapper, self.interpreter, "-X", "heapsize=" + self.heap]
        command += [self.main, str(path), *self.arguments]
        if shutil.which("setpriv"):  # the firmware ends when the test run is killed
            command = ["setpriv", "--pdeathsig", "KILL", *command]
        self._process = subprocess.Popen(
            command,
            cwd=self.build,
            env=self.environment,
            stdin=self.stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._output.follow(self._process.stdout)

    @property
    def lines(self):
        return self._output.lines

    def _answers(self):
        try:
            return self.request("GET", "/api/status")[0] == 200
        except OSError:
            return False

    @property
    def pid(self):
        """Of the process."""
        return self._process.pid

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

    def check(self):
        """Fail if the process has ended although no test asked it to."""
        if self._process is not None and not self._may_end and self._process.poll() is not None:
            self._output.join()
            raise AssertionError(f"the firmware has ended with status {self._process.returncode}")

    def wait(self, what, condition, timeout=6):
        """The first true value of `condition()`, asked again and again; AssertionError if there is none. `timeout`:
        seconds that a quiet machine needs at most, see limits.py."""
        limit = patient(timeout)
        deadline = time.monotonic() + limit
        while True:
            value = condition()
            if value:
                return value
            self.csms.check() if self.csms is not None else self.check()
            assert time.monotonic() < deadline, f"no {what} in {limit:g} s"
            time.sleep(0.03)

    def wait_exit(self, timeout=6):
        """The exit status, when the process has ended by itself."""
        self._may_end = True
        try:
            status = self._process.wait(patient(timeout))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the firmware still runs after {patient(timeout):g} s") from None
        self._output.join()
        return status

    def expect_exit(self):
        """From now on the process may end."""
        self._may_end = True

    def kill(self):
        """A power cut (architecture.md, Decisions)."""
        self._may_end = True
        if self.running:
            self._process.kill()
        if self._process is not None:
            self._process.wait()
            self._output.join()

    def interrupt(self):
        """Ctrl-C."""
        self._may_end = True
        self._process.send_signal(signal.SIGINT)

    def restart(self, **sections):
        """Power off and on again."""
        self.kill()
        return self.start(**sections)

    def crashes(self):
        """The lines printed so far that tell of an error nobody expected."""
        return [line for line in self.lines if any(text in line for text in _CRASHES)]

    def report(self):
        """The last output, for a test that has failed."""
        state = "running" if self.running else f"ended with {self._process and self._process.returncode}"
        return "\n".join([*self.lines[-80:], f"({state})"])

    # HTTP (owner.md)

    def request(self, method, path, body=None, raw=None):
        """(status, JSON) of one request; `raw` is sent as it is instead of `body` as JSON. While the firmware answers
        that it has no memory at the moment, it is asked again."""
        deadline = time.monotonic() + patient(4)
        while True:
            status, answer = self._request(method, path, body, raw)
            if status != 503 or time.monotonic() > deadline:
                return status, answer
            time.sleep(0.1)

    def _request(self, method, path, body, raw):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patient(2))
        try:
            data = raw if raw is not None else None if body is None else json.dumps(body)
            headers = {} if data is None else {"Content-Type": "application/json"}
            web = self.config.get("web", {})
            if web.get("password"):
                headers["Authorization"] = basic(web.get("user", "admin"), web["password"])
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        return response.status, json.loads(text) if text else None

    def _post(self, path, **body):
        status, answer = self.request("POST", path, body)
        assert 200 <= status < 300, f"POST {path} {body}: {status} {answer}"

    def status(self):
        code, answer = self.request("GET", "/api/status")
        assert code == 200, answer
        return answer

    def connector(self, number=1):
        """What /api/status says of one connector."""
        return next(c for c in self.status()["connectors"] if c["id"] == number)

    def wait_status(self, connector, status, timeout=6):
        """Until the connector has this status; its state then."""
        return self.wait_for(status, lambda state: state["status"] == status, connector, timeout)

    def wait_for(self, what, condition, connector=1, timeout=6):
        """Until condition(connector's state); its state then."""

        def asked():
            state = self.connector(connector)
            return state if condition(state) else None

        return self.wait(f"{what} at connector {connector}", asked, timeout)

    def plug(self, connector=1):
        self._post(f"/api/sim/connectors/{connector}/plug", state="plugged")

    def unplug(self, connector=1):
        self._post(f"/api/sim/connectors/{connector}/plug", state="unplugged")

    def ev(self, state, connector=1, **fields):
        """Put the simulated car into pilot state "A" to "F"; fields: max_current, phases, diode."""
        self._post(f"/api/sim/connectors/{connector}/ev", state=state, **fields)

    def fault(self, code, connector=1):
        self._post(f"/api/sim/connectors/{connector}/fault", errorCode=code)

    def meter(self, energy_wh, connector=1):
        self._post(f"/api/sim/connectors/{connector}/meter", energy_wh=energy_wh)

    def rfid(self, id_tag, connector=None):
        """Hold a card before the reader."""
        self._post("/api/sim/rfid", idTag=id_tag, **({} if connector is None else {"connector": connector}))

    def power_loss(self):
        """The process ends in the middle of the request."""
        self._may_end = True
        try:
            self._post("/api/sim/power", action="loss")
        except (OSError, http.client.HTTPException, AssertionError):
            pass
