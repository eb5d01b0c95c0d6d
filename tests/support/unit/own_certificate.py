"""The certificate of a charge point and the request for it, for the unit tests."""

import os

from central_system import TIME
from certificate_maker import chain
from certified import SUBJECT, authority, security, signed

from x509 import credentials, der, p256, pem

ROOT, CA = 11, 12  # of the CA below the root
DAY_MS = 86400000
BEGUN = "260101000000Z"
TO_2027 = "270101000000Z"
_T0 = 1772323200  # when TIME is 0: 2026-03-01, seconds since 1970


async def triggered(site):
    """Ask for a certificate; the point of the key for which one was requested."""
    from profiles.security import sign_certificate

    await sign_certificate.triggered(security(site))
    return point_of(site.central.of("SignCertificate")[-1]["csr"])


def certificate(point, subject=SUBJECT, ca=ROOT, **options):
    """DER of a certificate of the charge point."""
    options = dict({"begins": BEGUN, "ends": TO_2027}, **options)
    return authority(ca).sign(subject, point, **options)


def files(site):
    return sorted([name for name in os.listdir(site.path) if name.startswith("client.")])


async def days(site, number):
    """Let so many days pass; one at a time, for the ticks wrap around."""
    for _ in range(number):
        TIME.ms += DAY_MS
        site.engine.clock.now()
    await site.wait(3)


async def accepted(site, **options):
    """Have a certificate signed and installed; its DER."""
    made = certificate(await triggered(site), **options)
    assert await signed(site, chain(made)) == "Accepted"
    return made


def point_of(text):
    """The public key in the PEM text of a request, whose signature is right."""
    ((label, content),) = pem.blocks(text)
    assert label == "CERTIFICATE REQUEST"
    whole = der.Reader(content).open(der.SEQUENCE)
    info = whole.whole(der.SEQUENCE)
    assert whole.open(der.SEQUENCE).oid() == "1.2.840.10045.4.3.2"
    parts = der.Reader(info).open(der.SEQUENCE)
    assert parts.small() == 0 and parts.whole(der.SEQUENCE) == SUBJECT
    key = parts.open(der.SEQUENCE)
    key.skip()
    point = key.bits()
    assert p256.verify(point, info, whole.bits())
    return point


def own(site):
    """The Credentials that are kept, the best first."""
    return credentials.usable(site.engine.store, _T0 + TIME.ms // 1000)


def own_chains(site):
    """DER of the certificate of each."""
    return [one.chain[0] for one in own(site)]
