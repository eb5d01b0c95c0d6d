"""Updates that cannot be: each is reported, with its reason in the log, and the old version goes on (1.6 4.5, 5.19)."""

import re

import pytest
import trustme
from certificates import der, served
from file_servers import HttpServer, Scripted, in_parts
from new_versions import source
from updating import LONG_AGO, keys, signed


def with_head(package, old, new):
    head, body = package.split(b"\n- \n", 1)
    assert re.search(old, head)
    return re.sub(old, new, head, count=1) + b"\n- \n" + body


# What the server has in the place of the package, the status that follows, and what the log says of it.
BAD = {
    "no firmware": (lambda package: b"<html>not here</html>", "DownloadFailed", "NotFirmware"),
    "truncated": (lambda package: package[:-500], "DownloadFailed", "Damaged: it is too short"),
    "in its head": (lambda package: package[:100], "DownloadFailed", "Damaged: it is too short"),
    "another hash": (lambda package: package[:-1] + b"?", "DownloadFailed", "has another SHA-256"),
    "longer than its head says": (lambda package: package + b"more", "DownloadFailed", "it is longer than"),
    "too large": (lambda package: package + bytes(600000), "DownloadFailed", "too large"),
    "too large by its head": (lambda package: with_head(package, rb'"size": \d+', b'"size": 600001'),
                              "InstallationFailed", "TooLarge"),
    "another processor": (lambda package: with_head(package, rb'"mpy": \d+', b'"mpy": 11014'),
                          "InstallationFailed", "WrongArchitecture"),
    "a later MicroPython": (lambda package: with_head(package, rb'"micropython": "1.25"', b'"micropython": "9.0"'),
                            "InstallationFailed", "WrongMicroPython"),
    "another board": (lambda package: with_head(package, rb'"boards": \[.*?\]', b'"boards": ["other"]'),
                      "InstallationFailed", "WrongBoard: it is for other, this board is sim"),
    "an older version": (lambda package: with_head(package, rb'"version": "99', b'"version": "0'),
                         "InstallationFailed", "Downgrade"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_package(csms, site, server, package, what):
    """The charge point tries again only when the server may be at fault, not when the package itself is wrong."""
    change, status, text = BAD[what]
    server.files["/upoint.bin"] = change(package)
    site.firmware.start()
    csms.expect_boot()
    site.ask(server.url + "/upoint.bin", retries=1)
    site.expect("Downloading", status)
    assert site.says(text), site.firmware.report()
    assert len(server.requests) == (2 if status == "DownloadFailed" else 1)
    assert not (site.flash.folder / "firmware.slot").exists() and site.firmware.running
    site.firmware.wait("the end", lambda: site.firmware.status()["update"] is None)


def test_signatures(csms, site, server, package, owner, tmp_path):
    """Without one, by another key, of another package; and no public key on the board."""
    sign, public = owner
    stranger, _ = keys(tmp_path / "stranger")
    site.firmware.start(updates={"unsigned": False})
    csms.expect_boot()
    other = with_head(package, rb'"version": "99', b'"version": "98')
    forged = signed(package, sign).split(b"\n", 3)
    forged[1] = other.split(b"\n", 2)[1]
    for content, reason in (
        (package, "Unsigned"),
        (signed(package, sign), "NoPublicKey"),
        (signed(package, stranger), "InvalidSignature"),
        (b"\n".join(forged), "InvalidSignature"),
    ):
        if reason == "InvalidSignature":
            (site.flash.folder / "config" / "update.pub").write_bytes(public)
        server.files["/upoint.bin"] = content
        site.ask(server.url + "/upoint.bin", retries=3)
        site.expect("Downloading", "InstallationFailed")
        assert site.says(reason), site.firmware.report()
    assert len(server.requests) == 4


@pytest.mark.parametrize("retries, tries", [(0, 1), (2, 3)])
def test_a_file_that_is_not_there(csms, site, server, retries, tries):
    site.firmware.start()
    csms.expect_boot()
    site.ask(server.url + "/missing.bin?key=hush", retries=retries)
    site.expect("Downloading", "DownloadFailed")
    assert len(server.requests) == tries and site.says("404")
    assert not site.said("hush")
    site.ask("http://127.0.0.1:9/upoint.bin", retries=0)
    site.expect("Downloading", "DownloadFailed")


@pytest.mark.parametrize(
    "location",
    ["sftp://127.0.0.1/x", "no url", "", "http://", "https://127.0.0.1/x", "ftp://u:geheim@127.0.0.1:9/x"],
)
def test_locations_that_cannot_be(csms, site, location):
    """https without a certificate of an authority among them. The answer has no status, so it is reported by the other
    message."""
    site.firmware.start()
    csms.expect_boot()
    assert csms.call("UpdateFirmware", {"location": location, "retrieveDate": LONG_AGO, "retries": 0}) == {}
    site.expect("Downloading", "DownloadFailed")
    assert site.says("ERROR update: ") and not site.said("geheim")


def test_a_certificate_by_somebody_else(csms, site, package, tmp_path):
    (tmp_path / "ca.der").write_bytes(der(trustme.CA()))
    server = HttpServer(served(trustme.CA()))
    server.files["/upoint.bin"] = package
    try:
        site.firmware.start(updates={"ca_cert": str(tmp_path / "ca.der")})
        csms.expect_boot()
        site.ask(server.url + "/upoint.bin")
        site.expect("Downloading", "DownloadFailed")
        assert site.says("certificate") and server.requests == []
    finally:
        server.close()


def test_flash_is_full(csms, site, server):
    """The bytes that are kept free for the store are more than there are."""
    kept = site.flash.folder / "updates" / "receiver.py"
    kept.parent.mkdir()
    kept.write_text(source("updates/receiver.py", ("KEPT_FREE = 65536", "KEPT_FREE = 1 << 60")))
    site.firmware.start()
    csms.expect_boot()
    site.ask(server.url + "/upoint.bin")
    site.expect("Downloading", "DownloadFailed")
    assert site.says("FlashFull: flash lacks")


def test_a_server_that_breaks_off_is_asked_for_the_rest(csms, site, package):
    server = Scripted(in_parts(package, lambda first, number: None if number == 2 else first + 100000))
    try:
        site.firmware.start()
        csms.expect_boot()
        site.ask(server.url + "/upoint.bin", retries=2)
        site.expect("Downloading")
        site.installs()
    finally:
        server.close()
    assert len(server.heads) == 3 and site.says("goes on at byte 200000")


def test_redirects(csms, site, server):
    server.refusals["/old.bin"] = (302, {"Location": server.url + "/upoint.bin"}, b"")
    server.refusals["/loop.bin"] = (302, {"Location": server.url + "/loop.bin"}, b"")
    site.firmware.start()
    csms.expect_boot()
    site.ask(server.url + "/loop.bin")
    site.expect("Downloading", "DownloadFailed")
    assert site.says("redirect")
    site.ask(server.url + "/old.bin")
    site.expect("Downloading")
    site.installs()
