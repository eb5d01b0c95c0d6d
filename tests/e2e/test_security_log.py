"""Security events and the security log from outside, with real servers: the messages, the upload, and no secret in it
(white paper A04, N01)."""

import re

import pytest
from file_servers import FtpServer
from updating import KEY, WIFI, with_secrets

EVENT, STATUS = "SecurityEventNotification", "LogStatusNotification"


@pytest.fixture
def site(csms, firmware, tmp_path):
    return with_secrets(csms, firmware, tmp_path)


def ask(csms, location, number=7, kind="SecurityLog", **log):
    log["remoteLocation"] = location
    return csms.call("GetLog", {"logType": kind, "requestId": number, "retries": 0, "retryInterval": 0, "log": log})


def uploaded(csms, number=7):
    for status in ("Uploading", "Uploaded"):
        csms.expect(STATUS, requestId=number, status=status)


def test_a_start_is_reported_after_the_boot_and_again_after_a_restart(csms, firmware):
    firmware.start()
    csms.expect_boot()
    first = csms.expect(EVENT, type="StartupOfTheDevice")
    assert "firmware" in first["techInfo"]
    boots = [call.action for call in csms.received() if call.action in ("BootNotification", EVENT)]
    assert boots[0] == "BootNotification"
    csms.call("Reset", {"type": "Soft"})
    firmware.wait_exit()
    csms.rebooted()
    firmware.restart()
    csms.expect_boot()
    csms.expect(EVENT, type="ResetOrReboot")
    csms.expect(EVENT, type="StartupOfTheDevice")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", call["timestamp"]) for call in csms.received(EVENT))


def judge(content):
    text = content.decode()
    for line in text.splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]\w+: |    \(\d+ lines", line), line
    assert "StartupOfTheDevice: firmware" in text and "InvalidMessages: " in text
    assert KEY not in text and WIFI not in text and "geheim" not in text and "p@ss" not in text
    return text


@pytest.mark.parametrize("by", ["http", "ftp"])
def test_the_security_log_is_uploaded_and_has_no_secret(csms, site, server, tmp_path, by):
    site.firmware.start()
    csms.expect_boot()
    csms.send('[2,"x","ChangeConfiguration",{"key":"AuthorizationKey","value":"geheim","more":1}]', "x", None)
    if by == "http":
        name = ask(csms, server.url + "/logs/")["filename"]
        uploaded(csms)
        content = server.uploads["/logs/" + name]
    else:
        folder = tmp_path / "ftp"
        (folder / "logs").mkdir(parents=True)
        ftp = FtpServer(folder)
        try:
            name = ask(csms, ftp.login("/logs"))["filename"]
            uploaded(csms)
        finally:
            ftp.close()
        content = (folder / "logs" / name).read_bytes()
    assert "-security-" in name
    judge(content)
    assert not site.said("p@ss") and not site.said("p%40ss")


def test_the_diagnostics_are_uploaded_by_get_log_too(csms, site, server):
    site.firmware.start()
    csms.expect_boot()
    answer = ask(csms, server.url + "/logs/", 2147483647, "DiagnosticsLog")
    assert answer["status"] == "Accepted"
    uploaded(csms, 2147483647)
    text = server.uploads["/logs/" + answer["filename"]].decode()
    assert "--- diagnostics" in text and "--- log" in text and KEY not in text and WIFI not in text


def test_a_server_that_refuses_and_a_second_request(csms, site, server):
    server.refusals["/logs"] = (403, {}, b"no")
    site.firmware.start()
    csms.expect_boot()
    assert ask(csms, server.url + "/logs", 1)["status"] == "Accepted"
    csms.expect(STATUS, requestId=1, status="PermissionDenied")
    log = {"remoteLocation": "http://127.0.0.1:9/"}
    waits = {"logType": "SecurityLog", "requestId": 2, "retries": 1, "retryInterval": 3600, "log": log}
    assert csms.call("GetLog", waits)["status"] == "Accepted"
    csms.expect(STATUS, requestId=2, status="Uploading")
    assert ask(csms, server.url + "/", 3)["status"] == "AcceptedCanceled"
    uploaded(csms, 3)
    assert [call["status"] for call in csms.received(STATUS, requestId=2)] == ["Uploading"]


def test_a_power_cut_in_the_upload(csms, site, server):
    """It is uploaded after it, with the requestId."""
    server.refusals["/log.txt"] = (503, {}, b"later")
    site.firmware.start()
    csms.expect_boot()
    log = {"remoteLocation": server.url + "/log.txt"}
    csms.call("GetLog", {"logType": "SecurityLog", "requestId": 5, "retries": 5, "retryInterval": 4, "log": log})
    csms.expect(STATUS, requestId=5, status="Uploading")
    site.firmware.wait("the first try", lambda: site.said("tries left: 5"))
    assert server.uploads == {}
    server.refusals.clear()
    csms.rebooted()
    site.firmware.restart()
    csms.expect_boot()
    csms.expect(STATUS, requestId=5, status="Uploaded", timeout=15)
    assert b"StartupOfTheDevice" in server.uploads["/log.txt"]
