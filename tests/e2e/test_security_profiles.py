"""Security profiles 0 to 3, one after the other and back again: the last way in that worked is never lost (white paper
A00.FR.001 to 006, A01, A05)."""

import contextlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from doors import doors
from server_certificates import authority, certificate, server

ROOT = authority()
SERVER = certificate("localhost", ROOT)
CLIENT = certificate("SN-1", ROOT, ())
OLD, NEW = "0123456789abcdef", "fedcba9876543210"
KEYS = {OLD.encode(), NEW.encode()}


class Site:
    """A central system with an address for each profile, `doors`, and a charge point that begins with profile 0."""

    def __init__(self, csms, firmware, made, tmp_path):
        self.csms, self.firmware, self.doors = csms, firmware, made
        self.root = tmp_path / "root.der"
        self.root.write_bytes(ROOT.der)

    def config(self, profile=0, key=""):
        urls = {str(number): door.url for number, door in enumerate(self.doors) if number}
        csms = {"url": self.doors[0].url, "urls": urls, "authorization_key": key, "ca_cert": str(self.root)}
        return {"csms": csms | {"backoff_s": [1, 1]}, "ocpp": {"SecurityProfile": str(profile)}}

    def start(self, profile=0, key=""):
        self.csms.path = ""
        self.firmware.start(**self.config(profile, key))
        self.firmware.wait("connection", lambda: self.csms.connected)
        self.csms.expect_boot()

    def restart(self):
        before = self.csms.connections
        self.firmware.restart()
        self.csms.wait("connection", lambda: self.csms.connections > before, 10)
        self.csms.expect_boot()

    def install_client(self, made=CLIENT):
        folder = self.firmware.directory / "data"
        (folder / "client.1").write_bytes(made.key_der + made.der)

    def change(self, key, value):
        return self.csms.call("ChangeConfiguration", {"key": key, "value": value})["status"]

    def changed(self, key, value, timeout=10):
        """Accepted, and there is another connection afterwards."""
        before = self.csms.connections
        assert self.change(key, value) == "Accepted"
        self.csms.wait("another connection", lambda: self.csms.connections > before and self.csms.connected, timeout)
        self.firmware.wait("word of it", lambda: self.lines("security profile %s is in use" % self.profile()[0]))
        return self.profile()

    def profile(self):
        """What the charge point shows, and the door at which it is."""
        answer = self.csms.call("GetConfiguration", {"key": ["SecurityProfile"]})
        shown = int(answer["configurationKey"][0]["value"])
        (there,) = [number for number, door in enumerate(self.doors) if door.server is self.csms.server]
        return shown, there

    def lines(self, text):
        return [line for line in self.firmware.lines if text in line]


@pytest.fixture
def site(make_csms, make_firmware, tmp_path):
    csms = make_csms()
    tls = {"tls": server(SERVER), "passwords": KEYS}
    wants = {"tls": server(SERVER, clients=ROOT)}
    with doors(csms, {}, {"passwords": KEYS}, tls, wants) as made:
        firmware = make_firmware(csms)
        with contextlib.suppress(ConnectionError):
            yield Site(csms, firmware, made, tmp_path)
        firmware.kill()


def test_from_0_to_3_with_restarts_and_never_down(site):
    """A05.FR.01 to 07, A00.FR.005, A01.FR.01: each step has what it needs, counts at once, and outlasts a restart."""
    site.start()
    assert site.profile() == (0, 0)
    assert site.change("SecurityProfile", "1") == "Rejected", "A05.FR.02: there is no AuthorizationKey"
    assert site.change("SecurityProfile", "2") == "Rejected"
    assert site.change("SecurityProfile", "3") == "Rejected", "A05.FR.04: there is no certificate"
    for wrong in ("", "short", "0" * 41, "-1"):
        assert site.change("AuthorizationKey", wrong) == "Rejected"
    assert site.change("AuthorizationKey", OLD) == "Accepted"
    assert site.profile() == (0, 0) and site.csms.connections == 1, "a password that is not in use yet"
    for profile in (1, 2):
        assert site.changed("SecurityProfile", str(profile)) == (profile, profile)
        assert site.doors[profile].given[-1] == OLD.encode()
        site.restart()
        assert site.profile() == (profile, profile)
        for lower in ("0", str(profile), "-1", "4", "", "x"):
            assert site.change("SecurityProfile", lower) == "Rejected", lower
    assert site.change("SecurityProfile", "3") == "Rejected", "A05.FR.04"
    site.install_client()
    assert site.changed("SecurityProfile", "3") == (3, 3)
    site.restart()
    assert site.profile() == (3, 3)
    assert site.doors[0].given == [None], "no password without profile 1 or 2"
    for lower in ("0", "1", "2", "3"):
        assert site.change("SecurityProfile", lower) == "Rejected", lower
    assert site.profile() == (3, 3)
    assert len(site.lines("the password goes over ws")) == 2, "told once a start with profile 1, or by the change"
    assert not site.lines(OLD), "A01.FR.12"


def broken(door, how):
    """Break off at `door`; for "deaf" the connection is cut once it stands."""
    if how == "nobody there":
        door.shut()
    elif how == "401":
        door.passwords = {b"another password"}
    else:
        door.state = how


@pytest.mark.parametrize("profile", [1, 2, 3])
@pytest.mark.parametrize("how", ["nobody there", "401", "abort", "closes", "deaf"])
def test_where_it_breaks_off_the_way_before_is_used_again(site, profile, how):
    """A05.FR.08, error handling of A05: whatever becomes of the first try; and a restart in the middle of it."""
    site.start(key=OLD)
    site.install_client()
    door = site.doors[profile]
    broken(door, how)
    before = site.csms.connections
    assert site.change("SecurityProfile", str(profile)) == "Accepted"
    if how == "deaf":
        site.csms.wait("the try", lambda: door.opened, 10)
        door.shut()
    site.csms.wait("the way back", lambda: site.csms.connections > before and site.csms.connected, 12)
    assert site.profile() == (0, 0)
    site.firmware.wait("word of it", lambda: site.lines("security profile %d did not work" % profile))
    site.restart()
    assert site.profile() == (0, 0), "the one that did not work is forgotten"


@pytest.mark.parametrize("profile", [1, 2, 3])
def test_a_power_cut_between_the_answer_and_the_first_try(site, profile):
    site.start(key=OLD)
    site.install_client()
    assert site.change("SecurityProfile", str(profile)) == "Accepted"
    site.restart()
    assert site.profile() == (profile, profile)


@pytest.mark.parametrize("profile", [1, 3])
def test_power_cuts_in_each_try(site, profile):
    """A crash in a try must not repeat itself for ever: the start after it begins with the way before."""
    site.start(key=OLD)
    site.install_client()
    door = site.doors[profile]
    door.state = "deaf"
    assert site.change("SecurityProfile", str(profile)) == "Accepted"
    site.csms.wait("the try", lambda: door.opened, 10)
    site.restart()
    assert site.profile() == (0, 0)
    site.firmware.wait("word of it", lambda: site.lines("security profile %d did not work" % profile))


def test_while_nothing_works_both_ways_are_tried_in_turns(site):
    """The central system is gone when the new profile is to be used, and has forgotten the old one when it is back."""
    site.start(key=OLD)
    site.doors[0].shut()
    site.doors[2].shut()
    with contextlib.suppress(AssertionError):
        site.change("SecurityProfile", "2")
    site.firmware.wait("tries", lambda: len(site.lines("no connection")) >= 3, 10)


def test_the_owner_takes_a_lower_profile(site):
    """A00.FR.005: by config.json, which is not OCPP."""
    site.start(key=OLD)
    assert site.changed("SecurityProfile", "2") == (2, 2)
    site.csms.rebooted()
    site.firmware.restart(ocpp={"SecurityProfile": "1"})
    site.csms.expect_boot()
    assert site.profile() == (1, 1)


def test_a_certificate_that_was_asked_for_opens_profile_3_and_a_new_one_is_used_at_once(site):
    """A02.FR.08, A03, A05.FR.04."""
    site.firmware.config["charge_point"]["serial_number"] = "SN-1"
    site.firmware.config["ocpp"]["CpoName"] = "Operator"
    site.csms.on("SignCertificate", {"status": "Accepted"})
    site.start()
    assert site.change("SecurityProfile", "3") == "Rejected"
    sign_certificate(site)
    assert site.changed("SecurityProfile", "3", 20) == (3, 3)
    before = site.csms.connections
    sign_certificate(site)
    site.csms.wait("another connection", lambda: site.csms.connections > before and site.csms.connected, 20)
    assert site.profile() == (3, 3)
    assert (site.firmware.directory / "data" / "client.2").exists()
    site.restart()
    assert site.profile() == (3, 3)


def sign_certificate(site):
    """The charge point has a certificate signed by ROOT."""
    asked = {"requestedMessage": "SignChargePointCertificate"}
    assert site.csms.call("ExtendedTriggerMessage", asked) == {"status": "Accepted"}
    request = x509.load_pem_x509_csr(site.csms.expect("SignCertificate", timeout=10)["csr"].encode())
    made = certificate("SN-1", ROOT, (), key=request)
    text = made.certificate.public_bytes(serialization.Encoding.PEM).decode()
    assert site.csms.call("CertificateSigned", {"certificateChain": text}) == {"status": "Accepted"}
