"""Updates beside sessions, restarts and other updates (1.6 5.19, E 3.49), and new versions that do not work."""

import datetime
import threading

import pytest
from file_servers import Scripted, drain
from new_versions import VERSION, new_version, source
from scenarios import charging, seconds_since
from test_update import BAD


class Slow:
    """A server that gives half of the package and then nothing, until `go` is set; then it has the rest."""

    def __init__(self, package):
        self.package, self.go, self.half = package, threading.Event(), threading.Event()
        self.server = Scripted(self._answer)
        self.url = self.server.url + "/upoint.bin"

    def _answer(self, connection, head, number):
        size, middle = len(self.package), len(self.package) // 2
        if number == 0:
            connection.sendall(b'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: %d\r\n\r\n' % size)
            connection.sendall(self.package[:middle])
            self.half.set()
            if not self.go.wait(60):
                return
            connection.sendall(self.package[middle:])
            return
        first = int(head.lower().split(b"range: bytes=")[1].split(b"-")[0])
        connection.sendall(
            b'HTTP/1.1 206 Partial Content\r\nETag: "v1"\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n'
            % (first, size - 1, size, size - first)
        )
        connection.sendall(self.package[first:])


@pytest.fixture
def slow(package):
    made = Slow(package)
    yield made
    made.go.set()
    made.server.close()


def test_a_session_goes_on_and_the_installation_waits_for_its_end(csms, site, slow):
    """Meter values come as usual during the transfer; the bill is whole. The other connector is Unavailable."""
    firmware = site.firmware
    firmware.start(connectors=2, ocpp={"MeterValueSampleInterval": "1"})
    csms.expect_boot(2)
    charging(csms, firmware)
    site.ask(slow.url)
    site.expect("Downloading")
    assert slow.half.wait(30)
    for _ in range(3):
        assert seconds_since(csms.expect("MeterValues", connectorId=1)["meterValue"][0]["timestamp"], csms) < 3
    assert 20 < firmware.status()["update"]["percent"] < 80
    slow.go.set()
    site.expect("Downloaded")
    csms.expect("StatusNotification", connectorId=2, status="Unavailable")
    assert firmware.connector(1)["status"] == "Charging"
    assert csms.call("RemoteStartTransaction", {"connectorId": 2, "idTag": "CARD2"}) == {"status": "Rejected"}
    csms.expect_none("FirmwareStatusNotification")
    energy = firmware.connector(1)["energy_wh"]
    firmware.expect_exit()
    firmware.rfid("CARD1", 1)
    stop = csms.expect("StopTransaction")
    assert stop["meterStop"] >= energy
    site.expect("Installing", timeout=20)
    site.restarts()
    csms.expect_boot(2, timeout=15)
    site.expect("Installed")
    assert firmware.status()["firmware"] == VERSION and len(csms.received("StopTransaction")) == 1


def test_a_power_cut_in_the_download(csms, site, slow):
    """The one try that there is goes on where it was."""
    site.firmware.start()
    csms.expect_boot()
    site.ask(slow.url, retries=0)
    site.expect("Downloading")
    assert slow.half.wait(30)
    site.firmware.wait("half of it", lambda: site.said("update: 40 %"))
    site.firmware.restart()
    csms.expect_boot()
    site.expect("Downloading")
    site.installs()
    assert site.says("goes on at byte") and len(slow.server.heads) == 2


def test_another_update_cancels_a_download(csms, site, slow, server):
    site.firmware.start()
    csms.expect_boot()
    site.ask(slow.url)
    site.expect("Downloading")
    assert slow.half.wait(30)
    site.ask(server.url + "/upoint.bin")
    site.expect("Downloading")
    site.installs()
    assert len(slow.server.heads) == 1 and site.told().count("DownloadFailed") == 0


def test_an_update_with_a_date_can_be_taken_back(csms, site, server):
    """By another one that asks for something else later: nothing is downloaded."""
    site.firmware.start()
    csms.expect_boot()
    site.ask(server.url + "/upoint.bin", date=(csms.now() + datetime.timedelta(seconds=2)).isoformat())
    site.ask(server.url + "/upoint.bin", date="2099-01-01T00:00:00Z")
    csms.expect_none("FirmwareStatusNotification", during=4)
    assert server.requests == []
    csms.call("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"})
    site.expect("Idle")


@pytest.mark.parametrize("what", ["crashes at import", "loops at import", "eats memory when it runs", "never connects"])
def test_a_new_version_that_does_not_work(csms, site, server, tmp_path, what):
    """The old one returns and tells so; what was on flash for the central system is complete."""
    sources, end, reason = BAD[what]
    firmware = site.firmware
    firmware.crashes = lambda: []  # what is looked for at the end of each test is meant here
    server.files["/upoint.bin"] = new_version(tmp_path / "new", **sources)
    firmware.start(connectors=2)
    csms.expect_boot(2)
    old = firmware.status()["firmware"]
    charging(csms, firmware)
    firmware.expect_exit()
    site.ask(server.url + "/upoint.bin")
    site.expect("Downloading", "Downloaded")
    firmware.rfid("CARD1", 1)
    site.expect("Installing", timeout=20)
    assert firmware.wait_exit(20) == 75
    for start in (1, 2):
        firmware.start(wait=False)
        firmware.expect_exit()  # it may be over by now
        firmware.wait("the start", lambda start=start: site.said("on trial, start %d of 2" % start))
        if end == "killed":
            firmware.kill()
        else:
            assert firmware.wait_exit(10) == end, firmware.report()
    firmware.start()
    csms.expect_boot(2, timeout=15)
    site.expect("InstallationFailed")
    assert firmware.status()["firmware"] == old and site.says(reason)
    stop = csms.expect("StopTransaction", timeout=10)
    assert stop["transactionId"] == 1 and len(csms.received("StopTransaction")) == 1
    firmware.wait("the end", lambda: firmware.status()["update"] is None)


def test_a_failure_is_reported_when_the_central_system_is_back(csms, site, server):
    """Also when the power has gone meanwhile."""
    site.firmware.start()
    csms.expect_boot()
    site.ask(server.url + "/missing.bin", retries=1, retryInterval=3)
    site.expect("Downloading")
    csms.server.stop_listening()
    csms.drop()
    site.firmware.wait("the failure", lambda: site.said("ERROR update: "))
    site.firmware.kill()
    csms.server.listen()
    site.firmware.start()
    csms.expect_boot()
    site.expect("DownloadFailed")
    assert site.told().count("DownloadFailed") == 1


def test_silent_servers_end_with_the_connection(csms, site):
    """A transfer is given up, not the charge point."""

    def script(connection, head, number):
        drain(connection)

    server = Scripted(script)
    options = site.flash.folder / "transfers" / "connection.py"
    options.parent.mkdir()
    options.write_text(source("transfers/connection.py", ("SILENCE_S = const(30)", "SILENCE_S = const(1)")))
    try:
        site.firmware.start()
        csms.expect_boot()
        site.ask(server.url + "/upoint.bin", retries=1)
        site.expect("Downloading", "DownloadFailed")
        assert len(server.heads) == 2 and site.says("nothing for 1 s")
    finally:
        server.close()
