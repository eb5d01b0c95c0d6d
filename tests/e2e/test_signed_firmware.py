"""SignedUpdateFirmware from the first message to Installed, and all that goes wrong on the way (white paper L01), with
real servers of files and signatures by the package `cryptography`."""

import re
from datetime import timedelta

import pytest
from central import CallError
from file_servers import Scripted, in_parts
from firmware_signer import SIGNED, Manufacturer, SignedUpdating
from operator_ca import OperatorCa
from updating import STATUS, signed

CERTIFICATE, SIGNATURE = "InvalidFirmwareSigningCertificate", "InvalidFirmwareSignature"


@pytest.fixture(scope="module")
def maker():
    return Manufacturer()


@pytest.fixture
def updating(site, maker):
    return SignedUpdating(site, maker)


@pytest.mark.parametrize("kind", ["ECDSA", "RSA-PSS"])
def test_an_update_is_verified_installed_tried_and_reported(csms, site, server, package, owner, kind):
    """L01.FR.01, 04, 05, 10, 12, 15: signed by the manufacturer, and in its head by the owner."""
    sign, public = owner
    updating = SignedUpdating(site, Manufacturer(kind))
    (site.flash.folder / "config" / "update.pub").write_bytes(public)
    content = server.files["/upoint.bin"] = signed(package, sign)
    updating.start(updates={"unsigned": False})
    number = updating.ask(server.url + "/upoint.bin", content)
    updating.expect(number, "Downloading")
    updating.installs(number)
    assert site.told() == [] and site.told(SIGNED)[-1] == "Installed"
    asked = {"requestedMessage": "FirmwareStatusNotification"}
    assert csms.call("ExtendedTriggerMessage", asked) == {"status": "Accepted"}
    assert csms.expect(SIGNED) == {"status": "Idle"}, "L01.FR.28"


def test_a_certificate_that_is_not_valid(csms, site, server, package, updating, maker):
    """L01.FR.02, 23, 24: another chain, an expired one, one for something else, a CA below the root, a root that is the
    central system's only."""
    updating.start()
    operator = OperatorCa()
    updating.install(operator, "CentralSystemRootCertificate")
    below = OperatorCa("Below", maker.root)
    for wrong in (
        Manufacturer(),
        Manufacturer(root=maker.root, ends=timedelta(hours=-1)),
        Manufacturer(root=maker.root, begins=timedelta(hours=1)),
        Manufacturer(root=maker.root, usage="SERVER_AUTH"),
        Manufacturer(root=below),
        Manufacturer(root=operator),
    ):
        updating.ask(server.url + "/upoint.bin", package, "InvalidCertificate", wrong.certificate)
    assert '"Signer"' in updating.event(CERTIFICATE)
    csms.expect_none(SIGNED, during=2)
    assert server.requests == []


def test_a_signature_that_is_not_right(csms, site, server, package, updating):
    """L01.FR.03, 29: another file is signed. The status stays for ExtendedTriggerMessage, over a restart too."""
    updating.start()
    number = updating.ask(server.url + "/upoint.bin", package + b".", retries=3)
    updating.expect(number, "Downloading", "Downloaded", "InvalidSignature")
    assert "/upoint.bin" in updating.event(SIGNATURE)
    assert len(server.requests) == 1 and not (site.flash.folder / "firmware.part").exists()
    site.firmware.wait("the end", lambda: site.firmware.status()["update"] is None)
    site.firmware.restart()
    csms.expect_boot()
    csms.expect_none(SIGNED, during=2)
    asked = {"requestedMessage": "FirmwareStatusNotification"}
    assert csms.call("ExtendedTriggerMessage", asked) == {"status": "Accepted"}
    updating.expect(number, "InvalidSignature")


def test_a_file_that_has_changed(csms, site, server, package, updating):
    """In its content, in its head; and one that its maker has signed, but not the owner."""
    updating.start()
    server.files["/upoint.bin"] = package[:-1] + b"?"
    number = updating.ask(server.url + "/upoint.bin", package, retries=1)
    updating.expect(number, "Downloading", "DownloadPaused", "Downloading", "InvalidSignature")
    updating.event(SIGNATURE)
    server.files["/upoint.bin"] = re.sub(rb'"version": "99', b'"version": "98', package, count=1)
    number = updating.ask(server.url + "/upoint.bin", package)
    updating.expect(number, "Downloading", "Downloaded", "InvalidSignature")
    updating.event(SIGNATURE)
    site.firmware.config["updates"]["unsigned"] = False
    site.firmware.restart()
    csms.expect_boot()
    server.files["/upoint.bin"] = package
    number = updating.ask(server.url + "/upoint.bin", package)
    updating.expect(number, "Downloading", "InstallVerificationFailed")
    assert site.says("Unsigned")


def test_a_server_that_has_gone(csms, site, package, updating):
    """It breaks off, then there is none: DownloadPaused between tries (L01.FR.14), DownloadFailed at the end. With a
    server again the digest is that of the whole file, though it came in parts, with a restart between."""
    parts = [0, 100000, 200000, len(package)]

    updating.start()
    gone = updating.ask("http://127.0.0.1:9/upoint.bin", package, retries=1)
    updating.expect(gone, "Downloading", "DownloadPaused", "Downloading", "DownloadFailed")
    server = Scripted(in_parts(package, lambda first, number: parts[number + 1]))
    try:
        number = updating.ask(server.url + "/upoint.bin", package, retries=2, retryInterval=1)
        updating.expect(number, "Downloading", "DownloadPaused")
        site.firmware.restart()
        csms.expect_boot()
        updating.expect(number, "DownloadPaused", "Downloading", "DownloadPaused", "Downloading")
        updating.installs(number)
    finally:
        server.close()
    assert len(server.heads) == 3 and site.says("goes on at byte 200000")


def test_another_request_cancels_the_first(csms, site, server, package, updating):
    """L01.FR.13, 26. UpdateFirmware is not supported any more (L01.FR.20)."""
    updating.start()
    with pytest.raises(CallError, match="NotSupported"):
        site.ask(server.url + "/upoint.bin")
    first = updating.ask(server.url + "/upoint.bin", package, date="2090-01-01T00:00:00Z")
    updating.expect(first, "DownloadScheduled")
    second = updating.ask(server.url + "/upoint.bin", package, "AcceptedCanceled")
    updating.expect(second, "Downloading")
    updating.installs(second)
    assert csms.received(STATUS) == []


def test_a_restart_before_the_installation(csms, site, server, package, updating):
    """L01.FR.16: installDateTime is kept over it."""
    updating.start()
    number = updating.ask(server.url + "/upoint.bin", package, later="2090-01-01T00:00:00Z")
    updating.expect(number, "Downloading", "Downloaded", "SignatureVerified", "InstallScheduled")
    site.firmware.restart()
    csms.expect_boot()
    updating.expect(number, "InstallScheduled")
    csms.expect_none(SIGNED, during=3)
    last = updating.ask(server.url + "/upoint.bin", package, "AcceptedCanceled")
    updating.expect(last, "Downloading")
    updating.installs(last)
