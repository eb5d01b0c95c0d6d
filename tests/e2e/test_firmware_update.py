"""UpdateFirmware from the first message to Installed, and all that goes wrong on the way (1.6 5.19, 4.5), with real
servers of files."""

import trustme
from certificates import der, served
from file_servers import FtpServer, HttpServer
from new_versions import VERSION
from updating import signed


def test_an_update_is_downloaded_verified_tried_and_reported(csms, site, server, package, owner):
    """The whole way, with a signature."""
    sign, public = owner
    (site.flash.folder / "config" / "update.pub").write_bytes(public)
    server.files["/upoint.bin"] = signed(package, sign)
    site.firmware.start(updates={"unsigned": False})
    csms.expect_boot()
    assert site.firmware.status()["update"] is None
    site.ask(server.url + "/upoint.bin")
    site.expect("Downloading")
    site.installs()
    assert site.told() == ["Downloading", "Downloaded", "Installing", "Installed"]
    assert csms.received("BootNotification")[-1]["firmwareVersion"] == VERSION
    assert site.says("the version on trial is confirmed") and site.says("update: 100 %")
    site.firmware.wait("the end", lambda: site.firmware.status()["update"] is None)
    site.firmware.restart()
    csms.expect_boot()
    csms.expect_none("FirmwareStatusNotification")
    assert site.firmware.status()["firmware"] == VERSION and site.flash.starts() == ("firmware.b", None)


def test_over_ftp(csms, site, package, tmp_path):
    folder = tmp_path / "ftp"
    folder.mkdir()
    (folder / "upoint.bin").write_bytes(package)
    server = FtpServer(folder)
    try:
        site.firmware.start()
        csms.expect_boot()
        site.ask(server.login("/upoint.bin"))
        site.expect("Downloading")
        site.installs()
    finally:
        server.close()
    assert not site.said("p@ss") and not site.said("p%40ss") and site.says("update: from ftp://***@127.0.0.1")


def test_over_https(csms, site, package, tmp_path):
    authority = trustme.CA()
    (tmp_path / "ca.der").write_bytes(der(authority))
    server = HttpServer(served(authority))
    server.files["/upoint.bin"] = package
    try:
        site.firmware.start(updates={"ca_cert": str(tmp_path / "ca.der")})
        csms.expect_boot()
        site.ask(server.url + "/upoint.bin")
        site.expect("Downloading")
        site.installs()
    finally:
        server.close()
