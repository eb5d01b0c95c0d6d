"""Certificates over OCPP: a charge point is given roots, asks for a certificate, has it renewed (white paper A02, A03,
M03 to M05)."""

import base64
import hashlib
import re
from datetime import timedelta
from urllib.request import urlopen

import pytest
import server_certificates as issuing
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from operator_ca import DAY, OperatorCa, new_key, pem, subject

ROOT, MAKER = "CentralSystemRootCertificate", "ManufacturerRootCertificate"
SERIAL = "UP-000123"
ACCEPTED, REJECTED = {"status": "Accepted"}, {"status": "Rejected"}


@pytest.fixture(scope="module")
def authority():
    return OperatorCa()


@pytest.fixture
def charge_point(csms, firmware):
    """It has a serial number and a CpoName."""
    firmware.start(charge_point={"serial_number": SERIAL}, ocpp={"CpoName": "Operator"})
    csms.on("SignCertificate", ACCEPTED)
    csms.expect_boot()
    return firmware


def install(csms, certificate, kind=ROOT):
    return csms.call("InstallCertificate", {"certificateType": kind, "certificate": pem(certificate)})


def listed(csms, kind=ROOT):
    return csms.call("GetInstalledCertificateIds", {"certificateType": kind}).get("certificateHashData", [])


def request(csms):
    """The next request of the charge point, checked by `cryptography`."""
    text = csms.expect("SignCertificate", timeout=6)["csr"]
    first, *body, last = text.rstrip("\n").split("\n")
    assert (first, last) == ("-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----")
    assert all(re.fullmatch("[A-Za-z0-9+/=]{1,64}", line) for line in body)
    csr = x509.load_pem_x509_csr(text.encode())
    assert csr.is_signature_valid and csr.signature_hash_algorithm.name == "sha256"
    assert csr.subject == subject(SERIAL) and isinstance(csr.public_key().curve, ec.SECP256R1)
    return csr


def triggered(csms):
    asked = {"requestedMessage": "SignChargePointCertificate"}
    assert csms.call("ExtendedTriggerMessage", asked) == ACCEPTED
    return request(csms)


def signed(csms, *certificates):
    return csms.call("CertificateSigned", {"certificateChain": pem(*certificates)}, timeout=20)


def hash_data(certificate, issuer, algorithm="sha256"):
    """White paper 6.1, RFC 6960: as the central system works it out."""
    key = issuer.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return {
        "hashAlgorithm": algorithm.upper(),
        "issuerNameHash": hashlib.new(algorithm, issuer.subject.public_bytes()).hexdigest(),
        "issuerKeyHash": hashlib.new(algorithm, key).hexdigest(),
        "serialNumber": "%X" % certificate.serial_number,
    }


def test_roots(csms, charge_point, authority):
    """M03, M04, M05: installed, listed, kept over a power cut, deleted."""
    data = hash_data(authority.certificate, authority.certificate)
    assert csms.call("GetInstalledCertificateIds", {"certificateType": ROOT}) == {"status": "NotFound"}
    assert install(csms, authority.certificate) == ACCEPTED
    assert install(csms, authority.certificate, MAKER) == ACCEPTED
    charge_point.restart()
    csms.expect_boot()
    assert listed(csms) == listed(csms, MAKER) == [data]
    other = OperatorCa().certificate
    assert csms.call("DeleteCertificate", {"certificateHashData": hash_data(other, other)}) == {"status": "NotFound"}
    wanted = hash_data(authority.certificate, authority.certificate, "sha512")
    assert csms.call("DeleteCertificate", {"certificateHashData": wanted}) == ACCEPTED
    assert listed(csms) == listed(csms, MAKER) == []


def test_the_life_of_a_certificate(csms, charge_point, authority):
    """A02, A03: asked for, wrong ones refused, installed, renewed before its end by a new key; all over power cuts."""
    assert install(csms, authority.certificate) == ACCEPTED
    csr = triggered(csms)
    charge_point.restart()
    csms.expect_boot()
    for wrong in wrong_chains(csr, authority):
        assert signed(csms, *wrong) == REJECTED
    too_long = {"certificateChain": pem(authority.sign(csr)).ljust(3901)}
    assert csms.call("CertificateSigned", too_long) == REJECTED
    below = OperatorCa("Operator Sub CA", authority)
    assert signed(csms, below.sign(csr), below.certificate) == ACCEPTED
    charge_point.restart()
    csms.expect_boot()
    second = triggered(csms)
    assert second.public_key() != csr.public_key()
    # So that the last third of it has begun: it is renewed at once.
    assert signed(csms, authority.sign(second, ends=timedelta(hours=1))) == ACCEPTED
    third = request(csms)
    assert third.public_key() not in (csr.public_key(), second.public_key())
    assert signed(csms, authority.sign(third)) == ACCEPTED
    csms.expect_none("SignCertificate", during=3)


def wrong_chains(csr, authority):
    """Chains that are refused: another key, another name, a broken chain, wrong dates, a CA."""
    other = OperatorCa()
    below = OperatorCa("Operator Sub CA", authority)
    stranger = OperatorCa("Operator Sub CA", other)
    yield (authority.issue(csr.subject, new_key().public_key()),)
    yield (authority.issue(subject("UP-000124"), csr.public_key()),)
    yield (authority.issue(subject(SERIAL, "Somebody"), csr.public_key()),)
    yield (authority.issue(subject(SERIAL, None), csr.public_key()),)
    yield (other.sign(csr),)
    yield (below.sign(csr),)
    yield below.sign(csr), stranger.certificate
    yield (authority.sign(csr, begins=-2 * DAY, ends=-DAY),)
    yield (authority.sign(csr, ca=True),)
    yield authority.certificate, authority.sign(csr)


def test_a_refused_certificate_is_an_event(csms, charge_point, authority):
    """A02.FR.07: in the security log, which is where events that are not critical stay."""
    assert install(csms, authority.certificate) == ACCEPTED
    assert signed(csms, authority.sign(triggered(csms), begins=-2 * DAY, ends=-DAY)) == REJECTED
    charge_point.wait("event", lambda: any("InvalidChargePointCertificate" in line for line in charge_point.lines))


def test_with_the_check_a_new_root_replaces_the_old_one(csms, firmware, authority):
    """M05.FR.08 to 11, without a connection over TLS."""
    firmware.start(ocpp={"AdditionalRootCertificateCheck": "true"})
    csms.expect_boot()
    new = OperatorCa("Operator Root 2", authority)
    assert install(csms, authority.certificate) == ACCEPTED
    assert install(csms, OperatorCa("Operator Root 2").certificate) == REJECTED
    assert install(csms, new.certificate) == ACCEPTED
    assert [data["serialNumber"] for data in listed(csms)] == [
        "%X" % one.serial_number for one in (new.certificate, authority.certificate)
    ]
    assert install(csms, OperatorCa("Operator Root 3", new).certificate) == REJECTED


def test_the_private_key_never_leaves(csms, charge_point, authority):
    """A02.FR.05: not over OCPP, the page, the log on the console or on flash, nor any other file."""
    assert install(csms, authority.certificate) == ACCEPTED
    csr = triggered(csms)
    assert signed(csms, authority.sign(csr)) == ACCEPTED
    data = charge_point.directory / "data"
    (path,) = data.glob("client.*")
    content = path.read_bytes()
    at = content.index(b"\x02\x01\x01\x04\x20") + 5
    number = content[at : at + 32]
    key = ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())
    assert key.public_key() == csr.public_key()
    seen = "\n".join(charge_point.lines).encode() + repr(csms.call("GetConfiguration")).encode()
    seen += urlopen(f"http://127.0.0.1:{charge_point.port}/api/status").read()
    seen += b"".join(other.read_bytes() for other in data.iterdir() if other.is_file() and other != path)
    seen += repr([dict(call) for call in csms.received()]).encode()
    decimal = str(int.from_bytes(number, "big"))
    for form in (number, number.hex().encode(), base64.b64encode(number)[:40], decimal.encode()):
        assert form not in seen
    assert base64.b64encode(content)[40:80] not in seen


def test_the_old_root_goes_when_the_new_one_has_verified_a_connection(make_csms, make_firmware, tmp_path):
    """M05.FR.11 to 13; the old one is the owner's."""
    old = issuing.authority("old root")
    new = issuing.authority("new root", old)
    path = tmp_path / "old.der"
    path.write_bytes(old.der)
    before, after = [make_csms(tls=issuing.server(issuing.certificate("localhost", root))) for root in (old, new)]
    firmware = make_firmware(before)
    firmware.start(csms={"ca_cert": str(path)}, ocpp={"AdditionalRootCertificateCheck": "true"})
    before.expect_boot()
    assert install(before, new.certificate) == ACCEPTED
    firmware.restart()
    before.expect_boot()
    assert len(listed(before)) == 2, "the central system still has a certificate by the old one"
    firmware.kill()
    firmware.csms = after
    firmware.start(csms={"url": after.url})
    after.expect_boot()
    assert listed(after) == [hash_data(new.certificate, old.certificate)]
    firmware.kill()
    firmware.start(csms={"url": before.url})
    firmware.wait("refusal", lambda: any("InvalidCentralSystemCertificate" in line for line in firmware.lines[-30:]))
