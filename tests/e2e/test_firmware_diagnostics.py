"""GetDiagnostics from the request to Uploaded, with real servers (1.6 4.4, 5.9, 6.25)."""

import datetime

import pytest
import trustme
from certificates import der, served
from file_servers import FtpServer, HttpServer
from scenarios import charging
from updating import DIAGNOSTICS, KEY, WIFI, with_secrets

LINE = "start 1, firmware"


@pytest.fixture
def site(csms, firmware, tmp_path):
    return with_secrets(csms, firmware, tmp_path)


def ask(csms, location, **more):
    return csms.call("GetDiagnostics", {"location": location, "retries": 0, "retryInterval": 0} | more)


def judge(content):
    """All that is in it, and no secret."""
    text = content.decode()
    for part in ("--- diagnostics", "--- status", "--- open transactions", "--- config.json", "--- log", LINE):
        assert part in text
    assert '"home"' in text and KEY not in text and WIFI not in text
    return text


def test_by_http_put_while_a_car_charges(csms, site, server):
    site.firmware.start()
    csms.expect_boot()
    charging(csms, site.firmware)
    name = ask(csms, server.url + "/logs/")["fileName"]
    site.expect("Uploading", "Uploaded", action=DIAGNOSTICS)
    (path, content) = server.uploads.popitem()
    assert path == "/logs/" + name and name.startswith("upoint-e2e-") and name.endswith(".txt")
    assert '"transactionId": 1' in judge(content)
    assert [method for method, _, _ in server.requests] == ["PUT"]
    csms.call("TriggerMessage", {"requestedMessage": DIAGNOSTICS})
    site.expect("Idle", action=DIAGNOSTICS)
    assert not (site.firmware.directory / "data" / "diagnostics.txt").exists()
    assert site.firmware.connector(1)["status"] == "Charging"


def test_by_https(csms, site, tmp_path):
    authority = trustme.CA()
    (tmp_path / "ca.der").write_bytes(der(authority))
    server = HttpServer(served(authority))
    try:
        site.firmware.start(updates={"ca_cert": str(tmp_path / "ca.der")})
        csms.expect_boot()
        name = ask(csms, server.url + "/")["fileName"]
        site.expect("Uploading", "Uploaded", action=DIAGNOSTICS)
        judge(server.uploads["/" + name])
    finally:
        server.close()


def test_by_ftp(csms, site, tmp_path):
    folder = tmp_path / "ftp"
    (folder / "logs").mkdir(parents=True)
    server = FtpServer(folder)
    try:
        site.firmware.start()
        csms.expect_boot()
        name = ask(csms, server.login("/logs"))["fileName"]
        site.expect("Uploading", "Uploaded", action=DIAGNOSTICS)
        judge((folder / "logs" / name).read_bytes())
    finally:
        server.close()
    assert not site.said("p@ss") and not site.said("p%40ss")


def test_of_a_time_of_which_the_log_has_something_or_nothing(csms, site, server):
    site.firmware.start()
    csms.expect_boot()
    year = datetime.timedelta(days=365)
    now = csms.now()
    past = {"startTime": (now - 2 * year).isoformat(), "stopTime": (now - year).isoformat()}
    assert ask(csms, server.url + "/", **past) == {}
    csms.expect_none(DIAGNOSTICS, during=3)
    assert "fileName" in ask(csms, server.url + "/", startTime=(now - datetime.timedelta(hours=1)).isoformat())
    site.expect("Uploading", "Uploaded", action=DIAGNOSTICS)
    (content,) = server.uploads.values()
    assert LINE not in content.decode() and "registration Accepted" in content.decode()


@pytest.mark.parametrize("retries, tries", [(0, 1), (2, 3)])
def test_a_server_that_refuses(csms, site, server, retries, tries):
    server.refusals["/logs"] = (403, {}, b"no")
    site.firmware.start()
    csms.expect_boot()
    assert "fileName" in ask(csms, server.url + "/logs", retries=retries)
    site.expect("Uploading", "UploadFailed", action=DIAGNOSTICS)
    assert len(server.requests) == tries and site.says("ERROR diagnostics: refused") and site.says("403")


def test_a_location_that_cannot_be(csms, site):
    site.firmware.start()
    csms.expect_boot()
    assert "fileName" in ask(csms, "sftp://cp:geheim@127.0.0.1/", retries=3)
    site.expect("Uploading", "UploadFailed", action=DIAGNOSTICS)
    assert site.says("is not one of FTP, HTTP") and not site.said("geheim")


def test_a_power_cut_in_the_upload(csms, site, server):
    """It is uploaded after it, under the name of the answer; nothing of it is left on flash."""
    site.firmware.start()
    csms.expect_boot()
    name = ask(csms, "http://127.0.0.1:9/", retries=1, retryInterval=4)["fileName"]
    site.expect("Uploading", action=DIAGNOSTICS)
    site.firmware.wait("the first try", lambda: site.said("tries left: 1"))
    site.firmware.restart()
    csms.expect_boot()
    site.expect("Uploading", "UploadFailed", action=DIAGNOSTICS)
    assert name and not (site.firmware.directory / "data" / "diagnostics.txt").exists()
