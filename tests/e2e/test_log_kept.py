"""The log that survives: on flash, at GET /api/log, at the console; a flood of it, and what must not be in it."""

import re
import shutil
import subprocess
import urllib.request

import pytest
from charge_point import HOST_BUILD, Firmware, basic
from limits import patient
from scenarios import charging

SECRETS = {
    "authorization_key": "KEYOFTHECSMS0001",
    "token": "TOKENINTHEURL002",
    "wifi": "WIFIPASSWORD0003",
    "second wifi": "WIFIPASSWORD0004",
    "web": "WEBPASSWORD00005",
    "told": "TOLDBYTHECSMS006",
    "location": "FTPPASSWORD00007",
}
ID_TAG = "IDTAG0000000008"


@pytest.fixture
def firmware(firmware):
    firmware.config["web"]["password"] = SECRETS["web"]
    return firmware


def log_of(firmware, user="admin", password=SECRETS["web"]):
    """What GET /api/log answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{firmware.port}/api/log")
    request.add_header("Authorization", basic(user, password))
    with urllib.request.urlopen(request, timeout=patient(3)) as answer:
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        text = answer.read()
        assert len(text) == int(answer.headers["Content-Length"])
    return text.decode()


def printed(firmware):
    """The lines of the log on the console so far."""
    return [line[9:] for line in firmware.lines if re.match(r"\d+(-\S+Z)? [A-Z]+ |    ", line[9:])]


def files(firmware):
    return sorted((firmware.directory / "data").glob("log*.txt"))


def on_flash(firmware):
    return "".join(path.read_text() for path in files(firmware))


def ignored(csms, first, count):
    """Send what the charge point ignores with a warning, `count` times, numbered."""
    for number in range(first, first + count):
        csms.send('[3,"number %05d",{}]' % number)


def test_all_that_is_printed_can_be_read(csms, station):
    firmware = station()
    charging(csms, firmware)
    ignored(csms, 1, 1)
    firmware.wait("the line", lambda: "number 00001" in log_of(firmware))
    lines = log_of(firmware).split("\n")
    assert lines[-1] == "" and set(lines[:-1]) <= set(printed(firmware))
    assert printed(firmware)[0] == lines[0] and any(" start 1, firmware " in line for line in lines)
    assert any("transaction starts" in line for line in lines)


def test_it_survives_a_kill_as_far_as_it_is_written(csms, station):
    firmware = station()
    ignored(csms, 1, 40)
    firmware.wait("lines on flash", lambda: "number 00020" in on_flash(firmware))
    firmware.kill()
    kept = on_flash(firmware)
    firmware.start()
    csms.expect_boot(1)
    text = log_of(firmware)
    assert text.startswith(kept) and " start 1, " in text and " start 2, " in text[len(kept) :]


def test_an_error_is_on_flash_soon(csms, firmware, tmp_path):
    firmware.crashes = lambda: []
    firmware.build = shutil.copytree(HOST_BUILD, tmp_path / "build")
    (firmware.build / "app").mkdir()
    (firmware.build / "app" / "snapshot.py").write_text("def snapshot(*arguments):\n    raise OSError('broken here')\n")
    firmware.start(wait=False)
    csms.expect_boot(1)
    assert firmware.request("GET", "/api/status")[0] == 500
    firmware.wait("the error on flash", lambda: "broken here" in on_flash(firmware))
    assert "    Traceback (most recent call last):\n" in on_flash(firmware)


def test_the_traceback_of_a_crash_can_be_read_after_the_restart(csms, firmware, tmp_path):
    firmware.crashes = lambda: []
    firmware.build = shutil.copytree(HOST_BUILD, tmp_path / "build")
    (firmware.build / "app").mkdir()
    text = "def WebServer(point):\n    raise MemoryError('at the page')\n"
    (firmware.build / "app" / "web_server.py").write_text(text)
    firmware.start(wait=False)
    assert firmware.wait_exit() == 75
    shutil.rmtree(firmware.build / "app")
    firmware.start()
    csms.expect_boot(1)
    before, after = log_of(firmware).split(" start 2, ")
    assert "ERROR nothing runs any more: MemoryError" in before and "    MemoryError: at the page\n" in before
    assert re.search(r'\n    +File "\S*app/web_server.py", line 2, in WebServer\n', before)
    assert "ERROR restart: MemoryError" in before
    assert "the last run ended: MemoryError" in before and after.split("\n")[0].endswith(
        "the last run ended: MemoryError('at the page',)"
    )


def test_a_flood_is_bounded(csms, station):
    """A central system that makes 100 errors a second for a minute, all at once."""
    firmware = station(WebSocketPingInterval="0")
    began, writes = len(firmware.lines), firmware.status()["writes"]
    for first in range(0, 6000, 500):
        ignored(csms, first, 500)
        assert csms.call("GetConfiguration", {"key": ["HeartbeatInterval"]})
    firmware.wait("the last one", lambda: "number 05999" in firmware.lines[-1] or "number 05999" in log_of(firmware))
    text = log_of(firmware)
    seconds = float(firmware.lines[-1].split()[0]) - float(firmware.lines[began].split()[0])
    assert firmware.status()["writes"] - writes <= 9 + seconds / 60 + 3  # the clock and the like
    assert [number for number in range(40) if "number %05d" % number not in text] == []
    assert [number for number in range(5996, 6000) if "number %05d" % number not in text] == []
    told = sum(int(count) for count in re.findall(r"^    \((\d+) lines are left out here\)$", text, re.M))
    assert told + text.count("number ") >= 6000 and told > 5000
    assert sum(path.stat().st_size for path in files(firmware)) < 10000


def test_a_long_log_is_rotated(csms, station):
    firmware = station()
    (old,) = files(firmware) or [firmware.directory / "data" / "log1.txt"]
    firmware.kill()
    for number in range(1, 30):
        old.with_name("log%d.txt" % number).write_text("2026-01-01T00:00:00Z INFO old\n" * 130)
    firmware.start()
    ignored(csms, 0, 10)
    firmware.wait("a write", lambda: "number 00000" in on_flash(firmware))
    assert [path.name for path in files(firmware)] == sorted("log%d.txt" % number for number in range(23, 31))
    assert 28000 < len(log_of(firmware)) <= 32768 + 600


def test_no_log_is_kept_without_flash(csms, firmware):
    firmware.start(log={"flash_kb": 0})
    csms.expect_boot(1)
    assert log_of(firmware) == "" and files(firmware) == []


def test_the_password_of_the_page_holds_for_the_log(csms, station):
    firmware = station()
    with pytest.raises(urllib.error.HTTPError) as refusal:
        log_of(firmware, password="another one")
    assert refusal.value.code == 401
    assert " start 1, " in log_of(firmware)


def test_without_a_password_nobody_reads_the_log(csms, firmware):
    """It shows idTags, which are keys to charge with."""
    firmware.config["web"]["password"] = ""
    firmware.start()
    csms.expect_boot(1)
    status, answer = firmware.request("GET", "/api/log")
    assert status == 403 and "web.password" in answer["error"]


class Console(Firmware):
    """One whose interpreter shows its prompt when Ctrl-C has ended the charge point."""

    stdin = subprocess.PIPE

    @property
    def wrapper(self):
        return ("env", "MICROPYINSPECT=1")

    def type(self, text):
        self._process.stdin.write(text.encode() + b"\r\n")
        self._process.stdin.flush()


@pytest.fixture
def console(make_firmware, csms):
    console = make_firmware(csms, Console)
    console.config["web"]["password"] = SECRETS["web"]
    return console


def test_the_log_at_the_console(csms, console):
    console.start()
    csms.expect_boot(1)
    text = log_of(console)
    console.interrupt()
    console.wait("the prompt", lambda: any("cp.log()" in line for line in console.lines))
    seen = len(console.lines)
    console.type("cp.log()")
    first = text.split("\n")[0]
    console.wait("the log", lambda: any(first in line for line in console.lines[seen:]))
    console.type("print(7 * 6, cp.status()['charge_point'])")
    console.wait("the end", lambda: any("42 " + csms.identity in line for line in console.lines))
    shown = "\n".join(line[9:] for line in console.lines[seen:]).replace("\r", "")
    assert text[text.index("\n") + 1 :].strip() in shown


def secrets_everywhere(csms, firmware):
    """Start with each secret that config.json can hold, all different."""
    csms.password = SECRETS["authorization_key"].encode()
    csms.request_path = "/%s?token=%s" % (csms.identity, SECRETS["token"])
    firmware.config["csms"].update(
        url=csms.url + "/{id}?token=" + SECRETS["token"], authorization_key=SECRETS["authorization_key"]
    )
    firmware.config["network"] = {
        "wifi": [{"ssid": "home", "password": SECRETS["wifi"]}, {"ssid": "b", "password": SECRETS["second wifi"]}]
    }
    firmware.start(wait=False, log={"frames": True, "level": "info"}, ocpp={"WebSocketPingInterval": "0"})
    csms.expect_boot(1)


def conversation(csms, firmware):
    """What a central system may say with a secret in it, and a card. The new password is used at once, on another
    connection (white paper A01)."""
    csms.call("RemoteStartTransaction", {"idTag": ID_TAG, "connectorId": 1})  # first, for a log leaves out of a flood
    csms.password = SECRETS["told"].encode()
    csms.call("ChangeConfiguration", {"key": "AuthorizationKey", "value": SECRETS["told"]})
    csms.wait_connected(2)
    csms.call("ChangeConfiguration", {"value": SECRETS["told"], "key": "authorizationkey"})
    csms.call("DataTransfer", {"vendorId": "x", "data": "ftp://user:%s@host/" % SECRETS["location"]})
    csms.call("GetConfiguration")


def test_no_secret_is_in_the_log_nor_in_the_diagnostics(csms, console):
    secrets_everywhere(csms, console)
    conversation(csms, console)
    text = log_of(console)
    assert "received [2," in text and "sent [2," in text and '"idTag":"***"' in text
    console.interrupt()
    console.wait("the prompt", lambda: any("cp.log()" in line for line in console.lines))
    seen = len(console.lines)
    console.type("cp.diagnostics()")
    console.type("print(7 * 6, 'is all')")
    console.wait("the diagnostics", lambda: any("42 is all" in line for line in console.lines))
    shown = "\n".join(line[9:] for line in console.lines[seen:])
    for heading in ("diagnostics", "status", "open transactions", "starts", "config.json", "configuration keys", "log"):
        assert "--- %s\n" % heading in shown.replace("\r", "")
    assert '"ssid": "home"' in shown and "HeartbeatInterval = " in shown and " start 1, " in shown
    for kind, secret in SECRETS.items():
        assert secret not in text and secret not in shown and secret not in on_flash(console), kind
        assert not any(secret in line for line in console.lines), kind
    frames = [line for line in text.split("\n") if " sent " in line or " received " in line]
    assert frames and not any(ID_TAG in line for line in frames)


def test_id_tags_are_in_the_frames_of_a_log_for_finding_errors(csms, firmware):
    firmware.start(log={"frames": True, "level": "debug"})
    csms.expect_boot(1)
    csms.call("RemoteStartTransaction", {"idTag": ID_TAG, "connectorId": 1})
    firmware.wait("the frame", lambda: any("received" in line and ID_TAG in line for line in firmware.lines))


def test_frames_are_not_logged_unless_switched_on(csms, station):
    firmware = station()
    csms.call("GetConfiguration")
    assert not any("received [" in line or "sent [" in line for line in firmware.lines)


def test_a_reset_writes_what_waits(csms, station):
    firmware = station()
    firmware.expect_exit()
    assert csms.call("Reset", {"type": "Soft"}) == {"status": "Accepted"}
    assert firmware.wait_exit() == 75
    assert on_flash(firmware).split("\n")[:-1] == printed(firmware)
