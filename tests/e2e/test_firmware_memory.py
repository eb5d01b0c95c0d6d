"""The connection to the central system gives way to a transfer where there is no memory for both, and comes back.

How much ESP-IDF has free is in a file here: heap.py of this flash reads it."""

import pytest
import trustme
from certificates import der, served
from file_servers import HttpServer
from new_versions import source
from scenarios import charging
from updating import DIAGNOSTICS, Updating

ASKED = 'return sum([region[1] for region in esp32.idf_heap_info(esp32.HEAP_DATA)]) if esp32 else None'


@pytest.fixture
def server(tmp_path, package):
    authority = trustme.CA()
    (tmp_path / "ca.der").write_bytes(der(authority))
    made = HttpServer(served(authority))
    made.files["/upoint.bin"] = package
    yield made
    made.close()


class Board(Updating):
    def __init__(self, csms, firmware, folder):
        super().__init__(csms, firmware, folder)
        firmware.config["updates"]["ca_cert"] = str(folder / "ca.der")
        self.file = folder / "free"
        heap = source("heap.py", (ASKED, "return int(open(%r).read())" % str(self.file)))
        (self.flash.folder / "heap.py").write_text(heap)

    def has(self, free):
        self.file.with_name("new").write_text(str(free))
        self.file.with_name("new").replace(self.file)


@pytest.fixture
def site(csms, firmware, tmp_path):
    return Board(csms, firmware, tmp_path)


def test_it_is_closed_for_a_transfer_and_what_bills_waits(csms, site, server):
    """One session ends meanwhile; the other one goes on, so that the installation waits for it."""
    firmware = site.firmware
    site.has(20000)
    firmware.start(connectors=2)
    csms.expect_boot(2)
    charging(csms, firmware)
    charging(csms, firmware, 2, "CARD2")
    site.ask(server.url + "/upoint.bin")
    site.expect("Downloading")
    csms.wait("end of the connection", lambda: not csms.connected)
    firmware.rfid("CARD1", 1)
    firmware.wait_status(1, "Finishing")
    assert server.requests == [] and not csms.received("StopTransaction") and not csms.connected
    site.has(54000)
    csms.wait_connected(2)
    stop = csms.expect("StopTransaction")
    assert stop["transactionId"] == 1
    site.expect("Downloaded")
    firmware.expect_exit()
    firmware.rfid("CARD2", 2)
    assert csms.expect("StopTransaction")["transactionId"] == 2
    site.expect("Installing", timeout=30)
    site.restarts()
    csms.expect_boot(2, timeout=15)
    site.expect("Installed")


def test_both_stay_open_where_there_is_memory(csms, site, server):
    site.has(80000)
    site.firmware.start()
    csms.expect_boot()
    name = csms.call("GetDiagnostics", {"location": server.url + "/", "retries": 0})["fileName"]
    site.expect("Uploading", "Uploaded", action=DIAGNOSTICS)
    assert server.uploads["/" + name] and csms.connections == 1


def test_a_transfer_without_tls_needs_less(csms, site, package):
    server = HttpServer()
    site.has(20000)
    try:
        site.firmware.start()
        csms.expect_boot()
        csms.call("GetDiagnostics", {"location": server.url + "/", "retries": 0})
        site.expect("Uploading", "Uploaded", action=DIAGNOSTICS)
        assert csms.connections == 1
    finally:
        server.close()


def test_too_little_memory_for_a_transfer_is_reported(csms, site, server):
    site.has(20000)
    site.firmware.start()
    csms.expect_boot()
    site.ask(server.url + "/upoint.bin")
    site.expect("Downloading")
    site.expect("DownloadFailed", timeout=30)
    assert csms.connections == 2 and server.requests == []
    assert site.says("20000 bytes are free for a connection that needs 34000")
