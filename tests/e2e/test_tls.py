"""wss: the central system is verified by csms.ca_cert, and another server gets no data (OCPP-J 6, white paper A00)."""

import json
import os
from pathlib import Path

import pytest
import trustme
from certificates import der_file, served


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def test_a_session_over_tls(make_csms, make_firmware, authority, tmp_path):
    csms = make_csms(tls=served(authority))
    csms.password = b"0123456789abcdef"
    firmware = make_firmware(csms)
    key = {"authorization_key": "0123456789abcdef", "ca_cert": der_file(authority, tmp_path)}
    firmware.start(csms=key)
    csms.expect_boot(1)
    firmware.plug()
    firmware.ev("C")
    firmware.rfid("CARD1")
    csms.expect("StartTransaction", idTag="CARD1")
    csms.expect("StatusNotification", connectorId=1, status="Charging")
    assert len(csms.call("GetConfiguration", {})["configurationKey"]) > 30
    csms.drop()
    csms.wait("new connection", lambda: csms.connections == 2)


@pytest.mark.parametrize("fault", ["another authority", "another host"])
def test_a_server_that_is_not_verified_gets_no_data(make_csms, make_firmware, authority, tmp_path, fault):
    other = fault == "another authority"
    csms = make_csms(tls=served(trustme.CA() if other else authority, "localhost" if other else "elsewhere.example"))
    firmware = make_firmware(csms)
    firmware.start(csms={"ca_cert": der_file(authority, tmp_path)})
    firmware.wait("two tries", lambda: sum("no connection" in line for line in firmware.lines) >= 2)
    assert csms.connections == 0 and not csms.attempts
    assert firmware.status()["csms"]["connected"] is False


def test_tries_that_fail_leave_no_socket(make_csms, make_firmware, authority, tmp_path):
    csms = make_csms(tls=served(trustme.CA()))
    firmware = make_firmware(csms)
    firmware.start(csms={"ca_cert": der_file(authority, tmp_path), "backoff_s": [1, 1]})
    firmware.wait("five tries", lambda: sum("no connection" in line for line in firmware.lines) >= 5, timeout=15)
    files = [os.readlink(file) for file in Path("/proc/%d/fd" % firmware.pid).iterdir()]
    assert sum(name.startswith("socket:") for name in files) <= 3  # the page, its client, and the try of this moment


def test_a_certificate_that_is_none_is_said_at_the_start(make_csms, make_firmware, authority, tmp_path):
    wrong = tmp_path / "wrong.der"
    wrong.write_bytes(b"no certificate")
    csms = make_csms(tls=served(authority))
    firmware = make_firmware(csms)
    firmware.config["csms"]["ca_cert"] = str(wrong)
    firmware.launch(json.dumps(firmware.config))
    assert firmware.wait_exit() == 78
    assert any("csms.ca_cert" in line and "DER" in line for line in firmware.lines)
